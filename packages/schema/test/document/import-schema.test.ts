import { describe, expect, test } from 'vitest'
import {
  bumpSchema,
  type ColumnSchema,
  createSchema,
  createTable,
  DltError,
  importSchema,
  isFileChanged,
  locateInSchemaText,
  newSchemaFromFile,
  type Schema,
  schemaFromYaml,
  schemaToYaml,
  type TableSchema,
  updateTables,
} from '../../src/index.ts'

const seen = { 'x-normalizer': { 'seen-data': true } } as const

const schemaWith = (...tables: readonly TableSchema[]): Schema =>
  bumpSchema(updateTables(createSchema('shop'), tables).schema)

const table = (name: string, columns: readonly ColumnSchema[], extensions = {}): TableSchema =>
  createTable(name, { columns, extensions })

const id: ColumnSchema = { name: 'id', data_type: 'bigint' }

describe('whether a schema file was changed', () => {
  const known = schemaWith(table('orders', [id], seen))

  test('is no for what was exported, with marks or without, and for what was imported', () => {
    expect(isFileChanged(known, schemaFromYaml(schemaToYaml(known, { removeDefaults: true })))).toBe(false)
    const file = schemaFromYaml(schemaToYaml(known, { removeDefaults: true, removeProcessingHints: true }))
    expect(isFileChanged(known, file)).toBe(false)
    const other = schemaWith(table('orders', [{ name: 'id' }]))
    expect(isFileChanged({ ...known, imported_version_hash: other.version_hash }, other)).toBe(false)
  })

  test('is yes for anything else', () => {
    expect(isFileChanged(known, schemaWith(table('orders', [{ name: 'id' }])))).toBe(true)
  })
})

describe('a schema that begins with a file', () => {
  test('is linked to it, and has no marks', () => {
    const file = schemaWith(table('orders', [{ ...id, 'x-normalizer': { 'seen-null-first': false } }], seen))
    const { version_hash: hash, imported_version_hash: link, tables } = newSchemaFromFile(file)
    expect(tables.get('orders')).toEqual({ ...table('orders', [id]) })
    expect([link, hash === link]).toEqual([file.version_hash, false])
  })
})

describe('a schema that takes the content of a file', () => {
  test('keeps tables and columns that have data behind those of the file, and where their values are', () => {
    const records = { ...seen, 'x-column-names': { '["A"]': 'a_1' } }
    const known = schemaWith(
      table('orders', [id, { name: 'price', data_type: 'double' }, { name: 'hint' }], records),
      table('gone', [id], seen),
      table('never', [id]),
    )
    const file = schemaWith(
      table('new', [id]),
      table('orders', [
        { name: 'note', data_type: 'text' },
        { name: 'price', nullable: false },
      ]),
    )
    const schema = importSchema(known, file)
    expect([...schema.tables.keys()]).toEqual(['_dlt_version', '_dlt_loads', 'new', 'orders', 'gone'])
    const orders = schema.tables.get('orders')
    expect([...(orders?.columns.values() ?? [])]).toEqual([
      { name: 'note', data_type: 'text' },
      { name: 'price', nullable: false, data_type: 'double' },
      id,
    ])
    expect(orders).toMatchObject(records)
    expect(schema.version).toBe(known.version + 1)
    expect(schema.previous_hashes[0]).toBe(known.version_hash)
    expect(schema.imported_version_hash).toBe(file.version_hash)
    expect(isFileChanged(schema, file)).toBe(false)
  })

  test('takes settings and types of tables without data from the file', () => {
    const known = schemaWith(table('orders', [id]))
    const file = bumpSchema({
      ...schemaWith(table('orders', [{ name: 'id', data_type: 'text' }])),
      settings: { detections: [] },
    })
    const schema = importSchema(known, file)
    expect(schema.tables.get('orders')?.columns.get('id')?.data_type).toBe('text')
    expect(schema.settings).toEqual({ detections: [] })
  })

  test('keeps its version where the file says the same', () => {
    const known = schemaWith(table('orders', [id], seen))
    expect(importSchema(known, { ...known, version: 77 })).toEqual({
      ...known,
      imported_version_hash: known.version_hash,
    })
  })

  test.each([
    ['type', { name: 'id', data_type: 'text' }, '"text"', '"bigint"'],
    ['precision', { ...id, precision: 32 }, '"bigint" (precision 32)', '"bigint"'],
  ] as const)('refuses another %s for a column that has data', (_, column, declared, has) => {
    const known = schemaWith(table('orders', [id], seen))
    expect(() => importSchema(known, schemaWith(table('orders', [column])))).toThrow(
      new DltError(
        `it declares column "id" of table "orders" as ${declared}, but the column has data as ${has}. Put the type back, give the column another name, or load into another dataset.`,
        { code: 'SCHEMA', context: { schema: 'shop', table: 'orders', column: 'id' } },
      ),
    )
  })

  test('refuses another parent for a table that has data', () => {
    const lines = createTable('lines', { parent: 'orders', columns: [id], extensions: seen })
    const known = schemaWith(table('orders', [id], seen), lines)
    expect(() => importSchema(known, schemaWith(table('orders', [id]), table('lines', [id])))).toThrow(
      'it moves table "lines", which has data and is nested in "orders". Put its parent back, or give the table another name.',
    )
  })
})

describe('a path in the text of a schema', () => {
  const yaml = 'name: shop\ntables:\n  orders:\n    references:\n    - columns: [id]\n      colour: red\n'

  test('has a line and a column, in YAML and in JSON', () => {
    expect(locateInSchemaText(yaml, '/tables/orders')).toEqual({ line: 3, column: 3 })
    expect(locateInSchemaText(yaml, '/tables/orders/references/0/colour')).toEqual({ line: 6, column: 7 })
    expect(locateInSchemaText('{\n "tables": {"a": 1}\n}', '/tables/a')).toEqual({ line: 2, column: 13 })
  })

  test('that is not there has none', () => {
    expect(locateInSchemaText(yaml, '/tables/users')).toBeUndefined()
    expect(locateInSchemaText(yaml, '/tables/orders/references/1')).toBeUndefined()
    expect(locateInSchemaText(yaml, '/name/of')).toBeUndefined()
  })
})
