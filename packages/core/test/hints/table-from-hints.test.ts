import { type ColumnSchema, createSchema, DltError, type Schema, schemaNaming, type TableSchema } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { resolveHints } from '../../src/hints/resolved-hints.ts'
import type { ResourceOptions } from '../../src/hints/resource-options.ts'
import { tableFromHints } from '../../src/hints/table-from-hints.ts'

const fresh = createSchema('test')

function table(options: Omit<ResourceOptions, 'name'>, schema: Schema = fresh): TableSchema {
  const of = { options: { name: 'issues', ...options }, schema, naming: schemaNaming(schema) }
  return tableFromHints(resolveHints(options, 'issues'), 'issues', of)
}

const columns = (options: Omit<ResourceOptions, 'name'>): readonly ColumnSchema[] => [
  ...table(options).columns.values(),
]

describe('the table of hints', () => {
  it('has the resource and its disposition, append unless given', () => {
    expect(table({})).toEqual({ name: 'issues', columns: new Map(), write_disposition: 'append', resource: 'issues' })
    expect(table({ writeDisposition: 'replace' }).write_disposition).toBe('replace')
  })

  // As Python dlt 1.31 does for columns={'My Col': {'data_type': 'double'}, 'z': …, 'inc': {'nullable': False}},
  // primary_key=['a', 'Id X'].
  it('has declared columns in their order, then undeclared keys, all with normalized names', () => {
    const found = columns({
      columns: { 'My Col': { data_type: 'double' }, z: { data_type: 'text' }, inc: { nullable: false } },
      primaryKey: ['a', 'Id X'],
    })
    expect(found).toEqual([
      { name: 'my_col', data_type: 'double' },
      { name: 'z', data_type: 'text' },
      { name: 'inc', nullable: false },
      { name: 'a', nullable: false, primary_key: true },
      { name: 'id_x', nullable: false, primary_key: true },
    ])
  })

  it('takes a list of columns as well as a record', () => {
    const hint = { data_type: 'text', precision: 10 } as const
    expect(columns({ columns: [{ name: 'title', ...hint }] })).toEqual(columns({ columns: { title: hint } }))
    expect(columns({ columns: { key: { name: 'title', ...hint } } })).toEqual(columns({ columns: { title: hint } }))
  })

  it('leaves the nullability of a key column where it is declared', () => {
    expect(columns({ columns: { id: { data_type: 'bigint', nullable: true } }, primaryKey: 'id' })).toEqual([
      { name: 'id', data_type: 'bigint', nullable: true, primary_key: true },
    ])
  })

  it('drops key flags of columns that the key does not name', () => {
    expect(columns({ columns: { a: { primary_key: true }, b: {} }, primaryKey: 'b' })).toEqual([
      { name: 'a' },
      { name: 'b', nullable: false, primary_key: true },
    ])
  })

  it('merges columns whose names become one', () => {
    expect(columns({ columns: { 'User Id': { data_type: 'bigint' }, user_id: { unique: true } } })).toEqual([
      { name: 'user_id', data_type: 'bigint', unique: true },
    ])
    expect(columns({ columns: { 'User Id': { data_type: 'bigint' } }, primaryKey: 'user_id' })).toEqual([
      { name: 'user_id', data_type: 'bigint', nullable: false, primary_key: true },
    ])
  })

  it('notes the nesting, and keeps what normalize noted', () => {
    expect(table({ maxTableNesting: 2 })['x-normalizer']).toEqual({ max_nesting: 2 })
    const known: TableSchema = { ...table({}), 'x-normalizer': { 'seen-data': true } }
    const schema: Schema = { ...fresh, tables: new Map(fresh.tables).set('issues', known) }
    expect(table({ maxTableNesting: 0 }, schema)['x-normalizer']).toEqual({ 'seen-data': true, max_nesting: 0 })
  })

  it.each([' ', '', '____'])('refuses the column name "%s", of which nothing is left', (name) => {
    for (const options of [{ columns: { [name]: {} } }, { primaryKey: name }]) {
      try {
        table(options)
        expect.unreachable()
      } catch (error) {
        if (!DltError.is(error)) throw error
        expect(error.code).toBe('IDENTIFIER')
        expect(error.message).toBe(
          `Resource "issues": nothing is left of the column name "${name}" after normalizing it. Use a name with letters or digits.`,
        )
      }
    }
  })
})
