/**
 * Values with the properties of `Temporal` that are used, for a runtime that has none. They are recognised by their tag, as
 * those of a polyfill are.
 */
class StandIn {
  readonly text: string
  readonly #type: string

  constructor(type: string, text: string) {
    this.#type = type
    this.text = text
  }

  get [Symbol.toStringTag](): string {
    return `Temporal.${this.#type}`
  }
}

export class Instant extends StandIn {
  readonly epochNanoseconds: bigint

  constructor(epochNanoseconds: bigint, text = '', type = 'Instant') {
    super(type, text)
    this.epochNanoseconds = epochNanoseconds
  }

  static from(text: string): Instant {
    return new Instant(nanoseconds(text), text)
  }
}

export class ZonedDateTime extends Instant {
  readonly timeZoneId: string

  constructor(epochNanoseconds: bigint, timeZoneId: string, text = '') {
    super(epochNanoseconds, text, 'ZonedDateTime')
    this.timeZoneId = timeZoneId
  }

  static override from(text: string): ZonedDateTime {
    const [time = '', zone = ''] = text.split('[')
    if (!time.endsWith('Z')) throw new RangeError('Invalid time value')
    return new ZonedDateTime(nanoseconds(time), zone.slice(0, -1), text)
  }
}

/** Microseconds of an ISO text with six digits at most. */
function nanoseconds(text: string): bigint {
  const fraction = (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(9, '0')
  return BigInt(Date.parse(text.replace(/\.\d+/, ''))) * 1_000_000n + BigInt(fraction)
}

class Plain extends StandIn {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
  readonly microsecond: number

  constructor(type: string, text: string) {
    super(type, text)
    const at = /(?:(\d{4})-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d):(\d\d))?(?:\.(\d{3})(\d{3}))?/.exec(text) ?? []
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0, micro = 0] = at
      .slice(1)
      .map((part) => Number(part ?? 0))
    this.year = year
    this.month = month
    this.day = day
    this.hour = hour
    this.minute = minute
    this.second = second
    this.millisecond = milli
    this.microsecond = micro
  }
}

export class PlainDateTime extends Plain {
  static from(text: string): PlainDateTime {
    return new PlainDateTime('PlainDateTime', text)
  }
}

export class PlainDateLike extends Plain {
  static from(text: string): PlainDateLike {
    return new PlainDateLike('PlainDate', text)
  }
}

export class PlainTimeLike extends Plain {
  static from(text: string): PlainTimeLike {
    return new PlainTimeLike('PlainTime', text)
  }
}
