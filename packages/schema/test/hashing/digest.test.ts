import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  digest128,
  digest256,
  FloatNumber,
  keyHash,
  nestedRowId,
  PlainDate,
  randomRowId,
  rowHash,
} from '../../src/index.ts'

describe('digests', () => {
  it('are those of the reference', () => {
    expect(digest128('hello')).toBe('jrS2qTLygDNe4aJ5+MII')
    expect(digest128('hello', 10)).toBe('jrS2qTLygDNe4Q')
    expect(digest256('hello')).toBe('Mzi+aU9QxfM4gUmGzfBoZFOoiLhPQk15KvS5ICOY85I=')
  })

  it('are the same for a text and its UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(digest128(text)).toBe(digest128(Buffer.from(text)))
        expect(digest256(text)).toBe(digest256(Buffer.from(text)))
      }),
    )
  })

  it.each([1, 2, 3, 4, 9, 10, 15, 32])('of %d bytes are base64 without padding', (length) => {
    const digest = createHash('shake128', { outputLength: length }).update('x').digest('base64')
    expect(digest128('x', length)).toBe(digest.replaceAll('=', ''))
  })
})

describe('row ids', () => {
  it('are random, 14 characters of base64', () => {
    const ids = new Set(Array.from({ length: 10_000 }, randomRowId))
    expect(ids.size).toBe(10_000)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9+/]{13}[AQgw]$/)
  })

  it('of nested rows follow from parent, table and position', () => {
    const child = nestedRowId('ID1', 'tbl__kids', 0)
    expect(child).toBe('9MHqdwSsnxdgPw')
    expect(nestedRowId(child, 'tbl__kids__gk', 0)).toBe('pJJ8Wt1cROd+Lg')
    expect(nestedRowId('custom', 'tbl__k', 0)).toBe('E1S8WIHe7jNdHw')
  })

  it('of rows told apart by content follow from the document, without the keys of the system', () => {
    expect(rowHash({})).toBe('RoBn8+L4hTHbJQ')
    expect(rowHash({ b: 'x', a: 1 })).toBe('khlsLbyhkJKGeQ')
    expect(rowHash({ a: new FloatNumber(1) })).toBe('HKhElKsEA77FqA')
    expect(rowHash({ a: 1.5, b: null, c: true })).toBe('yb82Y/brfWsmfQ')
    expect(rowHash({ a: 'ż', _dlt_load_id: '1' })).toBe('Ht2Y5aBb2vvT+Q')
    expect(rowHash({ id: 1, nested: { x: [1, 2, { y: 'z' }] } })).toBe('Tcvt6TKZrhJS+w')
  })

  it('of rows told apart by content take typed values with their marks', () => {
    const row = { dt: new Date('2024-01-02T03:04:05Z'), d: new PlainDate(19724), b: Buffer.from('ab') }
    const marked = '{"b":"\uf02bYWI=","d":"\uf0282024-01-02","dt":"\uf0272024-01-02T03:04:05+00:00"}'
    expect(rowHash(row)).toBe(digest128(marked, 10))
  })

  it('of rows told apart by key follow from the key columns', () => {
    expect(keyHash({ id: 1 })).toBe('z5jIxXIbUnmbKw')
    expect(keyHash({ b: 'z', a: 1 })).toBe('3VNBkTzuyYbfaA')
  })
})
