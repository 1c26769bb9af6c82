import { describe, expect, it } from 'vitest'
import { normalizeDocuments, type Row, type RunOptions } from './harness.ts'

/** Rows with the ids of root rows given by the data, so that nested ids can be compared. */
function rowsOf(documents: readonly unknown[], options: RunOptions = {}): Record<string, readonly Row[]> {
  return Object.fromEntries(normalizeDocuments(documents, options).rows)
}

describe('relational normalizing, vectors of the reference', () => {
  it('flattens objects and makes tables of lists', () => {
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
    const rows = rowsOf([document])
    expect(rows['tbl']).toEqual([
      { _dlt_id: 'ID1', id: 1n, name: 'x', nested__a_b: 1n, nested__deep__z: 2n, _dlt_load_id: 'LOAD1' },
    ])
    expect(rows['tbl__tags']).toEqual([
      { value: 'a', _dlt_parent_id: 'ID1', _dlt_list_idx: 0n, _dlt_id: 'qJouqlXiQBp73g' },
      { value: 'b', _dlt_parent_id: 'ID1', _dlt_list_idx: 1n, _dlt_id: '+rcnLJ7eVAX7dA' },
    ])
  })
})
