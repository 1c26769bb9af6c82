import type { ReadParameter } from '@dlt/destination'
import { DltError, PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'

/** A value as the driver sends it: text, or bytes. */
export type StatementValue = string | Buffer | null

const refused = (what: string): DltError =>
  new DltError(`${what} cannot be a parameter of a query.`, { code: 'DATA', context: { destination: 'postgres' } })

const isDecimal = (value: object): value is { toFixed(): string } =>
  'toFixed' in value && typeof value.toFixed === 'function'

const objectValue = (value: object): StatementValue => {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  if (value instanceof PreciseDateTime || value instanceof PlainDate || value instanceof PlainTime)
    return value.toString()
  if (isDecimal(value)) return value.toFixed()
  throw refused('An object of an unknown kind')
}

const boundValue = (value: unknown): StatementValue => {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? null : objectValue(value)
    default:
      throw refused(`A value of type ${typeof value}`)
  }
}

/** The values of a statement; the server reads each as the type that its place asks for. @throws DltError DATA for one that no column can hold */
export const statementValues = (parameters: readonly (ReadParameter | unknown)[]): StatementValue[] =>
  parameters.map(boundValue)
