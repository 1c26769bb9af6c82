import assert from 'node:assert/strict'
import {
  type ColumnData,
  type ColumnSchema,
  type ColumnVector,
  parseIsoDate,
  parseIsoTime,
  parseIsoTimestamp,
  type TableBatch,
} from '@dlt/schema'
import type { Cell } from './canonical-value.ts'
import type { SampleRows } from './rows-file.ts'

/** Packs sample rows into columns as the normalizer hands them to the writers of files. */
export const typedBatch = ({ tableName, columns, rows }: SampleRows): TableBatch => ({
  tableName,
  rowCount: rows.length,
  columns: columns.map((column, index) =>
    columnVector(
      column,
      rows.map((row) => row[index] ?? null),
    ),
  ),
})

const columnVector = (column: ColumnSchema, cells: readonly Cell[]): ColumnVector => {
  const data = columnData(column, cells)
  const nullCount = cells.filter((cell) => cell === null).length
  return nullCount === 0
    ? { column, nullCount, data }
    : { column, nullCount, data: { ...data, validity: bits(cells.map((cell) => cell !== null)) } }
}

const columnData = (column: ColumnSchema, cells: readonly Cell[]): ColumnData => {
  const texts = cells.map((cell) => (cell === null ? undefined : String(cell)))
  switch (column.data_type) {
    case 'bool':
      return { layout: 'bool', values: bits(cells.map((cell) => cell === true)) }
    case 'bigint':
      return { layout: 'int64', values: BigInt64Array.from(texts, (text) => BigInt(text ?? 0)) }
    case 'timestamp':
      return { layout: 'int64', values: BigInt64Array.from(texts, (text) => known(text, microsecondsOf) ?? 0n) }
    case 'time':
      return { layout: 'int64', values: BigInt64Array.from(texts, (text) => known(text, parseIsoTime) ?? 0n) }
    case 'double':
      return { layout: 'float64', values: Float64Array.from(cells, Number) }
    case 'date':
      return { layout: 'date32', values: Int32Array.from(texts, (text) => known(text, parseIsoDate) ?? 0) }
    case 'decimal':
    case 'wei':
      return decimals(column, texts)
    default:
      return { layout: column.data_type === 'binary' ? 'binary' : 'utf8', ...bytes(cells) }
  }
}

const microsecondsOf = (text: string): bigint | undefined =>
  parseIsoTimestamp(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+00:00`)

const known = <Value>(text: string | undefined, parse: (text: string) => Value | undefined): Value | undefined => {
  if (text === undefined) return undefined
  const value = parse(text)
  assert.notEqual(value, undefined, `"${text}" is no value of its column`)
  return value
}

const bits = (values: readonly boolean[]): Uint8Array => {
  const packed = new Uint8Array(Math.ceil(values.length / 8))
  for (const [row, isSet] of values.entries()) if (isSet) packed[row >> 3] = (packed[row >> 3] ?? 0) | (1 << (row & 7))
  return packed
}

const bytes = (cells: readonly Cell[]): { offsets: Int32Array; values: Uint8Array } => {
  const parts = cells.map((cell) =>
    cell instanceof Uint8Array ? cell : Buffer.from(cell === null ? '' : String(cell)),
  )
  const offsets = new Int32Array(cells.length + 1)
  for (const [row, part] of parts.entries()) offsets[row + 1] = (offsets[row] ?? 0) + part.length
  return { offsets, values: Uint8Array.from(Buffer.concat(parts)) }
}

/** Zeros at the beginning are none. */
const digitCount = (text = ''): number => text.replace(/\D/g, '').replace(/^0+/, '').length

/** Texts above 38 digits, 128 bits below. */
const decimals = (column: ColumnSchema, texts: readonly (string | undefined)[]): ColumnData => {
  const { precision = 38, scale = column.data_type === 'wei' ? 0 : 9 } = column
  if (Math.max(precision, ...texts.map(digitCount)) > 38)
    return { layout: 'utf8', ...bytes(texts.map((text) => text ?? null)) }
  const words = new BigInt64Array(texts.length * 2)
  for (const [row, text = '0'] of texts.entries()) {
    const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(text) ?? []
    const unscaled = BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`)
    words[row * 2] = BigInt.asIntN(64, unscaled)
    words[row * 2 + 1] = BigInt.asIntN(64, unscaled >> 64n)
  }
  return { layout: 'decimal128', precision, scale, values: new Uint8Array(words.buffer) }
}
