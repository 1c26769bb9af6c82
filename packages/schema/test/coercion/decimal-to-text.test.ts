import { expect, test } from 'vitest'
import { coerceScalar } from '../../src/index.ts'

test.for([
  ['1.10', '1.10'],
  ['-0.000001', '-0.000001'],
  ['-1.8e-8', '-1.8E-8'],
  ['1e-7', '1E-7'],
  ['1.5e+21', '1500000000000000000000'],
  ['-2e+30', '-2000000000000000000000000000000'],
  ['-2E+30', '-2E+30'],
] as const)('the decimal %s as text is %s, as in Python', ([decimal, text]) => {
  expect(coerceScalar('text', 'decimal', decimal)).toEqual({ ok: true, value: text })
})
