import { daysFromCivil, isLeapYear } from './calendar.ts'
import { clockMicroseconds, dayNumber, type IsoValue } from './iso-value.ts'

const end = -1
const plus = 43
const comma = 44
const minus = 45
const point = 46
const colon = 58
const letterT = 84
const letterW = 87
const letterZ = 90
const space = 32

/**
 * Reads ISO 8601 dates, times and date-times by character codes: calendar, ordinal and week dates, basic and extended
 * forms, fractions of seconds, offsets. Every function returns `undefined`, or -1 for numbers, where the text is refused.
 */
class IsoScanner {
  readonly #text: string
  #position = 0
  #isExtendedDate = false

  constructor(text: string) {
    this.#text = text
  }

  scan(): IsoValue | undefined {
    if (this.#next() === letterT) {
      this.#position++
      return this.#timeOnly(this.#digits(2), true)
    }
    const first = this.#digits(2)
    if (first < 0) return undefined
    if (this.#next() === colon) return this.#timeOnly(first, false)
    const second = this.#digits(2)
    if (second < 0) return undefined
    const days = this.#date(first * 100 + second)
    if (days === undefined) return undefined
    if (this.#next() === end) return { kind: 'date', days }
    if (!this.#isSeparator()) return undefined
    this.#position++
    const time = this.#time(this.#digits(2), true)
    return time === undefined ? undefined : { kind: 'datetime', days, ...time }
  }

  #next(): number {
    return this.#position < this.#text.length ? this.#text.charCodeAt(this.#position) : end
  }

  #isSeparator(): boolean {
    const next = this.#next()
    return next === letterT || next === space
  }

  #digits(count: number): number {
    let value = 0
    for (let index = 0; index < count; index++) {
      const digit = this.#next() - 48
      if (digit < 0 || digit > 9) return -1
      value = value * 10 + digit
      this.#position++
    }
    return value
  }

  #date(year: number): number | undefined {
    const next = this.#next()
    if (next === letterW) {
      this.#position++
      return this.#basicWeek(year)
    }
    if (next !== minus) return this.#basicDate(year)
    this.#isExtendedDate = true
    this.#position++
    if (this.#next() !== letterW) return this.#extendedDate(year)
    this.#position++
    return this.#extendedWeek(year)
  }

  #extendedDate(year: number): number | undefined {
    const month = this.#digits(2)
    if (month < 0) return undefined
    if (this.#next() === end || this.#isSeparator()) return dayNumber(year, month, 1)
    if (this.#next() === minus) {
      this.#position++
      return dayNumber(year, month, this.#digits(2))
    }
    return this.#ordinal(year, month * 10, this.#digits(1))
  }

  #basicDate(year: number): number | undefined {
    const month = this.#digits(2)
    const third = this.#digits(1)
    if (month < 0 || third < 0) return undefined
    if (this.#next() === end || this.#isSeparator()) return this.#ordinal(year, month * 10, third)
    const fourth = this.#digits(1)
    return fourth < 0 ? undefined : dayNumber(year, month, third * 10 + fourth)
  }

  #ordinal(year: number, tens: number, ones: number): number | undefined {
    const ordinal = tens + ones
    if (ones < 0 || year < 1 || ordinal < 1 || ordinal > (isLeapYear(year) ? 366 : 365)) return undefined
    return daysFromCivil(year, 1, 1) + ordinal - 1
  }

  #extendedWeek(year: number): number | undefined {
    const week = this.#digits(2)
    if (this.#next() !== minus) return weekDay(year, week, 1)
    this.#position++
    return weekDay(year, week, this.#digits(1))
  }

  #basicWeek(year: number): number | undefined {
    const week = this.#digits(2)
    const hasDay = this.#next() !== end && !this.#isSeparator()
    return weekDay(year, week, hasDay ? this.#digits(1) : 1)
  }

  #timeOnly(hour: number, isBasic: boolean): IsoValue | undefined {
    const time = this.#time(hour, isBasic)
    return time === undefined ? undefined : { kind: 'time', ...time }
  }

  #time(hour: number, isDated: boolean): { clock: number; offset: number | undefined } | undefined {
    if (hour < 0) return undefined
    const next = this.#next()
    if (next === end || isOffsetStart(next)) return this.#finish(hour, 0, 0, 0)
    if (next === colon) {
      this.#position++
      return this.#extendedTime(hour, isDated)
    }
    return isDated && this.#isExtendedDate ? undefined : this.#basicTime(hour)
  }

  #extendedTime(hour: number, isDated: boolean): { clock: number; offset: number | undefined } | undefined {
    const minute = this.#digits(2)
    if (minute < 0) return undefined
    const next = this.#next()
    if (next === end || isOffsetStart(next)) return this.#finish(hour, minute, 0, 0)
    if (next !== colon || (isDated && !this.#isExtendedDate)) return undefined
    this.#position++
    return this.#seconds(hour, minute)
  }

  #basicTime(hour: number): { clock: number; offset: number | undefined } | undefined {
    const minute = this.#digits(2)
    if (minute < 0) return undefined
    const next = this.#next()
    return next === end || isOffsetStart(next) ? this.#finish(hour, minute, 0, 0) : this.#seconds(hour, minute)
  }

  #seconds(hour: number, minute: number): { clock: number; offset: number | undefined } | undefined {
    const second = this.#digits(2)
    if (second < 0) return undefined
    const next = this.#next()
    if (next !== point && next !== comma) return this.#finish(hour, minute, second, 0)
    this.#position++
    const fraction = this.#fraction()
    return fraction < 0 ? undefined : this.#finish(hour, minute, second, fraction)
  }

  /** Microseconds; further digits are cut off. */
  #fraction(): number {
    let value = 0
    let count = 0
    for (;;) {
      const digit = this.#next() - 48
      if (digit < 0 || digit > 9) break
      if (count < 6) value = value * 10 + digit
      count++
      this.#position++
    }
    return count === 0 ? -1 : value * 10 ** Math.max(0, 6 - count)
  }

  #finish(
    hour: number,
    minute: number,
    second: number,
    fraction: number,
  ): { clock: number; offset: number | undefined } | undefined {
    const clock = clockMicroseconds(hour, minute, second, fraction)
    if (clock === undefined) return undefined
    const next = this.#next()
    if (next === end) return { clock, offset: undefined }
    const offset = this.#offset(next)
    return offset === undefined || this.#next() !== end ? undefined : { clock, offset }
  }

  #offset(sign: number): number | undefined {
    if (!isOffsetStart(sign)) return undefined
    this.#position++
    if (sign === letterZ) return 0
    const hours = this.#digits(2)
    if (this.#next() === colon) this.#position++
    const minutes = this.#next() === end ? 0 : this.#digits(2)
    const seconds = (hours * 60 + minutes) * 60
    if (hours < 0 || minutes < 0 || seconds >= 86_400) return undefined
    return sign === minus ? -seconds : seconds
  }
}

function isOffsetStart(unit: number): boolean {
  return unit === letterZ || unit === plus || unit === minus
}

/** ISO week date. Week 0 and day 0 lie before the first ones, as in the reference system. */
function weekDay(year: number, week: number, day: number): number | undefined {
  if (year < 1 || week < 0 || day < 0 || day > 7) return undefined
  const fourth = daysFromCivil(year, 1, 4)
  const firstMonday = fourth - mondayBased(fourth)
  const nextFourth = daysFromCivil(year + 1, 1, 4)
  const weeks = (nextFourth - mondayBased(nextFourth) - firstMonday) / 7
  return week > weeks ? undefined : firstMonday + (week - 1) * 7 + day - 1
}

/** 0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday. */
function mondayBased(days: number): number {
  return (((days + 3) % 7) + 7) % 7
}

/** Reads a text by ISO 8601; `undefined` when it is not a date, time or date-time. */
export function scanIso(text: string): IsoValue | undefined {
  return new IsoScanner(text).scan()
}
