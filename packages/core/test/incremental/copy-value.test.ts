import { PlainDate } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyValue } from '../../src/incremental/copy-value.ts'

describe('a copy', () => {
  it('is equal to any value', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        expect(copyValue(value)).toEqual(value)
      }),
    )
  })

  it('does not follow changes of what was copied, at any depth', () => {
    const bytes = new Uint8Array([1])
    const inner = { at: new Date(0), bytes, map: new Map([['a', [1]]]), set: new Set([[1]]) }
    const row = { list: [inner] }
    const before = structuredClone(row)
    const copy = copyValue(row)
    inner.at.setTime(1)
    bytes[0] = 2
    inner.map.get('a')?.push(2)
    for (const list of inner.set) list.push(2)
    row.list.push(inner)
    expect(copy).toEqual(before)
  })

  it('has a key that is called like a property of every object', () => {
    const row: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":{"b":1}}')
    const copy = copyValue(row)
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"a":1},"constructor":{"b":1}}')
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })

  it('ends where an object contains itself', () => {
    const row: Record<string, unknown> = { id: 1 }
    row['self'] = row
    row['again'] = [row, row]
    expect(copyValue(row)).toEqual(row)
  })

  it('takes values of other classes as they are', () => {
    for (const value of [new Decimal(1), new PlainDate(1), new URL('http://x'), Symbol('x'), () => 1]) {
      expect(copyValue(value)).toBe(value)
      expect(copyValue([value])).toEqual([value])
    }
  })
})
