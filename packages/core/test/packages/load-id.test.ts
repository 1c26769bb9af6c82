import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareLoadIds, isLoadId, latestLoadId, loadIdTime, nextLoadId } from '../../src/packages/load-id.ts'

describe('load ids', () => {
  test('are seconds with a fraction, as Python writes a float', () => {
    expect(nextLoadId(undefined, 1_700_000_000_000)).toBe('1700000000.0')
    expect(nextLoadId(undefined, 1_700_000_000_500)).toBe('1700000000.5')
    expect(nextLoadId(undefined, 1_795_223_842_465.0056)).toBe('1795223842.4650056')
  })

  test('take the time of the clock', () => {
    const before = Date.now()
    const made = loadIdTime(nextLoadId(undefined)).getTime()
    expect(made).toBeGreaterThanOrEqual(before - 1)
    expect(made).toBeLessThanOrEqual(Date.now() + 1)
  })

  test('of processes that start in the same millisecond differ', () => {
    const ids = new Set(Array.from({ length: 50 }, () => nextLoadId(undefined)))
    expect(ids.size).toBeGreaterThan(45)
  })

  test('go on by the smallest step when the clock was set back', () => {
    expect(nextLoadId('1795223842.4650056', 1_600_000_000_000)).toBe('1795223842.4650059')
    expect(nextLoadId('1795223842.0', 1_795_223_842_000)).toBe('1795223842.0000002')
  })

  test('grow, as numbers and as text, whatever the clock does', () => {
    const clock = fc.double({ min: 1.6e12, max: 1.9e12, noNaN: true })
    fc.assert(
      fc.property(fc.array(clock, { minLength: 2, maxLength: 40 }), (times) => {
        const ids: string[] = []
        for (const now of times) ids.push(nextLoadId(ids.at(-1), now))
        expect(ids.every(isLoadId)).toBe(true)
        expect(ids.toSorted(compareLoadIds)).toEqual(ids)
        expect(ids.toSorted()).toEqual(ids)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  test('are told from other names', () => {
    expect(['1700000000.5', '1.0'].every(isLoadId)).toBe(true)
    expect(['scratch', '1700000000', '1.2.3', '.5', 'started-from'].some(isLoadId)).toBe(false)
  })

  test('have a latest one', () => {
    expect(latestLoadId(['9.5', '10.25', '10.2'])).toBe('10.25')
    expect(latestLoadId([])).toBeUndefined()
  })
})
