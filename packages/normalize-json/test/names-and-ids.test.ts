import { createSchema, createTable, nestedRowId, type Schema, updateTable } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { decodePage, normalizePage } from '../src/index.ts'
import { capabilities, normalizeDocuments, type Row, shredPages } from './harness.ts'

function own(rows: readonly Row[] | undefined): readonly unknown[] {
  return (rows ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt'))))
}

const id = (row: Row | undefined, column = '_dlt_id'): string => String(row?.[column])

describe('paths that meet in one name', () => {
  const documents = [{ 'A b': 1, a_b: 2 }, { a_b: 3 }]

  it('get columns of their own; the first in file order keeps the name', () => {
    const { rows, collisions, schema } = normalizeDocuments(documents)
    const [taken] = collisions
    expect(taken).toMatchObject({ table: 'tbl', what: 'column', path: ['a_b'], wanted: 'a_b' })
    expect(taken?.name).toMatch(/^a_b_[a-z0-9]{8}$/)
    expect(own(rows.get('tbl'))).toEqual([{ a_b: 1n, [taken?.name ?? '']: 2n }, { [taken?.name ?? '']: 3n }])
    expect(schema.tables.get('tbl')?.['x-column-names']).toEqual({ '["a_b"]': taken?.name })
  })

  it('keep the names that were recorded, and share the column in other packages', () => {
    const first = normalizeDocuments(documents)
    const second = normalizeDocuments([{ a_b: 4 }, { 'a B': 5 }], { schema: first.schema })
    expect(own(second.rows.get('tbl'))).toEqual([{ [first.collisions[0]?.name ?? '']: 4n }, { a_b: 5n }])
    expect(second.collisions).toEqual([])
    const shared = normalizeDocuments([{ 'A B': 6 }], { schema: normalizeDocuments([{ a_b: 1 }]).schema })
    expect([...(shared.schema.tables.get('tbl')?.columns.keys() ?? [])]).toEqual(['a_b', '_dlt_load_id', '_dlt_id'])
  })

  it('count from their first value, not from nulls', () => {
    const { collisions } = normalizeDocuments([{ 'A b': null }, { a_b: 1 }, { 'A b': 2 }])
    expect(collisions.map(({ path }) => path)).toEqual([['A b']])
  })

  it('get tables of their own', () => {
    const documents = [{ a: { b: [1] } }, { a: [{ b: [2] }] }]
    const { rows, collisions, schema } = normalizeDocuments(documents)
    const name = collisions[0]?.name ?? ''
    expect(collisions).toEqual([{ table: 'tbl__a', what: 'table', path: ['b'], wanted: 'tbl__a__b', name }])
    expect([own(rows.get('tbl__a__b')), own(rows.get(name))]).toEqual([[{ value: 1n }], [{ value: 2n }]])
    expect(schema.tables.get('tbl__a')?.['x-table-names']).toEqual({ '["b"]': name })
    const again = normalizeDocuments([{ a: [{ b: [3] }] }], { schema })
    expect(own(again.rows.get(name))).toEqual([{ value: 3n }])
    expect(again.collisions).toEqual([])
  })

  it('do not let a variant take the place of a column', () => {
    const { rows } = normalizeDocuments([
      { v: 1, v__v_text: 'mine' },
      { v: 'x', v__v_text: 'mine too' },
    ])
    const [first, second] = own(rows.get('tbl'))
    expect(first).toEqual({ v: 1n, v__v_text: 'mine' })
    expect(Object.values(second ?? {})).toEqual(['mine too', 'x'])
    expect(Object.keys(second ?? {})[1]).toMatch(/^v__v_text_[a-z0-9]{8}$/)
  })

  it('fit the longest name', () => {
    const identifiers = { maxLength: 20 }
    const { collisions } = normalizeDocuments([{ [`${'x'.repeat(18)}_Y`]: 1, [`${'x'.repeat(18)}_y`]: 2 }], {
      capabilities: { ...capabilities, identifiers },
    })
    expect(collisions[0]?.name).toHaveLength(20)
  })
})

describe('names', () => {
  it('are shortened once, over the whole path', () => {
    const identifiers = { maxLength: 63 }
    const document = { reactions_and_others: [{ labels_of_issue_number_one: [1] }] }
    const { schema } = normalizeDocuments([document], {
      tableName: 'issues_with_long_name',
      capabilities: { ...capabilities, identifiers },
    })
    expect([...schema.tables.keys()]).toContain('issues_with_long_name__reactiolu7aa__labels_of_issue_number_one')
  })

  it('respect a shorter limit for columns', () => {
    const identifiers = { maxLength: 63, maxColumnLength: 20 }
    const { schema } = normalizeDocuments([{ 'she plan will not go so well': 1 }], {
      capabilities: { ...capabilities, identifiers },
    })
    expect(schema.tables.get('tbl')?.columns.has('she_pla8pbkzqso_well')).toBe(true)
  })

  it('of which nothing is left are refused', () => {
    expect(() => normalizeDocuments([{ __: 1 }])).toThrow(/"__"/)
    expect(() => normalizeDocuments([{ a: 1 }], { tableName: '__' })).toThrow(/"__"/)
  })

  it('of tables are normalized', () => {
    expect([...normalizeDocuments([{ a: 1 }], { tableName: 'My Items' }).rows.keys()]).toEqual(['my_items'])
  })
})

describe('row ids', () => {
  it('are random in root tables: 10 bytes in base64', () => {
    const rows = normalizeDocuments(Array.from({ length: 1000 }, () => ({}))).rows.get('tbl') ?? []
    const ids = rows.map((row) => id(row))
    expect(new Set(ids).size).toBe(1000)
    expect(ids.every((each) => /^[A-Za-z0-9+/]{13}[AQgw]$/.test(each))).toBe(true)
    expect(new Set(ids.join('')).size).toBe(64)
  })

  it('of the data are used; empty ones are not, and other kinds become texts', () => {
    const { rows, schema } = normalizeDocuments([
      { _dlt_id: 'mine', l: [1] },
      { _dlt_id: '' },
      { _dlt_id: null },
      { _dlt_id: 5 },
      {},
    ])
    const ids = (rows.get('tbl') ?? []).map((row) => id(row))
    expect([ids[0], ids[3]]).toEqual(['mine', '5'])
    expect([1, 2, 4].map((index) => ids[index]?.length)).toEqual([14, 14, 14])
    expect(id(rows.get('tbl__l')?.[0])).toBe(nestedRowId('mine', 'tbl__l', 0))
    expect(schema.tables.get('tbl')?.columns.get('_dlt_id')).toMatchObject({ data_type: 'text', row_key: true })
  })

  it('of the data in every nested row need no link to the parent', () => {
    const { schema } = normalizeDocuments([{ k: [{ _dlt_id: 'x', z: 1 }, { _dlt_id: 'y' }] }])
    expect([...(schema.tables.get('tbl__k')?.columns.keys() ?? [])]).toEqual(['_dlt_id', 'z'])
  })

  it('of the data in some nested rows get one', () => {
    const { rows } = normalizeDocuments([{ _dlt_id: 'p', k: [{ _dlt_id: 'x' }, {}] }])
    expect(rows.get('tbl__k')).toEqual([
      { _dlt_id: 'x', _dlt_parent_id: 'p', _dlt_list_idx: 0n },
      { _dlt_id: nestedRowId('p', 'tbl__k', 1), _dlt_parent_id: 'p', _dlt_list_idx: 1n },
    ])
  })

  it('and links of the data stay together when rows of another dataset are loaded', () => {
    const row = { _dlt_id: 'x', _dlt_parent_id: 'q', _dlt_list_idx: 7 }
    expect(normalizeDocuments([{ k: [row] }]).rows.get('tbl__k')).toEqual([{ ...row, _dlt_list_idx: 7n }])
  })
})

describe('tables that are declared as root tables', () => {
  it('have load ids and random ids, also when lists fill them', () => {
    const schema = updateTable(createSchema('test'), createTable('tbl__k', {})).schema
    const result = normalizeDocuments([{ _dlt_id: 'p', k: [{ a: 1 }] }], { schema })
    const [row] = result.rows.get('tbl__k') ?? []
    expect(row).toEqual({ a: 1n, _dlt_load_id: 'LOAD1', _dlt_id: id(row) })
    expect(id(row)).not.toBe(nestedRowId('p', 'tbl__k', 0))
    expect(result.schema.tables.get('tbl__k')).toMatchObject({ write_disposition: 'append', resource: 'tbl__k' })
  })
})

describe('propagation', () => {
  function merged(config: NonNullable<Schema['normalizers']['json']['config']>): Schema {
    const schema = createSchema('test')
    return { ...schema, normalizers: { ...schema.normalizers, json: { ...schema.normalizers.json, config } } }
  }

  it('copies the id of the root row, before the columns of the parent', () => {
    const schema = merged({ propagation: { root: { _dlt_id: '_dlt_root_id' } } })
    const { rows, schema: evolved } = normalizeDocuments(
      [{ _dlt_id: 'R1' }, { _dlt_id: 'R2', k: [{ g: [1, 2] }, { g: [3] }] }],
      { schema },
    )
    expect(rows.get('tbl__k__g')?.map((row) => id(row, '_dlt_root_id'))).toEqual(['R2', 'R2', 'R2'])
    expect([...(evolved.tables.get('tbl__k')?.columns.keys() ?? [])]).toEqual([
      '_dlt_root_id',
      '_dlt_parent_id',
      '_dlt_list_idx',
      '_dlt_id',
    ])
    expect(evolved.tables.get('tbl__k')?.columns.get('_dlt_root_id')).toEqual({
      name: '_dlt_root_id',
      data_type: 'text',
      nullable: false,
      root_key: true,
    })
  })

  it('is set by the write disposition "merge"', () => {
    const table = createTable('tbl', { writeDisposition: 'merge', resource: 'tbl' })
    const { schema } = updateTable(createSchema('test'), table)
    const { rows } = normalizeDocuments([{ _dlt_id: 'R', k: [1] }], { schema })
    expect(id(rows.get('tbl__k')?.[0], '_dlt_root_id')).toBe('R')
  })

  it('copies any column, nulls included, and later levels win', () => {
    const tables = { tbl: { n: 'up', t: 'text_up' }, tbl__k: { m: 'up' } }
    const schema = merged({ propagation: { tables } })
    const documents = [
      { n: 1, t: 'a', k: [{ m: 5, g: [0] }] },
      { t: 'b', k: [{ g: [0], up: 99 }] },
    ]
    const { rows } = normalizeDocuments(documents, { schema })
    expect(own(rows.get('tbl__k'))).toEqual([{ m: 5n, up: 1n, text_up: 'a' }, { text_up: 'b' }])
    expect(own(rows.get('tbl__k__g'))).toEqual([
      { value: 0n, up: 5n, text_up: 'a' },
      { value: 0n, text_up: 'b' },
    ])
  })
})

describe('tables that got rows', () => {
  it('are marked as such, and lose the mark of their first evolution', () => {
    const table = createTable('tbl', {
      extensions: { 'x-normalizer': { 'evolve-columns-once': true, max_nesting: 3 } },
    })
    const { schema, rowCounts } = normalizeDocuments([{ l: [1, 2] }], {
      schema: updateTable(createSchema('t'), table).schema,
    })
    expect(schema.tables.get('tbl')?.['x-normalizer']).toEqual({ max_nesting: 3, 'seen-data': true })
    expect(schema.tables.get('tbl__l')?.['x-normalizer']).toEqual({ 'seen-data': true })
    expect([...rowCounts]).toEqual([
      ['tbl', 1],
      ['tbl__l', 2],
    ])
  })

  it('are told apart in the diff from those that only grew', () => {
    const first = normalizeDocuments([{ a: 1 }])
    const { diff } = normalizeDocuments([{ a: 2, b: 1, l: [1] }], { schema: first.schema })
    expect(
      diff.tables.map(({ name, created, newColumns }) => [name, created, newColumns.map((column) => column.name)]),
    ).toEqual([
      ['tbl', false, ['b']],
      ['tbl__l', true, ['value', '_dlt_parent_id', '_dlt_list_idx', '_dlt_id']],
    ])
    expect(normalizeDocuments([{ a: 3 }], { schema: first.schema }).diff).toEqual({ tables: [] })
  })

  it('warn of columns that had nulls only', () => {
    const { warnings } = normalizeDocuments([{ a: null, b: { c: null } }])
    expect(warnings.map(({ kind, column }) => [kind, column])).toEqual([
      ['null-only', 'a'],
      ['null-only', 'b__c'],
    ])
  })
})

describe('pages and plans', () => {
  it('that do not belong together are refused', () => {
    const { plan } = normalizeDocuments([{ a: 1 }])
    const foreign = (document: unknown): (() => unknown) => {
      const [bytes = new Uint8Array()] = shredPages([document])
      return () => normalizePage(decodePage(bytes), plan, { loadId: '1' })
    }
    expect(foreign({ l: [1] })).toThrow(/does not belong to the plan/)
    expect(foreign({ a: 'x' })).toThrow(/does not know the text values of "a"/)
  })
})
