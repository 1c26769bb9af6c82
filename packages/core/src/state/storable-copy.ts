import { DltError, FloatNumber, PlainDate, PlainTime, PreciseDateTime, parseTypedJson, typedJson } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { isContainer } from './freeze-deeply.ts'

/**
 * A copy of a value through the text that is stored: what comes out is what the next run finds.
 *
 * @param path where the value is in the state, for errors
 * @throws DltError `STATE` with the path of the first value that a state cannot hold
 */
export function storableCopy(value: unknown, path: string): unknown {
  requireStorable(value, path, new Set())
  return parseTypedJson(typedJson(value))
}

function requireStorable(value: unknown, path: string, above: Set<unknown>): void {
  if (isScalar(value)) return
  if (typeof value !== 'object' || value === null || above.has(value)) throw unstorable(path, value)
  if (!isContainer(value)) {
    if (isTypedValue(value)) return
    throw unstorable(path, value)
  }
  const isList = Array.isArray(value)
  above.add(value)
  for (const [key, child] of Object.entries(value)) {
    if (child !== undefined || isList) requireStorable(child, isList ? `${path}[${key}]` : `${path}.${key}`, above)
  }
  above.delete(value)
}

function isScalar(value: unknown): boolean {
  if (value === null || typeof value === 'number') return value === null || Number.isFinite(value)
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint'
}

// Values with a type that typed JSON knows.
function isTypedValue(value: object): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime())
  return Decimal.isDecimal(value) || typedValues.some((type) => value instanceof type)
}

const typedValues = [Uint8Array, PlainDate, PlainTime, PreciseDateTime, FloatNumber] as const

function described(value: unknown): string {
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value !== 'object' || value === null) return `a value of the type ${typeof value}`
  if (isContainer(value)) return 'an object that contains itself'
  return value instanceof Date ? 'an invalid date' : `a ${value.constructor.name}`
}

function unstorable(path: string, value: unknown): DltError {
  const what = described(value)
  return new DltError(
    `The state cannot hold ${what} at "${path}". Store null, booleans, finite numbers, bigint, text, dates, decimals, bytes, lists and plain objects.`,
    { code: 'STATE', context: { path } },
  )
}
