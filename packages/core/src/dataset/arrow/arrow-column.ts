import type { ResultSchema } from '@dlt/destination'
import { parseIsoDate, parseIsoTime, parseIsoTimestamp } from '@dlt/schema'
import type { Data } from 'apache-arrow'
import type { ArrowLibrary } from './arrow-table.ts'

/** Values of a column that are null, as Arrow marks them: a bit for each that is not. */
interface Nulls {
  readonly nullCount: number
  readonly nullBitmap: Uint8Array | undefined
}

function nullsOf(values: readonly unknown[]): Nulls {
  const nullBitmap = new Uint8Array((values.length + 7) >> 3)
  let nullCount = 0
  for (let index = 0; index < values.length; index++) {
    if (values[index] === null) nullCount++
    else nullBitmap[index >> 3] = (nullBitmap[index >> 3] ?? 0) | (1 << (index & 7))
  }
  return { nullCount, nullBitmap: nullCount === 0 ? undefined : nullBitmap }
}

function integers(values: readonly unknown[], read: (text: string) => bigint | undefined): BigInt64Array {
  const data = new BigInt64Array(values.length)
  values.forEach((value, index) => {
    if (typeof value === 'bigint') data[index] = value
    else if (typeof value === 'number') data[index] = BigInt(value)
    else if (typeof value === 'string') data[index] = read(value) ?? 0n
  })
  return data
}

function doubles(values: readonly unknown[]): Float64Array {
  const data = new Float64Array(values.length)
  values.forEach((value, index) => {
    if (typeof value === 'number') data[index] = value
  })
  return data
}

function days(values: readonly unknown[]): Int32Array {
  const data = new Int32Array(values.length)
  values.forEach((value, index) => {
    if (typeof value === 'string') data[index] = parseIsoDate(value) ?? 0
  })
  return data
}

function bits(values: readonly unknown[]): Uint8Array {
  const data = new Uint8Array((values.length + 7) >> 3)
  values.forEach((value, index) => {
    if (value === true) data[index >> 3] = (data[index >> 3] ?? 0) | (1 << (index & 7))
  })
  return data
}

interface Bytes {
  readonly valueOffsets: Int32Array
  readonly data: Uint8Array
}

function bytes(parts: readonly Uint8Array[]): Bytes {
  const valueOffsets = new Int32Array(parts.length + 1)
  parts.forEach((part, index) => {
    valueOffsets[index + 1] = (valueOffsets[index] ?? 0) + part.length
  })
  return { valueOffsets, data: Buffer.concat(parts) }
}

const nothing = new Uint8Array(0)

const texts = (values: readonly unknown[]): Bytes =>
  bytes(values.map((value) => (value === null ? nothing : Buffer.from(String(value)))))

const blobs = (values: readonly unknown[]): Bytes =>
  bytes(values.map((value) => (value instanceof Uint8Array ? value : nothing)))

/** Digits as integers of `10^-scale` units, 128 bits each, the lower half first. */
function decimals(values: readonly unknown[], scale: number): Uint32Array {
  const halves = new BigInt64Array(values.length * 2)
  values.forEach((value, index) => {
    if (value === null) return
    const [whole = '', fraction = ''] = String(value).split('.')
    const unscaled = BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`)
    halves[2 * index] = BigInt.asIntN(64, unscaled)
    halves[2 * index + 1] = BigInt.asIntN(64, unscaled >> 64n)
  })
  return new Uint32Array(halves.buffer)
}

/** Integers of more than 64 bits. */
const isWide = ({ precision = 64 }: ResultSchema): boolean => precision > 64

/** The digits that a decimal of Arrow has at most. */
const mostDigits = 38

/** A column in Arrow's layout. Integers of more than 64 bits are decimals without a fraction. */
export function arrowColumn(arrow: ArrowLibrary, column: ResultSchema, values: readonly unknown[]): Data {
  const { length } = values
  const { nullCount, nullBitmap } = nullsOf(values)
  const common = { length, nullCount, nullBitmap: nullBitmap ?? null }
  const decimal = (precision: number, scale: number): Data =>
    arrow.makeData({
      ...common,
      type: new arrow.Decimal(scale, Math.min(precision, mostDigits), 128),
      data: decimals(values, scale),
    })
  switch (column.data_type) {
    case 'bigint':
      if (isWide(column)) return decimal(mostDigits, 0)
      return arrow.makeData({ ...common, type: new arrow.Int64(), data: integers(values, BigInt) })
    case 'decimal':
    case 'wei':
      return decimal(column.precision ?? mostDigits, column.scale ?? 0)
    case 'double':
      return arrow.makeData({ ...common, type: new arrow.Float64(), data: doubles(values) })
    case 'bool':
      return arrow.makeData({ ...common, type: new arrow.Bool(), data: bits(values) })
    case 'timestamp': {
      const zone = column.timezone === false ? null : 'UTC'
      const type = new arrow.TimestampMicrosecond(zone)
      return arrow.makeData({ ...common, type, data: integers(values, parseIsoTimestamp) })
    }
    case 'time':
      return arrow.makeData({ ...common, type: new arrow.TimeMicrosecond(), data: integers(values, parseIsoTime) })
    case 'date':
      return arrow.makeData({ ...common, type: new arrow.DateDay(), data: days(values) })
    case 'binary':
      return arrow.makeData({ ...common, type: new arrow.Binary(), ...blobs(values) })
    case 'text':
    case 'json':
      return arrow.makeData({ ...common, type: new arrow.Utf8(), ...texts(values) })
  }
}
