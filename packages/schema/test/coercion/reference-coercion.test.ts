import { describe, expect, it } from 'vitest'
import { coerceScalar, type DataType, dataTypes, detectDataType, type ScalarValue } from '../../src/index.ts'
import { type RecordedCoercion, referenceCases } from '../recorded/reference-cases.ts'

function pythonDouble(text: unknown): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY
  if (text === '-inf') return Number.NEGATIVE_INFINITY
  return text === 'nan' ? Number.NaN : Number(text)
}

function fromRecorded(type: DataType, text: string): ScalarValue {
  if (type === 'bigint') return BigInt(text)
  return type === 'double' ? pythonDouble(text) : text
}

function portable(to: DataType, value: ScalarValue): unknown {
  if (to === 'timestamp' || to === 'time' || to === 'bigint') return String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

const isOutOf64Bits = (value: unknown) => BigInt.asIntN(64, BigInt(String(value))) !== BigInt(String(value))
const isNotFinite = (value: unknown) => /^[+-]?(s?nan|inf)/i.test(String(value))
const hasHugeExponent = (value: unknown) => Math.abs(Number(/E([+-]\d+)/.exec(String(value))?.[1] ?? 0)) > 900_000

/** What the reference accepts and then fails to load; here such values are refused, and go to a variant column. */
function refusedOnPurpose(to: DataType, value: unknown): boolean {
  if (to === 'bigint') return isOutOf64Bits(value)
  return (to === 'decimal' || to === 'wei') && (isNotFinite(value) || hasHugeExponent(value))
}

function expected(to: DataType, recorded: RecordedCoercion): unknown {
  const [value] = recorded
  if (value === undefined || refusedOnPurpose(to, value)) return undefined
  return to === 'double' ? pythonDouble(value) : value
}

function coerce(to: DataType, from: DataType, value: ScalarValue): unknown {
  const result = coerceScalar(to, from, value)
  return result.ok ? portable(to, result.value) : undefined
}

/** Python 3.11 reads ten digits, or eight with two more characters, as a date and ignores the last two; later ones do not. */
const isReadByPythonDates = (text: string) => text.length === 10 && !/^\d{4}-\d\d-\d\d$/.test(text)

/** Offsets of a day and more: the reference detects a timestamp, and then cannot convert it. */
const hasHugeOffset = (text: string) => /[+-](?:2[4-9]|[3-9]\d):?(?:\d\d)?$/.test(text)

/** Instants outside the years 1 to 9999 in UTC: likewise. */
const leavesTheCalendar = (text: string) => /^0001-01-01T00.*\+|^9999-12-31T2.*-/.test(text)

describe('texts of dates and times', () => {
  it.each(referenceCases.iso)('$text', (recorded) => {
    const { text } = recorded
    expect(coerce('timestamp', 'text', text)).toBe(expected('timestamp', recorded.timestamp))
    expect(coerce('time', 'text', text)).toBe(expected('time', recorded.time))
    if (!isReadByPythonDates(text)) expect(coerce('date', 'text', text)).toBe(expected('date', recorded.date))
    if (hasHugeOffset(text) || leavesTheCalendar(text)) return
    expect(detectDataType(['iso_timestamp', 'iso_date'], 'text', text) ?? null).toBe(recorded.detected)
  })
})

describe('coercion', () => {
  it.each(referenceCases.coercion)('from $from $value', ({ from, value, to }) => {
    for (const target of dataTypes) {
      const recorded = to[target]
      if (recorded === undefined) continue
      expect([target, coerce(target, from, fromRecorded(from, value))]).toEqual([target, expected(target, recorded)])
    }
  })
})
