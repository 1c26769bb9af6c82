import { formatDate, formatDateTime, formatTime } from '../time/format.ts'

/** A number that JSON shows as a fraction even when it is whole: `1.0`. Hashes tell it from the integer `1`. */
export class FloatNumber {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A calendar day. */
export class PlainDate {
  /** Days since 1970-01-01. */
  readonly days: number

  constructor(days: number) {
    this.days = days
  }

  /** ISO form: `2024-01-02`. */
  toString(): string {
    return formatDate(this.days)
  }

  /** What `JSON.stringify` writes: the ISO form. */
  toJSON(): string {
    return this.toString()
  }
}

/** A time of day. */
export class PlainTime {
  /** Microseconds since midnight. */
  readonly microseconds: bigint

  constructor(microseconds: bigint) {
    this.microseconds = microseconds
  }

  /** ISO form: `01:02:03.000004`. */
  toString(): string {
    return formatTime(this.microseconds)
  }

  /** What `JSON.stringify` writes: the ISO form. */
  toJSON(): string {
    return this.toString()
  }
}

/** A date and time: an instant with microseconds (a `Date` has only milliseconds), or a wall-clock time without a zone. */
export class PreciseDateTime {
  /** Microseconds since 1970; in UTC for an instant, by the clock on the wall otherwise. */
  readonly microseconds: bigint
  /** Whether it is an instant. */
  readonly isInstant: boolean

  constructor(microseconds: bigint, isInstant: boolean) {
    this.microseconds = microseconds
    this.isInstant = isInstant
  }

  /** Milliseconds since 1970, as of a `Date`; microseconds are cut off. */
  getTime(): number {
    const rest = this.microseconds % 1000n
    return Number((this.microseconds - rest) / 1000n) - (rest < 0n ? 1 : 0)
  }

  /** What `JSON.stringify` writes: the ISO form. */
  toJSON(): string {
    return this.toString()
  }

  /** ISO form: `2024-01-02T03:04:05.000006+00:00`, without the offset when it is no instant. */
  toString(): string {
    return formatDateTime(this.microseconds) + (this.isInstant ? '+00:00' : '')
  }
}
