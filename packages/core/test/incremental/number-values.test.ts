import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareKeys } from '../../src/incremental/compare-cursors.ts'
import { likeNumber } from '../../src/incremental/number-values.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import { newStoredCursor } from '../../src/incremental/stored-cursor.ts'

const context = { resource: 'issues', warn: () => undefined }

function startAt(stored: unknown, initialValue: unknown): unknown {
  const document = { ...newStoredCursor(initialValue), last_value: stored }
  return openIncremental({ cursorPath: 'id', initialValue }, { ...context, stored: document }).view.startValue
}

describe('a cursor is of the type of the initial value in every run', () => {
  test.each<[what: string, stored: unknown, initialValue: unknown, start: unknown]>([
    ['a bigint that was stored as a number', 5, 0n, 5n],
    ['a bigint that was stored with all digits', 2n ** 70n, 0n, 2n ** 70n],
    ['a decimal that was stored as a number', 5, new Decimal(0), new Decimal(5)],
    ['a decimal that was stored as a bigint', 2n ** 70n, new Decimal(0), new Decimal('1180591620717411303424')],
    ['a number that was stored as a decimal', new Decimal('7.5'), 0, 7.5],
    ['a number that was stored as a bigint', 5n, 0, 5],
  ])('%s', (_, stored, initialValue, start) => {
    expect(startAt(stored, initialValue)).toStrictEqual(start)
  })

  test('but keeps digits that its type does not hold, and other values', () => {
    expect(startAt(2n ** 53n + 1n, 0)).toBe(2n ** 53n + 1n)
    expect(startAt(new Decimal('0.1234567890123456789'), 0)).toEqual(new Decimal('0.1234567890123456789'))
    expect(startAt(new Decimal('7.5'), 0n)).toEqual(new Decimal('7.5'))
    expect(startAt(7, undefined)).toBe(7)
    expect(startAt('7', '0')).toBe('7')
  })

  test('while it moves, too', () => {
    const run = openIncremental({ cursorPath: 'id', initialValue: 0n }, { ...context, stored: undefined })
    run.admit({ id: 3 })
    expect(run.view.lastValue).toBe(3n)
    expect(run.result()).toMatchObject({ initial_value: 0n, last_value: 3 })
  })

  test('for a function of one', () => {
    const seen: unknown[] = []
    const lastValueFunc = (values: readonly unknown[]): unknown => {
      seen.push(...values)
      return values[0]
    }
    const stored = { ...newStoredCursor(0n), last_value: 5 }
    const run = openIncremental({ cursorPath: 'id', initialValue: 0n, lastValueFunc }, { ...context, stored })
    run.admit({ id: 6n })
    expect(seen).toEqual([6n, 5n])
  })

  test('and is the same number, whatever it is', () => {
    const numeric = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((digits) => new Decimal(`${digits}e-9`)),
    )
    const model = fc.constantFrom<unknown>(0, 0n, new Decimal(0), undefined, 'text')
    fc.assert(
      fc.property(numeric, model, (value, like) => {
        expect(compareKeys(likeNumber(value, like), value)).toBe(0)
      }),
    )
  })
})
