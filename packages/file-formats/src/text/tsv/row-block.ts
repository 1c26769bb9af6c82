import { DltError } from '@dlt/schema'

const tab = 0x09
const lineFeed = 0x0a

/** From here on a call is faster than a loop. */
const longText = 160

/** Texts are copied in whole words, so that there is room behind them. */
const wordBytes = 4

/** Places are 32 bit numbers. */
const mostBytes = 0x7fff_ffff

/** Bytes of a buffer that is kept for the next rows. */
const mostKept = 1 << 23

/** Texts that many cells share. They stand before all others. */
const sharedTexts = Buffer.from('\\Ntruefalse')

/** Where a text stands: from its first byte to before its end. */
export interface TextPlace {
  readonly start: number
  readonly end: number
}

/** The text of no value, and of the two truth values. */
export const sharedPlaces: { readonly [name in 'null' | 'true' | 'false']: TextPlace } = {
  null: { start: 0, end: 2 },
  true: { start: 2, end: 6 },
  false: { start: 6, end: 11 },
}

/** Some consecutive rows. Their texts are made column by column, one behind another in a buffer, and put together row by row. */
export class RowBlock {
  readonly #tableName: string
  #columnCount = 0
  #rowCount = 0
  #bytes: Uint8Array = Buffer.alloc(0)
  #length = 0
  #places = new Int32Array(0)

  /** @param tableName the table of the rows, for error messages */
  constructor(tableName: string) {
    this.#tableName = tableName
  }

  /** Begins anew. Every cell must be placed before the rows are written. */
  begin(rowCount: number, columnCount: number): void {
    this.#rowCount = rowCount
    this.#columnCount = columnCount
    this.#length = 0
    if (this.#bytes.length > mostKept) this.#bytes = Buffer.alloc(0)
    if (this.#places.length < rowCount * columnCount * 2) this.#places = new Int32Array(rowCount * columnCount * 2)
    this.append(sharedTexts)
  }

  /** Where the next text begins. */
  get length(): number {
    return this.#length
  }

  /** The buffer with room for `count` more bytes. Texts are written from {@link length} on, and then {@link keep kept}. */
  room(count: number): Uint8Array {
    const needed = this.#length + count + wordBytes
    if (needed <= this.#bytes.length) return this.#bytes
    if (needed > mostBytes) throw this.#tooLarge()
    const larger = Buffer.allocUnsafeSlow(Math.min(mostBytes, Math.max(needed, this.#bytes.length * 2)))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
    return larger
  }

  /** Counts the bytes before `end` as texts. */
  keep(end: number): void {
    this.#length = end
  }

  /** Takes texts over as they are; returns where they begin. */
  append(texts: Uint8Array): number {
    const start = this.#length
    this.room(texts.length).set(texts, start)
    this.#length += texts.length
    return start
  }

  /** Says where the text of a cell stands; `row` counts from the first of the block. */
  place(row: number, column: number, start: number, end: number): void {
    const index = (row * this.#columnCount + column) * 2
    this.#places[index] = start
    this.#places[index + 1] = end
  }

  /** Bytes of the rows. */
  get byteCount(): number {
    const separators = this.#rowCount * Math.max(1, this.#columnCount)
    let count = 0
    for (let index = 0; index < this.#rowCount * this.#columnCount * 2; index += 2) {
      count += (this.#places[index + 1] ?? 0) - (this.#places[index] ?? 0)
    }
    return count + separators
  }

  /** Writes the rows, and up to a word behind them; returns the place of their end. */
  writeRows(target: Uint8Array, start: number): number {
    const bytes = this.#bytes
    const places = this.#places
    const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const words = new DataView(target.buffer, target.byteOffset, target.byteLength)
    let at = start
    let index = 0
    for (let row = 0; row < this.#rowCount; row++) {
      for (let column = 0; column < this.#columnCount; column++) {
        if (column > 0) target[at++] = tab
        const from = places[index++] ?? 0
        const length = (places[index++] ?? 0) - from
        if (length > longText) target.set(bytes.subarray(from, from + length), at)
        else copyWords(source, from, words, at, length)
        at += length
      }
      target[at++] = lineFeed
    }
    return at
  }

  #tooLarge(): DltError {
    return new DltError(
      `A row of table "${this.#tableName}" has more than 2 GiB of text. Leave out the largest of its values, or load it in parts.`,
      { code: 'DATA', context: { table: this.#tableName } },
    )
  }
}

function copyWords(source: DataView, from: number, target: DataView, at: number, count: number): void {
  for (let done = 0; done < count; done += wordBytes) {
    target.setInt32(at + done, source.getInt32(from + done, true), true)
  }
}
