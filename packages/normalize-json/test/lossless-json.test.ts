import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesMayLoseDigits, mayLoseDigits } from '../src/shred/lossless-json.ts'

const inBytes = (text: string, start = 0): boolean => bytesMayLoseDigits(Buffer.from(text), start)

const digits = fc.integer({ min: 1, max: 40 }).map((length) => '9012345678'.repeat(4).slice(0, length))
const piece = fc.oneof(
  { weight: 3, arbitrary: digits },
  fc.constantFrom('-', '.', 'e', 'E', ':', ',', '[', ']', '{', '}', '"', ' ', '\t', '\r', '\n', 'a', 'é', '😀', 'null'),
)
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))

describe('long integers in bytes', () => {
  test('are found where they are found in text', () => {
    fc.assert(
      fc.property(text, (json) => {
        expect(inBytes(json)).toBe(mayLoseDigits(json))
      }),
      { numRuns: 2000 },
    )
  })

  test('are found at every place', () => {
    for (let before = 0; before < 40; before++) {
      expect(inBytes(`{"${'k'.repeat(before)}":1234567890123456}`)).toBe(true)
      expect(inBytes(`{"${'k'.repeat(before)}":-1234567890123456,"n":1}`)).toBe(true)
      expect(inBytes(`{"${'k'.repeat(before)}":123456789012345,"n":1}`)).toBe(false)
    }
  })

  test.each([
    ['a whole text of digits', '1234567890123456', true],
    ['in a list', '[1,12345678901234567890]', true],
    ['a fraction', '{"n":1234567890123456.5}', false],
    ['an exponent', '{"n":1234567890123456e3}', false],
    ['behind the point', '{"n":0.1234567890123456}', false],
    ['within a text', '{"sha":"a1234567890123456b"}', false],
    ['behind a run of digits that is none', '{"sha":"1234567890123456789","n":1234567890123456}', true],
  ])('%s', (_name, json, expected) => {
    expect(inBytes(json)).toBe(expected)
    expect(mayLoseDigits(json)).toBe(expected)
  })

  test('what stands before the start does not count', () => {
    expect(inBytes('[1234567890123456]', 5)).toBe(false)
    expect(inBytes('x1234567890123456', 1)).toBe(true)
  })

  test('a megabyte of digits is walked once', () => {
    const startedAt = performance.now()
    expect(inBytes(`{"text":"${'7'.repeat(4 << 20)}"}`)).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
})
