import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeTable } from '../../src/evolution/merge-table.ts'
import { diffSchemas } from '../../src/evolution/schema-diff.ts'
import {
  createSchema,
  createTable,
  schemaToDocument,
  schemaToJson,
  type TableSchema,
  updateTable,
  updateTables,
} from '../../src/index.ts'
import { anyColumn, anySchema, anyTable } from './arbitrary-schema.ts'

const columnName = fc.constantFrom('a', 'b', 'c', 'd', '1', '__proto__')
const table = anyTable(fc.constant('t'), columnName)

function merge(left: TableSchema, right: TableSchema): TableSchema {
  return mergeTable('s', left, right, true)
}

function text(value: TableSchema): string {
  return schemaToJson({ ...createSchema('s'), tables: new Map([['t', value]]) })
}

describe('merging tables', () => {
  it('is associative, with the order of columns and keys', () => {
    fc.assert(
      fc.property(table, table, table, (first, second, third) => {
        expect(text(merge(merge(first, second), third))).toBe(text(merge(first, merge(second, third))))
      }),
      { numRuns: 1000 },
    )
  })

  it('is not associative when keys are replaced: what a later table replaces depends on what it has', () => {
    const keyed = (column: string) => createTable('t', { columns: [{ name: column, primary_key: true }] })
    const none = createTable('t', { columns: [{ name: 'c' }] })
    const replace = (left: TableSchema, right: TableSchema) => mergeTable('s', left, right, false)
    expect(replace(replace(keyed('a'), keyed('b')), none).columns.get('a')?.primary_key).toBeUndefined()
    expect(replace(keyed('a'), replace(none, none)).columns.get('a')?.primary_key).toBe(true)
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(table, (given) => {
        expect(text(merge(given, given))).toBe(text(given))
      }),
    )
  })

  it('never loses a column, nor a data type', () => {
    fc.assert(
      fc.property(table, table, (first, second) => {
        const merged = merge(first, second)
        for (const column of [...first.columns.values(), ...second.columns.values()]) {
          const now = merged.columns.get(column.name)
          expect(now).toBeDefined()
          if (column.data_type !== undefined) expect(now?.data_type).toBeDefined()
        }
      }),
    )
  })

  it('does not change what it is given', () => {
    fc.assert(
      fc.property(table, table, (first, second) => {
        const before = [text(first), text(second)]
        merge(first, second)
        mergeTable('s', first, second, false)
        expect([text(first), text(second)]).toEqual(before)
      }),
    )
  })
})

describe('many tables at once', () => {
  const nested = (name: string, parent: string) =>
    fc.array(anyColumn(columnName), { maxLength: 3 }).map((columns) => createTable(name, { parent, columns }))
  const tables = fc
    .tuple(
      anyTable(fc.constant('t'), columnName),
      nested('t__l', 't'),
      nested('t__l__m', 't__l'),
      anyTable(fc.constant('u'), columnName),
      nested('u__l', 'u'),
    )
    .chain((all) => fc.subarray(all))

  it('come to what they come to one by one', () => {
    fc.assert(
      fc.property(tables, tables, (stored, added) => {
        const roots = [createTable('t'), createTable('t__l', { parent: 't' }), createTable('u')]
        const before = updateTables(createSchema('s'), [...roots, ...stored]).schema
        let schema = before
        for (const each of added) schema = updateTable(schema, each).schema
        const { schema: atOnce, diff } = updateTables(before, added)
        expect(schemaToDocument(atOnce)).toEqual(schemaToDocument(schema))
        expect(diff).toEqual(diffSchemas(before.tables, schema.tables))
      }),
    )
  })

  it('need the tables that they are nested in', () => {
    const orphan = createTable('t__l', { parent: 't' })
    expect(() => updateTables(createSchema('s'), [orphan, createTable('t')])).toThrow(
      'Table "t__l" is nested in "t", which schema "s" does not have. Declare the tables in between as well.',
    )
    expect([...updateTables(createSchema('s'), [createTable('t'), orphan]).schema.tables.keys()]).toEqual(
      expect.arrayContaining(['t', 't__l']),
    )
  })
})

describe('the difference that an update reports', () => {
  it('is empty if and only if the schema stays the same', () => {
    fc.assert(
      fc.property(anySchema, anyTable(fc.constantFrom('1', '日本語', 'x'), columnName), (schema, partial) => {
        const { schema: updated, diff } = updateTable(schema, partial)
        const again = updateTable(updated, partial)
        expect(again.diff.tables).toEqual([])
        expect(diff.tables.length === 0).toBe(JSON.stringify(diff) === '{"tables":[]}')
        expect(diff.tables.some((change) => change.created)).toBe(!schema.tables.has(partial.name))
      }),
    )
  })

  it('names every column that has a data type now and had none before', () => {
    fc.assert(
      fc.property(table, fc.array(anyColumn(columnName), { maxLength: 4 }), (first, columns) => {
        const before = updateTable(createSchema('s'), first).schema
        const { schema, diff } = updateTable(before, createTable('t', { columns }))
        const complete = (of: typeof before) =>
          [...(of.tables.get('t')?.columns.values() ?? [])]
            .filter((column) => column.data_type)
            .map((column) => column.name)
        const added = complete(schema).filter((name) => !complete(before).includes(name))
        expect(diff.tables[0]?.newColumns.map((column) => column.name) ?? []).toEqual(added)
      }),
    )
  })
})
