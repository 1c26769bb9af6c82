import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type CommitPointEvent, commitPointChannel } from '../../src/packages/commit-points.ts'

/** Collects the events of commit points, or reacts to them, until it is disposed. */
export class CommitPointRecorder implements Disposable {
  readonly events: CommitPointEvent[] = []
  readonly #listener: (event: unknown) => void

  constructor(react: (event: CommitPointEvent, index: number) => void = () => {}) {
    this.#listener = (message) => {
      const event = message as CommitPointEvent
      this.events.push(event)
      react(event, this.events.length - 1)
    }
    subscribe(commitPointChannel, this.#listener)
  }

  /** Events in a short form: `after rename extract.commit`. */
  get outline(): string[] {
    return this.events.map(({ point, operation, moment }) => `${moment} ${operation} ${point}`)
  }

  [Symbol.dispose](): void {
    unsubscribe(commitPointChannel, this.#listener)
  }
}
