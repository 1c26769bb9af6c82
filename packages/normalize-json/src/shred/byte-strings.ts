import { encodeTexts } from '../page/encode-texts.ts'
import type { PackedBytes } from '../page/page.ts'
import { expectedAfter, nextCapacity } from './capacity.ts'
import type { PageMemory } from './page-memory.ts'

const firstCapacity = 16
/** Bytes from which copying by the engine is faster than one by one. */
const longText = 64

/** Collects texts as UTF-8 bytes. */
export class ByteStrings {
  count = 0
  /** The texts one behind the other, and room for more. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(firstCapacity)
  /** Where each text begins, and where the last one ends. */
  offsets: Int32Array<ArrayBuffer> = new Int32Array(firstCapacity)
  private readonly memory: PageMemory
  private expectedBytes = 0
  private expectedCount = 0

  constructor(memory: PageMemory) {
    this.memory = memory
  }

  /** Adds the bytes of a text. They must be well-formed UTF-8. */
  append(source: Uint8Array, start: number, end: number): void {
    const position = this.begin(end - start, 1)
    const target = this.bytes
    if (end - start >= longText) target.set(source.subarray(start, end), position)
    else for (let from = start, to = position; from < end; from++, to++) target[to] = source[from] ?? 0
    this.offsets[++this.count] = position + end - start
  }

  /** Adds texts. A lone surrogate becomes U+FFFD. */
  appendTexts(texts: readonly string[]): void {
    const joined = texts.join('')
    this.begin(joined.length, texts.length)
    if (!encodeTexts(texts, joined, this, this.count)) {
      this.begin(joined.length * 3, texts.length)
      encodeTexts(texts, joined, this, this.count)
    }
    this.count += texts.length
  }

  /** Hands out the texts and starts anew. */
  take(): PackedBytes {
    const offsets = this.offsets.subarray(0, this.count + 1)
    const bytes = this.bytes.subarray(0, offsets[this.count])
    this.expectedBytes = expectedAfter(bytes.length)
    this.expectedCount = expectedAfter(this.count + 1)
    this.count = 0
    this.bytes = new Uint8Array(firstCapacity)
    this.offsets = new Int32Array(firstCapacity)
    return { offsets, bytes }
  }

  /** Makes room for texts of at most so many bytes together, and says where they begin. */
  private begin(length: number, texts: number): number {
    const { offsets, count } = this
    const position = offsets[count] ?? 0
    const ends = count + texts + 1
    if (ends > offsets.length) {
      this.offsets = this.memory.integers(Math.max(nextCapacity(offsets.length, this.expectedCount), ends))
      this.offsets.set(offsets)
    }
    if (position + length > this.bytes.length) this.grow(position, length)
    return position
  }

  private grow(used: number, length: number): void {
    const grown = this.memory.bytes(Math.max(nextCapacity(this.bytes.length, this.expectedBytes), used + length))
    grown.set(this.bytes.subarray(0, used))
    this.bytes = grown
  }
}
