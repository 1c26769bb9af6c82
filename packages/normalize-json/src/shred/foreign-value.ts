import {
  isAnyArrayBuffer,
  isArrayBufferView,
  isBoxedPrimitive,
  isDataView,
  isDate,
  isMap,
  isSet,
  isUint8Array,
} from 'node:util/types'
import { FloatNumber, PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { readArrowRow } from './arrow-row.ts'
import { hasToJson } from './plain-object.ts'
import { type Refusal, refusedInstance } from './refused-instance.ts'

/** What an object that JSON does not know stands for. */
export type ForeignValue =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'object'; readonly value: object }
  | { readonly is: 'list'; readonly value: readonly unknown[] }
  /** What no column can hold: an invalid date, a decimal that is no number. */
  | { readonly is: 'lost' }
  | { readonly is: 'timestamp' | 'time'; readonly microseconds: bigint }
  | { readonly is: 'date'; readonly days: number }
  | { readonly is: 'decimal'; readonly digits: string }
  | { readonly is: 'binary'; readonly bytes: Uint8Array }
  | { readonly is: 'refused'; readonly refusal: Refusal }

const millisecondsPerDay = 86_400_000

/** Recognises an object that is neither a list nor a plain object. */
export function readForeignValue(value: object): ForeignValue {
  if (isDate(value)) return readDate(value)
  if (isUint8Array(value)) return { is: 'binary', bytes: value }
  if (isAnyArrayBuffer(value)) return { is: 'binary', bytes: new Uint8Array(value) }
  if (isDataView(value)) {
    return { is: 'binary', bytes: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) }
  }
  if (isMap(value)) return { is: 'object', value: mapObject(value) }
  if (isSet(value)) return { is: 'list', value: [...value] }
  if (isArrayBufferView(value)) return { is: 'list', value: Array.from(value as unknown as ArrayLike<unknown>) }
  if (isBoxedPrimitive(value)) return { is: 'value', value: value.valueOf() }
  return readSchemaValue(value) ?? readTagged(value) ?? readInstance(value)
}

function readDate(value: Date): ForeignValue {
  const milliseconds = Date.prototype.getTime.call(value)
  if (Number.isNaN(milliseconds)) return { is: 'lost' }
  return { is: 'timestamp', microseconds: BigInt(milliseconds) * 1000n }
}

/** A map as an object; the map's order of keys cannot be kept where keys look like integers. */
function mapObject(map: Map<unknown, unknown>): object {
  const entries = [...map].map(([key, item]): [string, unknown] => [String(key), item])
  return Object.fromEntries(entries)
}

/** Values of the classes of `@dlt/schema`. */
function readSchemaValue(value: object): ForeignValue | undefined {
  if (value instanceof PreciseDateTime) return { is: 'timestamp', microseconds: value.microseconds }
  if (value instanceof PlainDate) return { is: 'date', days: value.days }
  if (value instanceof PlainTime) return { is: 'time', microseconds: value.microseconds }
  return value instanceof FloatNumber ? { is: 'value', value: value.value } : undefined
}

/** Types that are recognised by their tag, so that polyfills and second copies of a library count too. */
function readTagged(value: object): ForeignValue | undefined {
  const tag: unknown = Reflect.get(value, Symbol.toStringTag)
  switch (tag) {
    case 'Decimal':
      return readDecimal(String(value))
    case 'Temporal.Instant':
    case 'Temporal.ZonedDateTime': {
      const nanoseconds: unknown = Reflect.get(value, 'epochNanoseconds')
      return typeof nanoseconds === 'bigint' ? { is: 'timestamp', microseconds: floorDivide(nanoseconds) } : undefined
    }
    case 'Temporal.PlainDateTime':
      return readWallClock(value)
    case 'Temporal.PlainDate':
      return { is: 'date', days: utcMilliseconds(value) / millisecondsPerDay }
    case 'Temporal.PlainTime':
      return { is: 'time', microseconds: timeMicroseconds(value) }
    case 'Row':
      return readRow(value)
    default:
      return undefined
  }
}

function readRow(value: object): ForeignValue | undefined {
  const row = readArrowRow(value)
  return row === undefined ? undefined : { is: 'value', value: row }
}

function readDecimal(text: string): ForeignValue {
  return text === 'NaN' || text.endsWith('Infinity') ? { is: 'lost' } : { is: 'decimal', digits: text }
}

function floorDivide(nanoseconds: bigint): bigint {
  const quotient = nanoseconds / 1000n
  return nanoseconds % 1000n < 0n ? quotient - 1n : quotient
}

function readWallClock(value: object): ForeignValue {
  return { is: 'timestamp', microseconds: BigInt(utcMilliseconds(value)) * 1000n + timeMicroseconds(value) }
}

function part(value: object, name: string): number {
  const number: unknown = Reflect.get(value, name)
  return typeof number === 'number' ? number : 0
}

function utcMilliseconds(value: object): number {
  const date = new Date(0)
  date.setUTCFullYear(part(value, 'year'), part(value, 'month') - 1, part(value, 'day'))
  return date.getTime()
}

function timeMicroseconds(value: object): bigint {
  const seconds = part(value, 'hour') * 3600 + part(value, 'minute') * 60 + part(value, 'second')
  return BigInt(seconds * 1_000_000 + part(value, 'millisecond') * 1000 + part(value, 'microsecond'))
}

/** Instances of classes, and plain objects with a `toJSON` function: what that says, else their own enumerable properties. */
function readInstance(value: object): ForeignValue {
  const refusal = refusedInstance(value)
  if (refusal !== undefined) return { is: 'refused', refusal }
  if (!hasToJson(value)) return { is: 'object', value }
  const replaced: unknown = value.toJSON('')
  if (replaced === value) return { is: 'object', value: withoutToJson(value) }
  return { is: 'value', value: replacedOnce(replaced) }
}

/** As for `JSON.stringify`, a `toJSON` that the result has again (`{ ...this }`) is not called. */
function replacedOnce(replaced: unknown): unknown {
  return typeof replaced === 'object' && replaced !== null && Object.hasOwn(replaced, 'toJSON') && hasToJson(replaced)
    ? withoutToJson(replaced)
    : replaced
}

function withoutToJson(value: object): object {
  if (!Object.hasOwn(value, 'toJSON')) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'toJSON'))
}
