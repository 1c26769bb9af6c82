import { expect, it } from 'vitest'
import { FloatNumber, floatText, plainJson } from '../../src/index.ts'
import { referenceCases } from '../recorded/reference-cases.ts'

it('writes floating point numbers as the reference does', () => {
  expect(referenceCases.floats.length).toBeGreaterThan(50)
  for (const { value, json } of referenceCases.floats) {
    expect(floatText(Number(value))).toBe(json)
    expect(plainJson(new FloatNumber(Number(value)))).toBe(json)
  }
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('writes %d as null', (value) => {
  expect(floatText(value)).toBe('null')
  expect(plainJson([value])).toBe('[null]')
})
