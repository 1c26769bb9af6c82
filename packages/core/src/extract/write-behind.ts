/** Lets one file go to the disk while the next one is made: one is being written at most, so that memory stays bounded. */
export class WriteBehind {
  #last: Promise<void> = Promise.resolve()

  /**
   * Begins to write when the write before has ended; resolves once it has begun.
   * @throws what the write before threw; then nothing is begun
   */
  async begin(write: () => Promise<void>): Promise<void> {
    await this.end()
    this.#last = write()
    // Who comes next is told of a failure.
    this.#last.catch(() => undefined)
  }

  /** Waits for the last write. Throws what it threw, once. */
  async end(): Promise<void> {
    const last = this.#last
    this.#last = Promise.resolve()
    await last
  }

  /** Waits for the last write, whatever comes of it. */
  async settled(): Promise<void> {
    await this.#last.catch(() => undefined)
  }
}
