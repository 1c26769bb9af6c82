import type { SQLInputValue } from 'node:sqlite'
import { DestinationError } from '@dlt/destination'
import {
  type ColumnSchema,
  type DataType,
  formatTimestamp,
  parseIsoDate,
  parseIsoTime,
  parseIsoTimestamp,
} from '@dlt/schema'

/** A value of a line; numbers are their text, so that no digit is lost. */
export type LineValue = string | boolean | JsonNumber | object | null

/** The text of a number. */
export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** Called by `JSON.stringify`. */
  toJSON(): unknown {
    return JSON.rawJSON(this.text)
  }
}

type Bind = (value: LineValue, column: ColumnSchema) => SQLInputValue | undefined

const text: Bind = (value) => (typeof value === 'string' ? value : undefined)

const ifParsed =
  (parse: (text: string) => unknown): Bind =>
  (value) =>
    typeof value === 'string' && parse(value) !== undefined ? value : undefined

const integer: Bind = (value) => {
  if (!(value instanceof JsonNumber) || !/^-?\d+$/.test(value.text)) return undefined
  const whole = BigInt(value.text)
  return BigInt.asIntN(64, whole) === whole ? whole : undefined
}

/** One spelling for each instant, so that texts compare as instants do. */
const timestamp: Bind = (value, { timezone }) => {
  if (typeof value !== 'string') return undefined
  const naive = timezone === false
  const instant = parseIsoTimestamp(naive && !/(?:Z|[+-]\d\d:\d\d)$/.test(value) ? `${value}Z` : value)
  if (instant === undefined) return undefined
  const spelled = formatTimestamp(instant)
  return naive ? spelled.slice(0, -'+00:00'.length) : spelled
}

const decimal: Bind = (value) => (value instanceof JsonNumber ? value.text : text(value, { name: '' }))

const binds: { readonly [type in DataType]: Bind } = {
  text,
  bigint: integer,
  bool: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  double: (value) => (value instanceof JsonNumber ? Number(value.text) : undefined),
  timestamp,
  date: ifParsed(parseIsoDate),
  time: ifParsed(parseIsoTime),
  decimal,
  wei: decimal,
  // As `unhex` takes them.
  binary: (value) => (typeof value === 'string' ? Buffer.from(value, 'base64').toString('hex') : undefined),
  json: (value) => JSON.stringify(value),
}

/** A value as it is bound to a statement. @throws DestinationError terminal where the column cannot hold it */
export const boundValue = (value: LineValue | undefined, column: ColumnSchema): SQLInputValue => {
  if (value === undefined || value === null) return null
  const type = column.data_type ?? 'text'
  const given = binds[type](value, column)
  if (given !== undefined) return given
  throw new DestinationError(`A value does not fit column "${column.name}" of type ${type}.`, { kind: 'terminal' })
}
