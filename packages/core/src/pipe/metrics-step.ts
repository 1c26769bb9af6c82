import { type StepPlace, StepReceiver } from './pipe-step-receiver.ts'

type Observe = (item: unknown, metrics: Record<string, unknown>) => void

/** Shows each item to a function that counts something. */
export class MetricsStep extends StepReceiver {
  readonly #observe: Observe
  readonly #metrics: Record<string, unknown>

  constructor(place: StepPlace, observe: Observe, metrics: Record<string, unknown>) {
    super(place)
    this.#observe = observe
    this.#metrics = metrics
  }

  add(item: unknown): boolean {
    try {
      this.#observe(item, this.#metrics)
    } catch (error) {
      throw this.failure(error)
    }
    return this.next.add(item)
  }
}
