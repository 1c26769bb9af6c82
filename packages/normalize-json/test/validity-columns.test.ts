import { createSchema, createTable, updateTable } from '@dlt/schema'
import { expect, it } from 'vitest'
import { normalizeDocuments } from './harness.ts'

const normalize = (table: object, document: object) => {
  const columns = [
    { name: 'valid_from', data_type: 'timestamp', nullable: true, 'x-valid-from': true },
    { name: 'valid_to', data_type: 'timestamp', nullable: true, 'x-valid-to': true },
  ] as const
  const stored = { ...createTable('tbl', { columns }), ...table }
  return normalizeDocuments([document], { schema: updateTable(createSchema('test'), stored).schema })
}
const history = { write_disposition: 'merge', 'x-merge-strategy': 'scd2' }

it.each(['valid_from', 'valid_to'])(
  'a value in a column that the load fills is not lost without a word: %s',
  (name) => {
    expect(() => normalize(history, { id: 1, [name]: '2020-01-01T00:00:00Z' })).toThrow(
      `Column "${name}" of table "tbl" says when versions of rows are valid. The load fills it, but the data has values for it, which would be lost. Leave the field out of the data, or give other validityColumnNames.`,
    )
  },
)

it('null says nothing, and other dispositions load what the data has', () => {
  expect(normalize(history, { id: 1, valid_from: null }).rows.get('tbl')).toHaveLength(1)
  const moment = '2020-01-01T00:00:00Z'
  expect(normalize({ write_disposition: 'append' }, { valid_from: moment }).rows.get('tbl')).toHaveLength(1)
})
