const firstCapacity = 1 << 16

/** Bytes of a buffer that is kept for what follows. */
const mostKept = 1 << 23

const wordBytes = 8

/** Bytes that grow at the end. Writers of text use it instead of strings: values are UTF-8 bytes already. */
export class ByteSink {
  #buffer: Uint8Array
  #length = 0

  constructor(capacity: number = firstCapacity) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity)
  }

  /** Bytes written since it was cleared. */
  get length(): number {
    return this.#length
  }

  /** Appends one byte. */
  byte(value: number): void {
    if (this.#length === this.#buffer.length) this.reserve(1)
    this.#buffer[this.#length++] = value
  }

  /** Appends bytes. */
  bytes(values: Uint8Array): void {
    this.range(values, 0, values.length)
  }

  /** Appends the bytes from `start` to before `end`. */
  range(values: Uint8Array, start: number, end: number): void {
    const count = end - start
    this.reserve(count)
    if (count > 48) this.#buffer.set(values.subarray(start, end), this.#length)
    else {
      const buffer = this.#buffer
      let at = this.#length
      for (let index = start; index < end; index++) buffer[at++] = values[index] ?? 0
    }
    this.#length += count
  }

  /** Appends a text whose characters are all below U+0080. */
  ascii(text: string): void {
    const count = text.length
    this.reserve(count)
    const buffer = this.#buffer
    let at = this.#length
    for (let index = 0; index < count; index++) buffer[at++] = text.charCodeAt(index)
    this.#length = at
  }

  /**
   * Appends what `write` puts into the buffer from a place on, at most `count` bytes. It returns the place behind the last one, and may
   * write a word beyond it.
   */
  fill(count: number, write: (buffer: Uint8Array, at: number) => number): void {
    this.reserve(count + wordBytes)
    this.#length = write(this.#buffer, this.#length)
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }

  /** What was written, until something else is. */
  get written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Empties the sink. Its room is used again, so that what {@link written} returned before must be done with. */
  clear(): void {
    this.#length = 0
    // One large value must not keep its memory for all that follow.
    if (this.#buffer.length > mostKept) this.#buffer = Buffer.allocUnsafeSlow(firstCapacity)
  }
}
