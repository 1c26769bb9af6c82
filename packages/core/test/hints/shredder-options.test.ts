import {
  completePlan,
  createShredder,
  encodePage,
  normalizePage,
  planNormalization,
  readPageSummary,
} from '@dlt/normalize-json'
import {
  createSchema,
  createTable,
  namingConvention,
  type Schema,
  type TableBatch,
  type TableSchema,
  updateTable,
} from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { shredderOptions } from '../../src/hints/shredder-options.ts'

const naming = namingConvention('snake_case', 65_536)
const capabilities = {
  identifiers: { maxLength: 65_536 },
  types: {
    decimal: { precision: 38, scale: 9 },
    wei: { precision: 38, scale: 0 },
    timestamp: { precision: 6, maxPrecision: 9 },
  },
} as const

/** What documents of the table `items` come to: extracted as the schema says, then normalized. */
function load(documents: readonly object[], schema: Schema) {
  const shredder = createShredder(shredderOptions(schema, 'items', naming))
  for (const document of documents) shredder.add(document)
  const page = shredder.takePage()
  const summaries = [readPageSummary(encodePage(page))]
  const plan = planNormalization({ schema, rootTable: 'items', summaries, capabilities })
  const { batches, findings } = normalizePage(page, plan, { loadId: '1' })
  return { plan, batches, schema: completePlan(plan, [findings], schema).schema }
}

/** Tables with the columns of theirs that hold data. */
function dataColumns(batches: readonly TableBatch[]): object {
  return Object.fromEntries(
    batches.map(({ tableName, columns }) => [
      tableName,
      columns.flatMap(({ column: { name, data_type } }) => (name.startsWith('_dlt') ? [] : [`${name} ${data_type}`])),
    ]),
  )
}

function declared(schema: Schema, table: string, column: string, parent?: string): Schema {
  const hints: TableSchema = createTable(table, {
    columns: [{ name: column, data_type: 'json' }],
    ...(parent !== undefined && { parent }),
  })
  return updateTable(schema, hints).schema
}

describe('what stays JSON', () => {
  it('is what a column is declared as, or is preferred to be', () => {
    const schema = declared(createSchema('test'), 'items', 'a')
    const preferring = { ...schema, settings: { ...schema.settings, preferred_types: { 're:^raw': 'json' as const } } }
    const { batches } = load([{ a: { x: 1 }, b: { x: 1 }, raw_b: [1], l: [{ raw: {} }] }], preferring)
    expect(dataColumns(batches)).toEqual({ items: ['a json', 'raw_b json', 'b__x bigint'], items__l: ['raw json'] })
  })

  // Python and JavaScript differ on the last three.
  it.each(['', ' ', '\t\u2003', '\x1c', '\x1f\x85', '\ufeff'])('under the key %j is decided by its name', (key) => {
    const name = key === '\ufeff' ? 'x' : '_empty'
    const schema = declared(declared(createSchema('test'), 'items', name), `items__l`, `${name}__a`, 'items')
    const { batches } = load([{ [key]: { b: 1 }, l: [{ [key]: { a: [1], b: [2] } }] }], schema)
    expect(dataColumns(batches)).toEqual({
      items: [`${name} json`],
      items__l: [`${name}__a json`],
      [`items__l__${name}__b`]: ['value bigint'],
    })
  })

  it('is the same for columns and tables whose names were taken', () => {
    const documents = [
      { o: [{ x: { y: 1 } }], O: [{ x: { y: 1 }, l: [{ z: { y: 1 } }] }], c__d: 1, c: { d: { e: 1 } } },
    ]
    const { schema, plan } = load(documents, createSchema('test'))
    const renamed = plan.collisions.find(({ what }) => what === 'table')?.name ?? ''
    expect(renamed).toMatch(/^items__o_\w{8}$/)

    const deep = declared(declared(schema, renamed, 'x', 'items'), `${renamed}__l`, 'z', renamed)
    expect(dataColumns(load(documents, deep).batches)).toEqual({
      items: ['c__d bigint', 'c__d__e bigint'],
      items__o: ['x__y bigint'],
      [renamed]: ['x json'],
      [`${renamed}__l`]: ['z json'],
    })

    // The hint of the table that has the name says nothing of the other one.
    expect(dataColumns(load(documents, declared(schema, 'items__o', 'x', 'items')).batches)).toMatchObject({
      items__o: ['x json'],
      [renamed]: ['x__y bigint'],
    })
  })

  it('follows the name that a column got because its own was taken', () => {
    const { schema, plan } = load([{ a: 1, A: 2 }], createSchema('test'))
    const name = plan.collisions[0]?.name ?? ''
    expect(name).toMatch(/^a_\w{8}$/)
    const asJson = { ...schema.tables.get('items')?.columns.get(name), name, data_type: 'json' as const }
    const table = schema.tables.get('items')
    if (table === undefined) throw new Error('The table is missing.')
    const columns = new Map(table.columns).set(name, asJson)
    const changed = { ...schema, tables: new Map(schema.tables).set('items', { ...table, columns }) }
    expect(dataColumns(load([{ a: 1, A: { b: 1 } }], changed).batches)).toEqual({ items: ['a bigint', `${name} json`] })
  })
})

describe('how deep documents become tables', () => {
  it('is what the table says, else the schema, else 1000 levels', () => {
    const schema = createSchema('test')
    expect(shredderOptions(schema, 'items', naming).maxNesting).toBe(1000)
    const limited = updateTable(schema, { ...createTable('items'), 'x-normalizer': { max_nesting: 2 } }).schema
    expect(shredderOptions(limited, 'items', naming).maxNesting).toBe(2)
    const json = { ...limited.normalizers.json, config: { max_nesting: 3 } }
    const general = { ...limited, normalizers: { ...limited.normalizers, json } }
    expect(shredderOptions(general, 'others', naming).maxNesting).toBe(3)
    expect(shredderOptions(general, 'items', naming).maxNesting).toBe(2)
  })
})
