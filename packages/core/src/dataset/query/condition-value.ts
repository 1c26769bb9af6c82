import {
  type ColumnSchema,
  type DataType,
  DltError,
  decimalFromText,
  PlainDate,
  PlainTime,
  PreciseDateTime,
  parseIsoDate,
  parseIsoTime,
  parseIsoTimestamp,
} from '@dlt/schema'
import { Decimal } from 'decimal.js'

/** What a column is compared with; undefined where the value cannot be one of it. */
type ToParameter = (value: unknown, column: ColumnSchema) => object | string | number | bigint | boolean | undefined

const millisecondsPerDay = 86_400_000

const integer: ToParameter = (value) => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value === 'bigint') return value
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : undefined
}

const decimal: ToParameter = (value) => {
  if (Decimal.isDecimal(value)) return value
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return decimalFromText(String(value))
  return typeof value === 'string' ? decimalFromText(value) : undefined
}

const microseconds = (value: unknown): bigint | undefined => {
  if (value instanceof PreciseDateTime) return value.microseconds
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : BigInt(value.getTime()) * 1000n
  if (value instanceof PlainDate) return BigInt(value.days) * BigInt(millisecondsPerDay) * 1000n
  if (typeof value !== 'string') return undefined
  const days = parseIsoDate(value)
  return parseIsoTimestamp(value) ?? (days === undefined ? undefined : BigInt(days * millisecondsPerDay) * 1000n)
}

const dateTime: ToParameter = (value, { timezone }) => {
  const count = microseconds(value)
  return count === undefined ? undefined : new PreciseDateTime(count, timezone !== false)
}

const date: ToParameter = (value) => {
  if (value instanceof PlainDate) return value
  if (value instanceof Date && !Number.isNaN(value.getTime()))
    return new PlainDate(Math.floor(value.getTime() / millisecondsPerDay))
  const days = typeof value === 'string' ? parseIsoDate(value) : undefined
  return days === undefined ? undefined : new PlainDate(days)
}

const time: ToParameter = (value) => {
  if (value instanceof PlainTime) return value
  const count = typeof value === 'string' ? parseIsoTime(value) : undefined
  return count === undefined ? undefined : new PlainTime(count)
}

const parameters: { readonly [type in DataType]: ToParameter } = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  double: (value) => (typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined),
  binary: (value) => (value instanceof Uint8Array ? value : undefined),
  bigint: integer,
  decimal,
  wei: decimal,
  timestamp: dateTime,
  date,
  time,
  // How a database spells JSON is its own business: equal documents may be different texts.
  json: () => undefined,
}

/**
 * The value that a column is compared with, as the column's type: dates and times may be given as ISO text, decimals as text or number.
 * @throws DltError DATA for a value that the column cannot hold
 */
export function conditionValue(column: ColumnSchema, value: unknown): object | string | number | bigint | boolean {
  const { name, data_type: type } = column
  const parameter = type === undefined ? undefined : parameters[type](value, column)
  if (parameter !== undefined) return parameter
  const reason =
    type === 'json'
      ? 'The column holds JSON, which cannot be compared. Use a query with the functions of the database.'
      : `The column holds ${type}, and the value is no such value (${value === null ? 'null' : typeof value}).`
  throw new DltError(`Column "${name}" cannot be compared with the value given. ${reason}`, {
    code: 'DATA',
    context: { column: name },
  })
}
