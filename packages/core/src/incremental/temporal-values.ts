import { formatTime, formatTimestamp, PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import type { Cursor, CursorValue } from './cursor-kind.ts'

/** A value of `Temporal` (known by its tag, so that polyfills count too) as a cursor; `undefined` for any other value. */
export function temporalCursor(value: object): Cursor | undefined {
  switch (tagOf(value)) {
    case 'Temporal.Instant':
    case 'Temporal.ZonedDateTime': {
      const nanoseconds: unknown = Reflect.get(value, 'epochNanoseconds')
      return typeof nanoseconds === 'bigint' ? { kind: 'instant', key: floorToMicroseconds(nanoseconds) } : undefined
    }
    case 'Temporal.PlainDateTime':
      return { kind: 'wall-clock', key: BigInt(daysOf(value)) * 86_400_000_000n + clockOf(value) }
    case 'Temporal.PlainDate':
      return { kind: 'date', key: daysOf(value) }
    case 'Temporal.PlainTime':
      return { kind: 'time', key: clockOf(value) }
    default:
      return undefined
  }
}

/** A cursor's value in the `Temporal` type of `model`; the value itself when `model` is none, or its type cannot hold it. */
export function likeTemporal(value: CursorValue, model: unknown): unknown {
  if (typeof model !== 'object' || model === null || temporalCursor(model) === undefined) return value
  const text = temporalText(value, model)
  const from: unknown = Reflect.get(model.constructor, 'from')
  return text === undefined || typeof from !== 'function' ? value : Reflect.apply(from, model.constructor, [text])
}

function temporalText(value: CursorValue, model: object): string | undefined {
  const tag = tagOf(model)
  if (value instanceof Date || (value instanceof PreciseDateTime && value.isInstant)) {
    const text = value instanceof Date ? formatTimestamp(BigInt(value.getTime()) * 1000n) : value.toString()
    if (tag === 'Temporal.Instant') return text
    const zone: unknown = Reflect.get(model, 'timeZoneId')
    // With an offset in place of Z, the offset would have to be that of the zone.
    return typeof zone === 'string' ? `${text.replace('+00:00', 'Z')}[${zone}]` : undefined
  }
  if (value instanceof PreciseDateTime) return tag === 'Temporal.PlainDateTime' ? value.toString() : undefined
  if (value instanceof PlainDate) return tag === 'Temporal.PlainDate' ? value.toString() : undefined
  return value instanceof PlainTime && tag === 'Temporal.PlainTime' ? formatTime(value.microseconds) : undefined
}

function tagOf(value: object): unknown {
  return Reflect.get(value, Symbol.toStringTag)
}

function floorToMicroseconds(nanoseconds: bigint): bigint {
  const quotient = nanoseconds / 1000n
  return nanoseconds % 1000n < 0n ? quotient - 1n : quotient
}

function part(value: object, name: string): number {
  const number: unknown = Reflect.get(value, name)
  return typeof number === 'number' ? number : 0
}

function daysOf(value: object): number {
  const date = new Date(0)
  date.setUTCFullYear(part(value, 'year'), part(value, 'month') - 1, part(value, 'day'))
  return date.getTime() / 86_400_000
}

function clockOf(value: object): bigint {
  const seconds = part(value, 'hour') * 3600 + part(value, 'minute') * 60 + part(value, 'second')
  return BigInt(seconds * 1_000_000 + part(value, 'millisecond') * 1000 + part(value, 'microsecond'))
}
