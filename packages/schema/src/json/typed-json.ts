import { Decimal } from 'decimal.js'
import { formatDate } from '../time/format.ts'
import { parseIsoDate, parseIsoDateTime, parseIsoTime } from '../time/iso.ts'
import { decimalFromText } from './decimal-text.ts'
import { type OrderedJsonOf, readJsonWith } from './json-reader.ts'
import { type PlainJsonOptions, plainScalar, writeJson } from './plain-json.ts'
import { FloatNumber, PlainDate, PlainTime, PreciseDateTime } from './tagged-values.ts'

/** Private-use characters that stand in front of the text of a value that JSON has no type for. */
const markers = {
  decimal: '\uf026',
  timestamp: '\uf027',
  date: '\uf028',
  uuid: '\uf029',
  hexBytes: '\uf02a',
  bytes: '\uf02b',
  wei: '\uf02c',
  time: '\uf02d',
} as const

interface Source {
  readonly text: string
  /** The value's plain text when it was read; a `Date` may have been changed since. */
  readonly plain: string | undefined
}

const sources = new WeakMap<object, Source>()

/** Whole numbers that were fractions in the text (`1.0`), by their places in lists and objects: written back, they are again. */
const floats = new WeakMap<object, ReadonlyMap<string, number>>()

function withFloats(container: object): object {
  const places = floats.get(container)
  if (places === undefined) return container
  const entries = Object.entries(container).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'number' && Object.is(places.get(key), value) ? new FloatNumber(value) : value,
  ])
  return Array.isArray(container) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
}

function markerOf(value: object): string | undefined {
  if (value instanceof Uint8Array) return markers.bytes
  if (value instanceof Date || value instanceof PreciseDateTime) return markers.timestamp
  if (value instanceof PlainDate) return markers.date
  if (value instanceof PlainTime) return markers.time
  return Decimal.isDecimal(value) ? markers.decimal : undefined
}

function typedScalar(value: object): string | undefined {
  const plain = plainScalar(value)
  if (plain === undefined) return undefined
  const source = sources.get(value)
  if (source !== undefined && source.plain === plain) return source.text
  return (markerOf(value) ?? markers.timestamp) + plain
}

/**
 * JSON that keeps the types of values which JSON lacks: each is a text behind a private-use character, as the reference
 * system stores it in its state. Otherwise like `plainJson`.
 */
export function typedJson(value: unknown, options: PlainJsonOptions = {}): string {
  return writeJson(value, options, typedScalar, withFloats)
}

function decodeTimestamp(text: string): Date | PreciseDateTime | undefined {
  const parsed = parseIsoDateTime(text)
  if (parsed === undefined) return undefined
  if (!parsed.hasOffset || parsed.microseconds % 1000n !== 0n) {
    return new PreciseDateTime(parsed.microseconds, parsed.hasOffset)
  }
  return new Date(Number(parsed.microseconds / 1000n))
}

function decodeBytes(text: string, encoding: 'base64' | 'hex'): Uint8Array | undefined {
  const digits = encoding === 'hex' ? text.replace(/^0x/i, '') : text
  const bytes = Buffer.from(digits, encoding)
  return bytes.toString(encoding) === (encoding === 'hex' ? digits.toLowerCase() : digits)
    ? new Uint8Array(bytes)
    : undefined
}

function decodeMarked(marker: string, text: string): object | string | undefined {
  switch (marker) {
    case markers.decimal:
    case markers.wei:
      return decimalFromText(text)
    case markers.timestamp:
      return decodeTimestamp(text)
    case markers.date: {
      const days = parseIsoDate(text)
      return days === undefined || formatDate(days) !== text ? undefined : new PlainDate(days)
    }
    case markers.time: {
      const microseconds = parseIsoTime(text)
      return microseconds === undefined ? undefined : new PlainTime(microseconds)
    }
    case markers.bytes:
      return decodeBytes(text, 'base64')
    case markers.hexBytes:
      return decodeBytes(text, 'hex')
    case markers.uuid:
      return text
    default:
      return undefined
  }
}

function decodeText(text: string): unknown {
  const first = text.charCodeAt(0)
  if (text.length === 0 || first < 0xf026 || first > 0xf02d) return text
  // Bytes alone may be none at all.
  if (text.length === 1 && text !== markers.bytes) return text
  const value = decodeMarked(text.charAt(0), text.slice(1))
  if (value === undefined) return text
  if (typeof value === 'object') sources.set(value, { text, plain: plainScalar(value) })
  return value
}

type TypedNumber = number | bigint | FloatNumber

function readNumber(text: string): TypedNumber {
  const value = Number(text)
  if (/[.eE]/.test(text)) return Number.isInteger(value) ? new FloatNumber(value) : value
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function decode(value: OrderedJsonOf<TypedNumber>): unknown {
  if (typeof value === 'string') return decodeText(value)
  if (value instanceof FloatNumber) return value.value
  if (value instanceof Map) {
    return remembered(Object.fromEntries(Array.from(value, ([key, item]) => [key, decode(item)])), value)
  }
  if (!Array.isArray(value)) return value
  return remembered(value.map(decode), value.entries())
}

function remembered(container: object, entries: Iterable<readonly [string | number, unknown]>): object {
  const places = Array.from(entries).flatMap(([key, item]): [string, number][] =>
    item instanceof FloatNumber ? [[String(key), item.value]] : [],
  )
  if (places.length > 0) floats.set(container, new Map(places))
  return container
}

/**
 * Reads what {@link typedJson}, or the reference system, wrote. Timestamps become `Date`, or `PreciseDateTime` where they
 * have microseconds or no offset; integers beyond 2^53 become `bigint`. What is written back unchanged has the same text, also
 * `1.0` in the list or object that was read.
 *
 * @throws DltError SCHEMA with line and column, when the text is not JSON.
 */
export function parseTypedJson(text: string): unknown {
  return decode(readJsonWith(text, readNumber, 'Typed JSON'))
}
