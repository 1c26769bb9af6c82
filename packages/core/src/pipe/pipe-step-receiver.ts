import type { Resource } from '../declare/resource.ts'
import type { DeliveryTarget } from './delivery.ts'
import type { PipeErrors } from './pipe-error.ts'
import type { PipeReceiver } from './pipe-receiver.ts'

/** Where a step stands: what comes after it, and what its errors say. */
export interface StepPlace extends DeliveryTarget {
  readonly resource: Resource
  readonly errors: PipeErrors
  /** What errors call the step. */
  readonly label: string
}

/** A step of a pipe: hands everything on but the items, which each kind of step treats in its own way. */
export abstract class StepReceiver implements PipeReceiver {
  protected readonly place: StepPlace
  /** What comes after the step. */
  protected readonly next: PipeReceiver

  constructor(place: StepPlace) {
    this.place = place
    this.next = place.receiver
  }

  abstract add(item: unknown): boolean

  drain(): Promise<void> {
    return this.next.drain()
  }

  beginPage(): void {
    this.next.beginPage()
  }

  endPage(isEmpty: boolean): void {
    this.next.endPage(isEmpty)
  }

  finish(): Promise<void> {
    return this.next.finish()
  }

  /** The error of what the step threw at the item in work, or at another place. */
  protected failure(error: unknown, at: string = this.place.flow.place): unknown {
    const { resource, errors, label } = this.place
    return errors.ofStep(resource, error, label, at)
  }
}
