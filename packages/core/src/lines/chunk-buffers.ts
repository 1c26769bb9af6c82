/**
 * Two buffers that take turns, used again and again: memory that is made for each chunk costs more than reading and writing it,
 * being touched for the first time and collected as garbage.
 */
export class ChunkBuffers {
  #filled: Buffer = Buffer.alloc(0)
  #other: Buffer = Buffer.alloc(0)
  #length = 0

  /** How many bytes were appended. */
  get length(): number {
    return this.#length
  }

  /** What was appended; to be left alone from the next `append` on, unless `swap` comes before it. */
  get bytes(): Buffer {
    return this.#filled.subarray(0, this.#length)
  }

  /** Copies bytes to the end. */
  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#filled.length) this.#grow(length)
    this.#filled.set(bytes, this.#length)
    this.#length = length
  }

  /** Forgets what was appended. */
  clear(): void {
    this.#length = 0
  }

  /** Goes on with the other buffer, which is empty then: `bytes` from before stay as they are until the swap after this one. */
  swap(): void {
    const filled = this.#filled
    this.#filled = this.#other
    this.#other = filled
    this.#length = 0
  }

  #grow(length: number): void {
    // Room that is never touched costs nothing.
    const larger = Buffer.allocUnsafeSlow(Math.max(length, this.#filled.length * 2, this.#other.length))
    this.#filled.copy(larger, 0, 0, this.#length)
    this.#filled = larger
  }
}
