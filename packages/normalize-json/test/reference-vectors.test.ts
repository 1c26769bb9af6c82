import { nestedRowId } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { normalizeDocuments, type Row, type RunOptions } from './harness.ts'

type Tables = ReadonlyMap<string, readonly Row[]>

function tablesOf(documents: readonly unknown[], options: RunOptions = {}): Tables {
  return normalizeDocuments(documents, options).rows
}

/** Rows without the ids that differ from run to run. */
function withoutIds(rows: readonly Row[] | undefined): readonly Row[] {
  return (rows ?? []).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt_'))),
  )
}

function columnsOf(documents: readonly unknown[], table = 'tbl', options: RunOptions = {}): readonly string[] {
  return [...(normalizeDocuments(documents, options).schema.tables.get(table)?.columns.keys() ?? [])]
}

const nested = (parent: string, index: number, id: string): Row => ({
  _dlt_parent_id: parent,
  _dlt_list_idx: BigInt(index),
  _dlt_id: id,
})

describe('vectors of the reference', () => {
  const document = {
    _dlt_id: 'ID1',
    id: 1,
    name: 'x',
    Nested: { 'A B': 1, deep: { Z: 2 } },
    tags: ['a', 'b'],
    kids: [{ n: 1, gk: [{ m: 1 }] }, { n: 2 }],
    lol: [[1, 2], [3]],
    empty: [],
    edict: {},
    none: null,
    mixed: [1, { q: 1 }, [2], null],
  }
  const tables = tablesOf([document])

  it('flattens objects into columns', () => {
    const row = { _dlt_id: 'ID1', id: 1n, name: 'x', nested__a_b: 1n, nested__deep__z: 2n, _dlt_load_id: 'LOAD1' }
    expect(tables.get('tbl')).toEqual([row])
  })

  it('makes tables of lists, with ids that follow from the parent', () => {
    const [first, second] = tables.get('tbl__tags') ?? []
    expect(first).toEqual({ value: 'a', ...nested('ID1', 0, 'qJouqlXiQBp73g') })
    expect(second).toEqual({ value: 'b', ...nested('ID1', 1, '+rcnLJ7eVAX7dA') })
    expect(tables.get('tbl__kids')).toEqual([
      { n: 1n, ...nested('ID1', 0, '9MHqdwSsnxdgPw') },
      { n: 2n, ...nested('ID1', 1, '3L02/QcLaYmvXA') },
    ])
    expect(tables.get('tbl__kids__gk')).toEqual([{ m: 1n, ...nested('9MHqdwSsnxdgPw', 0, 'pJJ8Wt1cROd+Lg') }])
  })

  it('puts a row in between for lists of lists', () => {
    expect(tables.get('tbl__lol')?.map((row) => row['_dlt_list_idx'])).toEqual([0n, 1n])
    expect(tables.get('tbl__lol')?.[0]).toEqual(nested('ID1', 0, 'tJcGisrMCP+Xeg'))
    expect(withoutIds(tables.get('tbl__lol__list'))).toEqual([{ value: 1n }, { value: 2n }, { value: 3n }])
    expect(tables.get('tbl__lol__list')?.[0]?.['_dlt_id']).toBe('9eVNBwxFT2KKgA')
  })

  it('takes scalars, objects, lists and nulls of one list', () => {
    expect(withoutIds(tables.get('tbl__mixed'))).toEqual([{ value: 1n }, { q: 1n }, {}, {}])
    expect(withoutIds(tables.get('tbl__mixed__list'))).toEqual([{ value: 2n }])
  })

  it('makes no table of an empty list and no column of an empty object', () => {
    expect([...tables.keys()]).toEqual([
      'tbl',
      'tbl__tags',
      'tbl__kids',
      'tbl__kids__gk',
      'tbl__lol',
      'tbl__lol__list',
      'tbl__mixed',
      'tbl__mixed__list',
    ])
  })

  it('computes ids from the final name of a table', () => {
    const [row] =
      tablesOf([{ _dlt_id: 'abc', labels: [1, 2, 3, 4] }], { tableName: 'issues' }).get('issues__labels') ?? []
    expect(row?.['_dlt_id']).toBe(nestedRowId('abc', 'issues__labels', 0))
    expect(
      tablesOf([{ _dlt_id: 'abc', labels: [1, 2, 3, 4] }], { tableName: 'issues' }).get('issues__labels')?.[3],
    ).toEqual({
      value: 4n,
      ...nested('abc', 3, 'd1/mmNIUH5VG2A'),
    })
    expect(tablesOf([{ _dlt_id: 'custom', k: [1] }]).get('tbl__k')?.[0]?.['_dlt_id']).toBe('E1S8WIHe7jNdHw')
  })
})

describe('items that are no objects', () => {
  it('become the column "value"', () => {
    expect(withoutIds(tablesOf(['x', 1.5, true]).get('tbl'))).toEqual([
      { value: 'x' },
      { value: '1.5' },
      { value: 'True' },
    ])
  })

  it('become the table "value" when they are lists', () => {
    const tables = tablesOf([[1, 2]])
    expect(withoutIds(tables.get('tbl'))).toEqual([{}])
    expect(withoutIds(tables.get('tbl__value'))).toEqual([{ value: 1n }, { value: 2n }])
  })
})

describe('names', () => {
  it('calls a key of white space "_empty"', () => {
    expect(withoutIds(tablesOf([{ '': 1, a: { '': 3 } }]).get('tbl'))).toEqual([{ _empty: 1n, a___empty: 3n }])
  })

  it('names a nested table after all parts, and its parent after the containing row', () => {
    const { schema } = normalizeDocuments([{ a: { b: [{ c: { d: [1] } }] } }])
    const parents = [...schema.tables.values()]
      .filter(({ name }) => name.startsWith('tbl'))
      .map((t) => [t.name, t.parent])
    expect(parents).toEqual([
      ['tbl', undefined],
      ['tbl__a__b', 'tbl'],
      ['tbl__a__b__c__d', 'tbl__a__b'],
    ])
  })
})

describe('nesting limit', () => {
  it('keeps everything JSON at 0', () => {
    const tables = tablesOf([{ a: { b: 1 }, l: [1] }], { maxNesting: 0 })
    expect(withoutIds(tables.get('tbl'))).toEqual([{ a: '{"b":1}', l: '[1]' }])
  })

  it('counts objects and lists as levels', () => {
    const tables = tablesOf([{ a: { b: { c: 1 } }, l: [{ x: 1, z: { u: 1 }, y: [1] }] }], { maxNesting: 1 })
    expect(withoutIds(tables.get('tbl'))).toEqual([{ a__b: '{"c":1}' }])
    expect(withoutIds(tables.get('tbl__l'))).toEqual([{ x: 1n, z: '{"u":1}', y: '[1]' }])
  })

  it('counts a list of lists as two', () => {
    const tables = tablesOf([{ l: [[[1]]] }], { maxNesting: 2 })
    expect(withoutIds(tables.get('tbl__l'))).toEqual([{ list: '[[1]]' }])
  })
})

describe('order of columns', () => {
  it('puts scalars of a level before nested ones, and the last object first', () => {
    const columns = columnsOf([{ a: { x: 1 }, b: 1, c: { y: 1, z: { w: 1 } }, d: 1 }])
    expect(columns).toEqual(['b', 'd', 'c__y', 'c__z__w', 'a__x', '_dlt_load_id', '_dlt_id'])
  })

  it('follows the first values that are not null', () => {
    expect(
      columnsOf([
        { a: null, b: 1 },
        { a: 1, c: 1 },
      ]),
    ).toEqual(['b', '_dlt_load_id', '_dlt_id', 'a', 'c'])
  })

  it('places a variant where its value stood among new columns', () => {
    const first = [{ v: 1 }, { v: '5' }]
    const row = { x: 1, v: 'abc', y: 1 }
    const expected = ['v', '_dlt_load_id', '_dlt_id', 'x', 'v__v_text', 'y']
    expect(columnsOf([...first, row])).toEqual(expected)
    expect(columnsOf([...first, row], 'tbl', { pageSizes: [2, 1] })).toEqual(expected)
    expect(columnsOf([...first, row], 'tbl', { pageSizes: [1, 1, 1], backwards: true })).toEqual(expected)
  })

  it('puts the parent columns of nested rows after their own', () => {
    const columns = columnsOf([{ k: [{ n: 1 }] }], 'tbl__k')
    expect(columns).toEqual(['n', '_dlt_parent_id', '_dlt_list_idx', '_dlt_id'])
  })

  it('keeps the place that the data gives to a column of the system', () => {
    expect(columnsOf([{ _dlt_load_id: 'mine', k: 1 }])).toEqual(['_dlt_load_id', 'k', '_dlt_id'])
    expect(tablesOf([{ _dlt_load_id: 'mine', k: 1 }]).get('tbl')?.[0]?.['_dlt_load_id']).toBe('LOAD1')
  })
})

describe('types of one column', () => {
  it('coerces values, and gives the others a variant column', () => {
    const values = [1, 'x', 2, true, { a: 1 }, [1], '12']
    const tables = tablesOf(values.map((v) => ({ v })))
    expect(withoutIds(tables.get('tbl'))).toEqual([
      { v: 1n },
      { v__v_text: 'x' },
      { v: 2n },
      { v__v_bool: true },
      { v__a: 1n },
      {},
      { v: 12n },
    ])
    expect(withoutIds(tables.get('tbl__v'))).toEqual([{ value: 1n }])
  })

  it('describes a variant as the reference does', () => {
    const { schema } = normalizeDocuments([{ v: 1 }, { v: 'x' }])
    expect(schema.tables.get('tbl')?.columns.get('v__v_text')).toEqual({
      name: 'v__v_text',
      data_type: 'text',
      nullable: true,
      variant: true,
      description: 'Variant of column v__v_text generated by dlt',
    })
  })
})
