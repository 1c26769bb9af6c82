import { measureValues } from '../page/measure-values.ts'
import { packBytes } from '../page/pack-strings.ts'
import type { ColumnPart, ColumnSummary, PackedValues } from '../page/page.ts'
import type { ValueKind } from '../page/value-kind.ts'
import { ByteStrings } from './byte-strings.ts'
import { expectedAfter, nextCapacity } from './capacity.ts'
import type { RowCollector } from './row-collector.ts'

// A mark at the beginning of a text is part of it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const firstCapacity = 16
/** What a value takes besides the characters of a text: a number, or an offset and an ordinal. */
const bytesPerValue = 10
/** Longest first text that a summary carries: no date or number is longer. */
const longestFirstText = 100

/** How many texts of a column are encoded at once, at most: strings that are gone soon are never moved by the garbage collector. */
const mostWaiting = 256
/** And of how many characters together, about. */
const longestWaiting = 1 << 16

/** Collects the values of one (source path, kind) for the page in work; used again for every page. */
export abstract class ColumnWriter {
  readonly path: readonly string[]
  readonly kind: ValueKind
  count = 0
  protected readonly rows: RowCollector
  private position = -1
  private firstOrdinal = -1
  /** Undefined as long as every row so far had a value. */
  private ordinals: Int32Array | undefined
  /** How many values the next page is expected to bring. */
  protected expected = 0

  constructor(rows: RowCollector, path: readonly string[], kind: ValueKind) {
    this.rows = rows
    this.path = path
    this.kind = kind
  }

  /** Notes that the row has a value here. Called before the value is stored. */
  protected mark(ordinal: number): void {
    const count = this.count
    if (count === 0) this.begin(ordinal)
    else if (this.ordinals !== undefined) this.note(ordinal, this.ordinals)
    else if (ordinal !== count) this.leaveDense(ordinal)
    this.count = count + 1
    const rows = this.rows
    rows.layout[rows.layoutLength++] = this.position
    rows.bytes += bytesPerValue
  }

  private begin(ordinal: number): void {
    this.position = this.rows.register(this)
    this.firstOrdinal = ordinal
    if (ordinal !== 0) this.leaveDense(ordinal)
  }

  private note(ordinal: number, ordinals: Int32Array): void {
    let target = ordinals
    if (this.count === target.length) {
      target = this.rows.memory.integers(nextCapacity(target.length, this.expected))
      target.set(ordinals)
      this.ordinals = target
    }
    target[this.count] = ordinal
  }

  private leaveDense(ordinal: number): void {
    const ordinals = this.rows.memory.integers(Math.max(firstCapacity, nextCapacity(this.count, this.expected)))
    for (let row = 0; row < this.count; row++) ordinals[row] = row
    ordinals[this.count] = ordinal
    this.ordinals = ordinals
  }

  /** Hands out what was collected for a page of `rowCount` rows and starts anew. */
  take(rowCount: number): { readonly summary: ColumnSummary; readonly part: ColumnPart | undefined } {
    const { path, kind, count, firstOrdinal } = this
    const begun = { path, kind, count, firstOrdinal, ...this.summarize() }
    const values = this.takeValues()
    // The text of whole rows has no path, and belongs to no column.
    const summary = values === undefined || path.length === 0 ? begun : { ...begun, ...measureValues(kind, values) }
    const ordinals = count === rowCount ? undefined : this.takeOrdinals()
    this.expected = expectedAfter(count)
    this.count = 0
    this.ordinals = undefined
    if (values === undefined || kind === 'null') return { summary, part: undefined }
    return { summary, part: ordinals === undefined ? { kind, values } : { kind, ordinals, values } }
  }

  private takeOrdinals(): Int32Array {
    if (this.ordinals !== undefined) return this.ordinals.subarray(0, this.count)
    return Int32Array.from({ length: this.count }, (_, row) => row)
  }

  protected summarize(): Pick<ColumnSummary, 'firstValue' | 'minimum' | 'maximum' | 'lost'> {
    return {}
  }

  protected abstract takeValues(): PackedValues | undefined
}

/** Counts nulls. */
export class NullWriter extends ColumnWriter {
  constructor(rows: RowCollector, path: readonly string[]) {
    super(rows, path, 'null')
  }

  private lost = 0

  push(ordinal: number): void {
    this.mark(ordinal)
  }

  /** Counts a value that is no null, and that no column can hold. */
  pushLost(ordinal: number): void {
    this.mark(ordinal)
    this.lost++
  }

  protected override summarize(): Pick<ColumnSummary, 'lost'> {
    const { lost } = this
    this.lost = 0
    return lost === 0 ? {} : { lost }
  }

  protected takeValues(): undefined {
    return undefined
  }
}

/** Collects strings: text, decimal digits, JSON. */
export class StringWriter extends ColumnWriter {
  private readonly encoded: ByteStrings
  /** What is not encoded yet. */
  private waiting: string[] = []
  private waitingLength = 0
  private first = ''

  constructor(rows: RowCollector, path: readonly string[], kind: 'text' | 'wei' | 'decimal' | 'json') {
    super(rows, path, kind)
    this.encoded = new ByteStrings(rows.memory)
  }

  push(ordinal: number, value: string): void {
    this.mark(ordinal)
    if (this.count === 1) this.first = value
    this.waitingLength += value.length
    this.rows.bytes += value.length
    if (this.waiting.push(value) === mostWaiting || this.waitingLength > longestWaiting) this.encodeWaiting()
  }

  /** Takes a text as well-formed UTF-8. */
  pushBytes(ordinal: number, bytes: Uint8Array, start: number, end: number): void {
    this.mark(ordinal)
    if (this.count === 1) this.first = decoder.decode(bytes.subarray(start, end))
    if (this.waiting.length > 0) this.encodeWaiting()
    this.encoded.append(bytes, start, end)
    this.rows.bytes += end - start
  }

  private encodeWaiting(): void {
    this.encoded.appendTexts(this.waiting)
    this.waiting = []
    this.waitingLength = 0
  }

  protected override summarize(): Pick<ColumnSummary, 'firstValue'> {
    return this.count === 0 || this.first.length > longestFirstText ? {} : { firstValue: this.first }
  }

  protected takeValues(): PackedValues {
    if (this.waiting.length > 0) this.encodeWaiting()
    return this.encoded.take()
  }
}

/** Summaries are JSON, which does not know -0. */
function withoutSign(value: number): number {
  return value === 0 ? 0 : value
}

/** Collects numbers of kind `integer` or `double`. */
export class NumberWriter extends ColumnWriter {
  private values = new Float64Array(firstCapacity)

  constructor(rows: RowCollector, path: readonly string[], kind: 'integer' | 'double') {
    super(rows, path, kind)
  }

  push(ordinal: number, value: number): void {
    this.mark(ordinal)
    if (this.count > this.values.length) this.grow()
    this.values[this.count - 1] = value
  }

  private grow(): void {
    const grown = this.rows.memory.doubles(nextCapacity(this.values.length, this.expected))
    grown.set(this.values)
    this.values = grown
  }

  protected override summarize(): Pick<ColumnSummary, 'firstValue' | 'minimum' | 'maximum'> {
    const firstValue = withoutSign(this.values[0] ?? 0)
    if (this.kind === 'double') return { firstValue }
    let minimum = firstValue
    let maximum = firstValue
    for (let index = 1; index < this.count; index++) {
      const value = this.values[index] ?? 0
      if (value < minimum) minimum = value
      else if (value > maximum) maximum = value
    }
    return { firstValue, minimum: withoutSign(minimum), maximum: withoutSign(maximum) }
  }

  protected takeValues(): PackedValues {
    const values = this.values.subarray(0, this.count)
    this.values = new Float64Array(firstCapacity)
    return values
  }
}

/** Collects bools. */
export class BoolWriter extends ColumnWriter {
  private values = new Uint8Array(firstCapacity)

  constructor(rows: RowCollector, path: readonly string[]) {
    super(rows, path, 'bool')
  }

  push(ordinal: number, value: boolean): void {
    this.mark(ordinal)
    if (this.count > this.values.length) this.grow()
    this.values[this.count - 1] = value ? 1 : 0
  }

  private grow(): void {
    const grown = this.rows.memory.bytes(nextCapacity(this.values.length, this.expected))
    grown.set(this.values)
    this.values = grown
  }

  protected override summarize(): Pick<ColumnSummary, 'firstValue'> {
    return { firstValue: this.values[0] === 1 }
  }

  protected takeValues(): PackedValues {
    const values = this.values.subarray(0, this.count)
    this.values = new Uint8Array(firstCapacity)
    return values
  }
}

/** Collects 64-bit values: `bigint`, timestamps and times. */
export class Int64Writer extends ColumnWriter {
  private values: bigint[] = []

  constructor(rows: RowCollector, path: readonly string[], kind: 'bigint' | 'timestamp' | 'time') {
    super(rows, path, kind)
  }

  push(ordinal: number, value: bigint): void {
    this.mark(ordinal)
    this.values.push(value)
  }

  protected override summarize(): Pick<ColumnSummary, 'firstValue'> {
    return { firstValue: String(this.values[0] ?? 0n) }
  }

  protected takeValues(): PackedValues {
    const values = BigInt64Array.from(this.values)
    this.values = []
    return values
  }
}

/** Collects dates as days. */
export class DateWriter extends ColumnWriter {
  private values: number[] = []

  constructor(rows: RowCollector, path: readonly string[]) {
    super(rows, path, 'date')
  }

  push(ordinal: number, days: number): void {
    this.mark(ordinal)
    this.values.push(days)
  }

  protected takeValues(): PackedValues {
    const values = Int32Array.from(this.values)
    this.values = []
    return values
  }
}

/** Collects byte strings. */
export class BinaryWriter extends ColumnWriter {
  private values: Uint8Array[] = []

  constructor(rows: RowCollector, path: readonly string[]) {
    super(rows, path, 'binary')
  }

  push(ordinal: number, value: Uint8Array): void {
    this.mark(ordinal)
    // Copied at once: drivers use their buffers again.
    this.values.push(Uint8Array.prototype.slice.call(value))
    this.rows.bytes += value.length
  }

  protected takeValues(): PackedValues {
    const packed = packBytes(this.values)
    this.values = []
    return packed
  }
}
