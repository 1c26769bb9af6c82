import { type ColumnSchema, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { completePlan, type PlanCapabilities, planNormalization, readPageSummary } from '../src/index.ts'
import { capabilities, shredPages } from './harness.ts'

const declared = (column: Omit<ColumnSchema, 'name'>, seen = true): Schema => {
  const columns = [{ name: 'v', nullable: true, ...column }]
  const table = createTable('tbl', { columns })
  const extensions = seen ? { 'x-normalizer': { 'seen-data': true } } : {}
  return updateTable(createSchema('test'), { ...table, ...extensions }).schema
}

const limited = {
  ...capabilities,
  types: { ...capabilities.types, decimal: { precision: 38, scale: 9, maxPrecision: 38 }, textPrecision: 'characters' },
} as const

/** The column that values of `v` go to. */
function columnFor(
  schema: Schema,
  values: readonly unknown[],
  of: PlanCapabilities = limited,
): Partial<ColumnSchema> | undefined {
  const pages = shredPages(
    values.map((v) => ({ v })),
    { pageSizes: [1] },
  )
  const input = { schema, rootTable: 'tbl', capabilities: of, summaries: pages.map(readPageSummary), promotes: true }
  const field = [...(planNormalization(input).tables[0]?.fields.values() ?? [])].find(({ path }) => path[0] === 'v')
  const { name: _, nullable: __, ...column } = field?.column ?? { name: '' }
  return column
}

const money = declared({ data_type: 'decimal', precision: 6, scale: 2 })

describe('decimal columns', () => {
  it.each([
    ['digits before the point', [new Decimal('12345.5')], { precision: 7, scale: 2 }],
    ['digits after the point', [new Decimal('1.234')], { precision: 7, scale: 3 }],
    ['both, of different rows', [new Decimal('1.234'), new Decimal('12345')], { precision: 8, scale: 3 }],
    ['integers', [123456], { precision: 8, scale: 2 }],
    ['negative integers', [-123456], { precision: 8, scale: 2 }],
    ['integers of 64 bits', [123456n], { precision: 8, scale: 2 }],
    ['doubles, whose fractions are rounded', [123456.789], { precision: 8, scale: 2 }],
  ])('get as many digits as values have: %s', (_, values, digits) => {
    expect(columnFor(money, values)).toEqual({ data_type: 'decimal', ...digits, 'x-promoted-from': 'decimal' })
  })

  it('stay as they are where values fit', () => {
    const column = { data_type: 'decimal', precision: 6, scale: 2 }
    expect(columnFor(money, [new Decimal('1234.56'), 9999, 5n, 1.005])).toEqual(column)
  })

  it('stay as they are where the destination has no type for all digits: variant columns take them', () => {
    expect(columnFor(money, [new Decimal(`1${'0'.repeat(36)}.5`)])).not.toHaveProperty('x-promoted-from')
    expect(columnFor(declared({ data_type: 'decimal' }), [new Decimal('1.0123456789')])).toEqual({
      data_type: 'decimal',
    })
  })

  it.each(['primary_key', 'merge_key', 'unique'] as const)('stay as they are under %s', (hint) => {
    const column = { data_type: 'decimal', precision: 6, scale: 2, [hint]: true } as const
    expect(columnFor(declared(column), [new Decimal('12345.5')])).toEqual(column)
  })

  it('keep the type that they first had in mind', () => {
    const column = { data_type: 'decimal', precision: 6, scale: 2, 'x-promoted-from': 'bigint' } as const
    expect(columnFor(declared(column), [new Decimal('12345.5')])).toMatchObject({
      precision: 7,
      'x-promoted-from': 'bigint',
    })
  })
})

describe('text columns', () => {
  const name = declared({ data_type: 'text', precision: 3 })
  const any = { data_type: 'text', 'x-promoted-from': 'text' }

  it('lose their precision with the first longer text', () => {
    expect(columnFor(name, ['abc', 'abcd'])).toEqual(any)
    expect(columnFor(name, ['abc'])).toEqual({ data_type: 'text', precision: 3 })
  })

  it('count characters or bytes, as the destination does', () => {
    expect(columnFor(name, ['äöü'])).toEqual({ data_type: 'text', precision: 3 })
    const inBytes = { ...limited, types: { ...limited.types, textPrecision: 'bytes' } } as const
    expect(columnFor(name, ['äöü'], inBytes)).toEqual(any)
  })

  it('stay as declared where the destination takes longer texts', () => {
    const { textPrecision: _, ...types } = limited.types
    expect(columnFor(name, ['abcd'], { ...limited, types })).toEqual({ data_type: 'text', precision: 3 })
  })

  it('also keys and columns that are new', () => {
    expect(columnFor(declared({ data_type: 'text', precision: 3, primary_key: true }), ['abcd'])).toMatchObject(any)
    expect(columnFor(declared({ data_type: 'text', precision: 3 }, false), ['abcd'])).toEqual(any)
  })
})

it('a promotion is in the schema that a package results in', () => {
  const pages = shredPages([{ v: new Decimal('1.234') }])
  const summaries = pages.map(readPageSummary)
  const plan = planNormalization({ schema: money, rootTable: 'tbl', capabilities: limited, summaries, promotes: true })
  const columns = [{ field: [...(plan.tables[0]?.fields.keys() ?? [])][0] ?? '', kind: 'decimal' as const }]
  const found = columns.map((one) => ({ ...one, firstTaken: 0, firstVariant: -1, firstOverflow: -1 }))
  const findings = [{ tables: [{ table: 0, rowCount: 1, columns: found }], rejections: [] }]
  const { schema } = completePlan(plan, findings, money)
  expect(schema.tables.get('tbl')?.columns.get('v')).toMatchObject({ precision: 7, scale: 3 })
})
