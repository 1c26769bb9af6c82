import { describe, expect, it } from 'vitest'
import { type ColumnSchema, createSchema, createTable, type TableSchema, updateTable } from '../../src/index.ts'

const declared: ColumnSchema = { name: 'v', data_type: 'bigint', nullable: true, precision: 8 }
const few: ColumnSchema = { ...declared, precision: 16, 'x-promoted-from': 'bigint' }
const { precision: _, ...all } = few

const tableWith = (column: ColumnSchema): TableSchema => createTable('items', { columns: [column] })

function merged(existing: ColumnSchema, incoming: ColumnSchema): TableSchema | undefined {
  const { schema } = updateTable(createSchema('events'), tableWith(existing))
  return updateTable(schema, tableWith(incoming)).schema.tables.get('items')
}

describe('a promoted column', () => {
  it('loses its precision where the wider type has none, though nothing else of it changes', () => {
    expect(merged(few, all)?.columns.get('v')).toEqual(all)
  })

  it('takes the place of the declared one', () => {
    expect(merged(declared, few)?.columns.get('v')).toEqual(few)
    expect(merged(declared, all)?.columns.get('v')).toEqual(all)
  })

  it('stays when hints declare the former type again', () => {
    expect(merged(few, declared)?.columns.get('v')).toEqual(few)
    expect(merged(all, declared)?.columns.get('v')).toEqual(all)
  })
})
