import { type ColumnSchema, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { normalizeDocuments, type RunOptions } from './harness.ts'

function declared(columns: readonly ColumnSchema[], schema: Schema = createSchema('test')): Schema {
  return updateTable(schema, createTable('tbl', { columns })).schema
}

function own(rows: readonly object[] | undefined): readonly unknown[] {
  return (rows ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt'))))
}

function run(documents: readonly unknown[], columns: readonly ColumnSchema[], options: RunOptions = {}) {
  const result = normalizeDocuments(documents, { ...options, schema: declared(columns, options.schema) })
  return { ...result, own: own(result.rows.get('tbl')), columns: result.schema.tables.get('tbl')?.columns }
}

describe('columns that are declared', () => {
  it('keep their type; values are coerced to it', () => {
    const { own, columns } = run(
      [{ t: 1, d: '1.5', b: 'yes', day: '2024-01-02T03:04:05Z' }],
      [
        { name: 't', data_type: 'text' },
        { name: 'd', data_type: 'double' },
        { name: 'b', data_type: 'bool' },
        { name: 'day', data_type: 'date' },
      ],
    )
    expect(own).toEqual([{ t: '1', d: 1.5, b: true, day: 19724 }])
    expect(columns?.get('t')).toEqual({ name: 't', data_type: 'text' })
  })

  it('without a type get one, keep their hints and move to the end', () => {
    const hints: readonly ColumnSchema[] = [
      { name: 'id', nullable: false, primary_key: true },
      { name: 'updated_at', incremental: true },
      { name: 'never', description: 'kept' },
    ]
    const { columns, diff } = run([{ x: 1, updated_at: '2024-01-02T03:04:05Z', id: 7 }], hints)
    expect([...(columns?.keys() ?? [])]).toEqual(['never', 'x', 'updated_at', 'id', '_dlt_load_id', '_dlt_id'])
    expect(JSON.stringify(columns?.get('id'))).toBe(
      '{"name":"id","nullable":false,"primary_key":true,"data_type":"bigint"}',
    )
    expect(JSON.stringify(columns?.get('updated_at'))).toBe(
      '{"name":"updated_at","incremental":true,"data_type":"timestamp","nullable":true}',
    )
    expect(columns?.get('never')).toEqual({ name: 'never', description: 'kept' })
    expect(diff.tables[0]?.newColumns.map(({ name }) => name)).toEqual([
      'x',
      'updated_at',
      'id',
      '_dlt_load_id',
      '_dlt_id',
    ])
  })

  it('as not null refuse nulls and rows without them', () => {
    const columns: readonly ColumnSchema[] = [{ name: 'id', data_type: 'bigint', nullable: false }]
    const message =
      'Column "id" of table "tbl" must not be null, but a row has no value for it, or one of another type. Fill or correct it in the data, or declare the column as nullable.'
    expect(() => run([{ id: 1 }, { id: null }], columns)).toThrow(message)
    expect(() => run([{ id: 1 }, { x: 1 }], columns)).toThrow(message)
    expect(() => run([{ x: 1 }], columns)).toThrow(message)
    expect(() => run([{ id: 1 }, { id: 'text' }], columns)).toThrow(message)
    expect(run([{ id: 1 }, { id: '2' }], columns).own).toEqual([{ id: 1n }, { id: 2n }])
  })

  it('as a key without a type must get a value', () => {
    expect(() => run([{ x: 1 }], [{ name: 'id', nullable: false, primary_key: true }])).toThrow(
      'Column "id" of table "tbl" was declared as not null (or as a key) but no row has a value for it. Check the name of the column, fill it, or declare its data type.',
    )
  })

  it('as JSON parse text, and give other values a variant', () => {
    const { own } = run([{ j: '{"b": [1, 2]}' }, { j: 5 }, { j: 'no json' }], [{ name: 'j', data_type: 'json' }])
    expect(own).toEqual([{ j: '{"b":[1,2]}' }, { j__v_bigint: 5n }, { j__v_text: 'no json' }])
  })
})

describe('decimals', () => {
  const money: ColumnSchema = { name: 'm', data_type: 'decimal', precision: 10, scale: 2 }

  it('take texts and numbers that fit', () => {
    const { own, batches } = run([{ m: '1.50' }, { m: 2 }, { m: 0.1 + 0.2 }, { m: null }], [money])
    expect(own).toEqual([{ m: 150n }, { m: 200n }, { m: 30n }, {}])
    const data = batches[0]?.columns.find(({ column }) => column.name === 'm')?.data
    expect(data).toMatchObject({ layout: 'decimal128', precision: 10, scale: 2 })
  })

  it('give digits that do not fit to a variant', () => {
    const { own, columns } = run([{ m: '1.234' }, { m: 123456789012 }], [money])
    expect(own).toEqual([{ m__v_text: '1.234' }, { m__v_bigint: 123456789012n }])
    expect(columns?.get('m__v_text')?.variant).toBe(true)
  })

  it('that the variant cannot take either are texts', () => {
    const wide = 10n ** 36n
    const tiny = { name: 'w', data_type: 'wei', precision: 3 } satisfies ColumnSchema
    const variant = { name: 'w__v_wei', data_type: 'wei', precision: 5, variant: true } satisfies ColumnSchema
    expect(run([{ w: wide }, { w: '1234' }, { w: 7n }], [tiny, variant]).own).toEqual([
      { w__v_text: String(wide) },
      { w__v_text: '1234' },
      { w: 7n },
    ])
  })

  it('of more than 38 digits are texts', () => {
    const { own, batches } = run([{ m: '1.5' }], [{ name: 'm', data_type: 'decimal', precision: 76, scale: 3 }])
    expect(own).toEqual([{ m: '1.500' }])
    expect(batches[0]?.columns[0]?.data.layout).toBe('utf8')
  })
})

describe('types of new columns', () => {
  it('follow the settings of the schema', () => {
    const fresh = createSchema('test')
    const settings = { ...fresh.settings, preferred_types: { amount: 'decimal', 're:_at$': 'timestamp' } } as const
    const schema: Schema = { ...fresh, settings: { ...settings, detections: [] } }
    const { rows, schema: evolved } = normalizeDocuments(
      [
        { amount: 'none', seen_at: 0, made: '2024-01-02T03:04:05Z' },
        { amount: '2.5', seen_at: 'x' },
      ],
      { schema },
    )
    const columns = [...(evolved.tables.get('tbl')?.columns.values() ?? [])].map(({ name, data_type }) => [
      name,
      data_type,
    ])
    expect(columns).toEqual([
      ['amount__v_text', 'text'],
      ['seen_at', 'timestamp'],
      ['made', 'text'],
      ['_dlt_load_id', 'text'],
      ['_dlt_id', 'text'],
      ['amount', 'decimal'],
      ['seen_at__v_text', 'text'],
    ])
    expect(own(rows.get('tbl'))).toEqual([
      { amount__v_text: 'none', seen_at: 0n, made: '2024-01-02T03:04:05Z' },
      { amount: 2_500_000_000n, seen_at__v_text: 'x' },
    ])
  })

  it('look at all numbers of the package, but at stored columns first', () => {
    const first = normalizeDocuments([{ v: 1, w: 2 }, { v: 2.5 }], { pageSizes: [1] })
    expect(own(first.rows.get('tbl'))).toEqual([{ v: 1, w: 2n }, { v: 2.5 }])
    const second = normalizeDocuments([{ w: 1.5, v: 1 }, { w: 3 }, { w: 4.25 }], { schema: first.schema })
    expect(own(second.rows.get('tbl'))).toEqual([{ v: 1, w__v_double: 1.5 }, { w: 3n }, { w__v_double: 4.25 }])
  })

  it('detect the type of a variant on the first value of its kind', () => {
    const { schema } = normalizeDocuments([{ v: 1 }, { v: '2024-01-02T03:04:05Z' }])
    expect(schema.tables.get('tbl')?.columns.get('v__v_text')?.data_type).toBe('timestamp')
    const documents = [{ v: 1 }, { v: '2024-01-02T03:04:05Z' }, { v: 'x' }]
    expect(() => normalizeDocuments(documents)).toThrow(
      'Values of kind "text" fit neither column "v" (bigint) of table "tbl" nor its variant column. To load them, declare the column with data_type "text" for the next extract, or convert the values before they are yielded.',
    )
  })

  it('limit the precision of times where the destination must', () => {
    const types = {
      decimal: { precision: 38, scale: 9 },
      wei: { precision: 38, scale: 0 },
      timestamp: { precision: 6, maxPrecision: 3 },
    }
    const { schema } = normalizeDocuments([{ t: new Date(0) }], {
      capabilities: { identifiers: { maxLength: 63 }, types },
    })
    expect(schema.tables.get('tbl')?.columns.get('t')).toEqual({
      name: 't',
      data_type: 'timestamp',
      nullable: true,
      precision: 3,
    })
  })
})
