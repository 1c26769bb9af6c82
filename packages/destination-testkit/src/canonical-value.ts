import assert from 'node:assert/strict'
import { type ColumnSchema, parseIsoTimestamp } from '@dlt/schema'

/** A value of a sample row. Dates, times, timestamps and decimals are text, JSON is JSON text. */
export type Cell = string | number | bigint | boolean | Uint8Array | null

const canonicalDecimal = (text: string): string => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d*)\.?(\d*?)0*$/.exec(text) ?? []
  const digits = `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
  return digits === '0' ? '0' : `${sign}${digits}`
}

/** `2024-01-02 03:04:05.6+00` and its relatives, in microseconds of UTC. */
const canonicalTimestamp = (text: string): string => {
  const iso = text
    .replace(' ', 'T')
    .replace(/([+-]\d\d)$/, '$1:00')
    .replace(/Z$/, '+00:00')
  const micros = parseIsoTimestamp(/[+-]\d\d:\d\d$/.test(iso) ? iso : `${iso}+00:00`)
  assert.notEqual(micros, undefined, `"${text}" is not a timestamp`)
  return String(micros)
}

const canonicalTime = (text: string): string =>
  text.replace(/\.?0+$/, (end) => (end.startsWith('.') ? '' : end)).replace(/(\.\d*?)0+$/, '$1')

const sortedJson = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortedJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [key, sortedJson(item)]),
  )
}

/** Text that is equal where two values are: trailing zeros, spelling of booleans and order of keys do not count. */
export const canonicalText = (column: ColumnSchema, text: string | null): string | null => {
  if (text === null) return null
  switch (column.data_type) {
    case 'bool':
      return /^(true|t|1)$/i.test(text) ? 'true' : 'false'
    case 'double':
      return String(Number(text))
    case 'decimal':
    case 'wei':
      return canonicalDecimal(text)
    case 'timestamp':
      return canonicalTimestamp(text)
    case 'time':
      return canonicalTime(text)
    case 'binary':
      return text.toLowerCase()
    case 'json':
      return JSON.stringify(sortedJson(JSON.parse(text)))
    default:
      return text
  }
}

/** The text that a cell should come back as. */
export const expectedText = (column: ColumnSchema, cell: Cell): string | null => {
  if (cell === null) return null
  return canonicalText(column, cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : String(cell))
}
