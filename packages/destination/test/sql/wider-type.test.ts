import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { widerType } from '../../src/sql/wider-type.ts'
import { sampleDialect } from './sample-dialect.ts'

const dialect = { ...sampleDialect, integerTypes: new Set(['SMALLINT', 'INTEGER', 'BIGINT']) }
const types = {
  decimal: { precision: 38, scale: 9 },
  wei: { precision: 38, scale: 0 },
  timestamp: { precision: 6, maxPrecision: 6 },
  naiveTimestamps: true,
}
const wider = (existing: string, wanted: string) => widerType({ dialect, capabilities: { types } }, existing, wanted)

describe('the type that a column is altered to', () => {
  it.each([
    ['BIGINT', 'bigint', undefined],
    ['SMALLINT', 'BIGINT', 'BIGINT'],
    ['BIGINT', 'SMALLINT', undefined],
    ['BIGINT', 'DOUBLE', 'DOUBLE'],
    ['DOUBLE', 'BIGINT', undefined],
    ['VARCHAR(5)', 'VARCHAR', 'VARCHAR'],
    ['DECIMAL(6,2)', 'DECIMAL(8,2)', 'DECIMAL(8,2)'],
    ['DECIMAL(8,2)', 'DECIMAL(6,2)', undefined],
    ['DECIMAL(8,2)', 'DECIMAL(7,4)', 'DECIMAL(10,4)'],
    ['DECIMAL(38,0)', 'DECIMAL(38,9)', 'DECIMAL(38,9)'],
    ['numeric(8,2)', 'numeric(9, 3)', 'numeric(9,3)'],
    ['BIGINT', 'DECIMAL(38,9)', 'DECIMAL(38,9)'],
  ])('from %s, where %s is wanted, is %s', (existing, wanted, expected) => {
    expect(wider(existing, wanted)).toBe(expected)
  })

  it('of decimals has room for both, and the order in which they were wanted makes no difference', () => {
    const decimal = fc
      .tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 1, max: 19 }))
      .map(([scale, whole]) => ({ whole, scale, type: `DECIMAL(${whole + scale},${scale})` }))
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const scale = Math.max(one.scale, other.scale)
        const both = `DECIMAL(${Math.max(one.whole, other.whole) + scale},${scale})`
        expect(wider(one.type, other.type) ?? one.type).toBe(both)
        expect(wider(other.type, one.type) ?? other.type).toBe(both)
      }),
    )
  })
})
