import { type ColumnSchema, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  completePlan,
  createShredder,
  encodePage,
  normalizePage,
  planNormalization,
  readPageSummary,
  shredJsonLines,
} from '../src/index.ts'
import { batchRows, capabilities, normalizeDocuments, type RunOptions } from './harness.ts'

const unsafe = 9_007_199_254_740_993n

function own(rows: readonly object[] | undefined): readonly unknown[] {
  return (rows ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt'))))
}

function run(documents: readonly unknown[], options: RunOptions = {}) {
  const result = normalizeDocuments(documents, options)
  const columns = [...(result.schema.tables.get('tbl')?.columns.values() ?? [])]
  const types = columns.flatMap(({ name, data_type: type }) => (name.startsWith('_dlt') ? [] : [`${name} ${type}`]))
  return { ...result, own: own(result.rows.get('tbl')), types }
}

function declared(...columns: readonly ColumnSchema[]): Schema {
  return updateTable(createSchema('test'), createTable('tbl', { columns })).schema
}

describe('integers beyond 2^53 beside fractions', () => {
  it('go to a variant column where a double would lose digits, in any order and any pages', () => {
    const expected = new Map<unknown, object>([
      [1.5, { a: 1.5 }],
      [unsafe, { a__v_bigint: unsafe }],
      [2n ** 53n, { a: 2 ** 53 }],
      [7, { a: 7 }],
      [2n ** 64n, { a: 2 ** 64 }],
      [2n ** 64n + 1n, { a__v_wei: 2n ** 64n + 1n }],
    ])
    const orders = fc.shuffledSubarray([...expected.keys()], { minLength: expected.size })
    fc.assert(
      fc.property(orders, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }), (values, pageSizes) => {
        // A wide integer that comes first makes the column one of such integers.
        const ordered = typeof values[0] === 'bigint' && values[0] > 2n ** 63n ? [1.5, ...values] : values
        const documents = ordered.map((a) => ({ a }))
        expect(run(documents, { pageSizes }).own).toEqual(ordered.map((a) => expected.get(a)))
      }),
    )
  })

  it('do so in a later run too, and where the column is declared', () => {
    const first = run([{ a: 1.5 }])
    const second = run([{ a: unsafe }, { a: -unsafe }, { a: 3n }], { schema: first.schema })
    expect(second.own).toEqual([{ a__v_bigint: unsafe }, { a__v_bigint: -unsafe }, { a: 3 }])
    expect(second.types).toEqual(['a double', 'a__v_bigint bigint'])
    expect(run([{ a: unsafe }], { schema: declared({ name: 'a', data_type: 'double' }) }).own).toEqual([
      { a__v_bigint: unsafe },
    ])
  })

  it('do so when they come from JSON Lines', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    const lines = `{"a": 1.5}\n{"a": ${unsafe}}\n{"a": 12}\n`
    shredJsonLines(Buffer.from(lines), shredder, { file: 'a.jsonl', firstLine: 1 })
    const page = shredder.takePage()
    const schema = createSchema('test')
    const plan = planNormalization({
      schema,
      rootTable: 'tbl',
      summaries: [readPageSummary(encodePage(page))],
      capabilities,
    })
    const { batches, findings } = normalizePage(page, plan, { loadId: '1' })
    expect(own(batches.flatMap(batchRows))).toEqual([{ a: 1.5 }, { a__v_bigint: unsafe }, { a: 12 }])
    expect(completePlan(plan, [findings], schema).schema.tables.get('tbl')?.columns.get('a')?.data_type).toBe('double')
  })
})

describe('decimals that neither the column nor its variant holds', () => {
  it.each([
    ['1.12345678901', '1.12345678901'],
    ['1e-20', '1E-20'],
    ['123456789012345678901234567890.9', '123456789012345678901234567890.9'],
    ['-0.0000000001', '-1E-10'],
  ])('%s is the text %s, as Python writes it', (digits, text) => {
    const { own, types } = run([{ a: new Decimal(digits) }])
    expect(types).toEqual(['a__v_text text'])
    expect(own).toEqual([{ a__v_text: text }])
  })

  it('leave those that fit in the column, over several runs', () => {
    const first = run([{ a: new Decimal('1.5') }, { a: new Decimal('0.1234567891') }, { a: 'x' }], { pageSizes: [1] })
    expect(first.own).toEqual([{ a: 1_500_000_000n }, { a__v_text: '0.1234567891' }, { a__v_text: 'x' }])
    expect(first.types).toEqual(['a decimal', 'a__v_text text'])
    const second = run([{ a: new Decimal('0.1234567899') }], { schema: first.schema })
    expect(second.own).toEqual([{ a__v_text: '0.1234567899' }])
    expect(second.diff.tables).toEqual([])
  })

  it('go to the decimal variant where that holds them', () => {
    const schema = declared({ name: 'a', data_type: 'decimal', precision: 10, scale: 2 })
    const { own } = run(
      ['1.25', '1.234', '0.00000000001'].map((a) => ({ a: new Decimal(a) })),
      { schema },
    )
    expect(own).toEqual([{ a: 125n }, { a__v_decimal: 1_234_000_000n }, { a__v_text: '1E-11' }])
  })

  it('get a text column of another name where the text variant has another type', () => {
    const documents = [{ a: new Decimal(1) }, { a: '2024-01-02T03:04:05Z' }, { a: new Decimal('1e-10') }]
    const { own, types } = run(documents)
    expect(types.slice(0, 2)).toEqual(['a decimal', 'a__v_text timestamp'])
    expect(types[2]).toMatch(/^a__v_text_\w{8} text$/)
    expect(Object.values(Object(own[2]))).toEqual(['1E-10'])
    const again = run([{ a: new Decimal('1e-10') }], { schema: run(documents).schema })
    expect(again.types).toEqual(types)
  })

  it('keep clear of a key that is spelled like the text variant', () => {
    const { own, types } = run([{ a: new Decimal('1e-10'), a__v_text: 5 }])
    const [, other = ''] = Object.keys(Object(own[0])).sort()
    expect(other).toMatch(/^a__v_text_\w{8}$/)
    expect(own).toEqual([{ a__v_text: 5n, [other]: '1E-10' }])
    expect(types.toSorted()).toEqual(['a__v_text bigint', `${other} text`])
  })
})

describe('integers in columns of fewer bits', () => {
  const schema = declared({ name: 'a', data_type: 'bigint', precision: 8 })

  it('go to a variant column when they have more', () => {
    const values = [127, -128, 128, -129, 127n, 300n, '12', '300']
    expect(
      run(
        values.map((a) => ({ a })),
        { schema },
      ).own,
    ).toEqual([
      { a: 127n },
      { a: -128n },
      { a__v_bigint: 128n },
      { a__v_bigint: -129n },
      { a: 127n },
      { a__v_bigint: 300n },
      { a: 12n },
      { a__v_text: '300' },
    ])
  })

  it('stay as they are when all fit', () => {
    const { own, types } = run([{ a: 1 }, { a: 2n }], { schema })
    expect(own).toEqual([{ a: 1n }, { a: 2n }])
    expect(types).toEqual(['a bigint'])
  })

  it('are texts when the variant is too narrow as well', () => {
    const narrow = declared(
      { name: 'a', data_type: 'bigint', precision: 8 },
      { name: 'a__v_bigint', data_type: 'bigint', precision: 16, variant: true },
    )
    expect(run([{ a: 200 }, { a: 40_000 }], { schema: narrow }).own).toEqual([
      { a__v_bigint: 200n },
      { a__v_text: '40000' },
    ])
  })
})
