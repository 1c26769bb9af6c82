import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  alterSchema,
  type ColumnSchema,
  createSchema,
  createTable,
  currentColumnName,
  droppedColumns,
  type Schema,
  schemaFromJson,
  schemaToJson,
  updateTable,
} from '../../src/index.ts'

const text = (name: string, more: Partial<ColumnSchema> = {}): ColumnSchema => ({ name, data_type: 'text', ...more })

const shop = (...columns: readonly ColumnSchema[]): Schema =>
  updateTable(createSchema('shop'), createTable('orders', { columns })).schema

const columnsOf = (schema: Schema): readonly string[] => [...(schema.tables.get('orders')?.columns.keys() ?? [])]

describe('dropping a column', () => {
  test('takes it and its variants away, and says so to the destination', () => {
    const known = shop(text('a'), text('v'), text('v__v_bigint', { variant: true }), text('v__value'))
    const { schema, alterations } = alterSchema(known, { table: 'orders', dropColumn: 'v' })
    expect(columnsOf(schema)).toEqual(['a', 'v__value'])
    expect(alterations).toEqual([
      { tableName: 'orders', column: 'v' },
      { tableName: 'orders', column: 'v__v_bigint' },
    ])
    expect(droppedColumns(schema.tables.get('orders'))).toEqual(['v'])
    expect(schema.version).toBe(known.version + 1)
    expect(schemaFromJson(schemaToJson(schema))).toEqual(schema)
  })

  test('holds against hints that bring it back', () => {
    const { schema } = alterSchema(shop(text('a'), text('b')), { table: 'orders', dropColumn: 'b' })
    const again = updateTable(schema, createTable('orders', { columns: [text('b'), text('c')] })).schema
    expect(columnsOf(again)).toEqual(['a', 'c'])
  })
})

describe('renaming a column', () => {
  test('renames no column that is called like something that every object has', () => {
    const { schema } = alterSchema(shop(text('a'), text('b')), {
      table: 'orders',
      renameColumn: { from: 'a', to: 'c' },
    })
    const table = schema.tables.get('orders')
    for (const name of ['constructor', 'toString', '__proto__']) expect(currentColumnName(table, name)).toBe(name)
    expect(currentColumnName(undefined, 'constructor')).toBe('constructor')
  })

  test('keeps its place, its properties and its variants, and follows in references', () => {
    const referring = createTable('lines', {
      columns: [text('order')],
      references: [{ columns: ['order'], referenced_table: 'orders', referenced_columns: ['b'] }],
    })
    const known = updateTable(
      shop(text('a'), text('b', { unique: true }), text('b__v_text', { variant: true })),
      referring,
    )
    const { schema, alterations } = alterSchema(known.schema, {
      table: 'orders',
      renameColumn: { from: 'b', to: 'New Name' },
    })
    expect(columnsOf(schema)).toEqual(['a', 'new_name', 'new_name__v_text'])
    expect(schema.tables.get('orders')?.columns.get('new_name')).toEqual(text('new_name', { unique: true }))
    expect(alterations).toEqual([
      { tableName: 'orders', column: 'b', to: 'new_name' },
      { tableName: 'orders', column: 'b__v_text', to: 'new_name__v_text' },
    ])
    expect(schema.tables.get('lines')?.references?.[0]?.referenced_columns).toEqual(['new_name'])
  })

  test('sends hints for the old name to the new one', () => {
    const { schema } = alterSchema(shop(text('a')), { table: 'orders', renameColumn: { from: 'a', to: 'b' } })
    const hinted = createTable('orders', { columns: [text('a', { description: 'd' })] })
    expect([...(updateTable(schema, hinted).schema.tables.get('orders')?.columns.values() ?? [])]).toEqual([
      text('b', { description: 'd' }),
    ])
  })

  test('follows in the names of paths that are on record', () => {
    const table = createTable('orders', {
      columns: [text('a_1')],
      extensions: { 'x-column-names': { '["A"]': 'a_1' } },
    })
    const known = updateTable(createSchema('shop'), table).schema
    const { schema } = alterSchema(known, { table: 'orders', renameColumn: { from: 'a_1', to: 'b' } })
    expect(schema.tables.get('orders')?.['x-column-names']).toEqual({ '["A"]': 'b' })
  })

  test('as often as one likes leads from the first name to the last one', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(names, (chain) => {
        const [first = '', ...rest] = chain
        let schema = shop(text(first))
        let current = first
        for (const to of rest) {
          schema = alterSchema(schema, { table: 'orders', renameColumn: { from: current, to } }).schema
          current = to
        }
        expect(columnsOf(schema)).toEqual([current])
        expect(currentColumnName(schema.tables.get('orders'), first)).toBe(current)
        const back = alterSchema(schema, { table: 'orders', renameColumn: { from: current, to: first } }).schema
        expect([columnsOf(back), back.tables.get('orders')?.['x-renamed-columns']]).toEqual([[first], {}])
      }),
    )
  })

  test('to a name that was dropped is refused, and so is a column that is copied into nested tables', () => {
    const { schema } = alterSchema(shop(text('a'), text('b')), { table: 'orders', dropColumn: 'b' })
    expect(() => alterSchema(schema, { table: 'orders', renameColumn: { from: 'a', to: 'b' } })).toThrow(
      'Column "a" of table "orders" (schema "shop") cannot be dropped or renamed: a column "b" was dropped. Choose another name.',
    )
    const { normalizers } = schema
    const json = { ...normalizers.json, config: { propagation: { root: { a: 'root_a' } } } }
    const copied = { ...schema, normalizers: { ...normalizers, json } }
    expect(() => alterSchema(copied, { table: 'orders', dropColumn: 'a' })).toThrow(
      'Column "a" of table "orders" (schema "shop") cannot be dropped or renamed: its values are copied into nested tables. Take the rule out of the schema first.',
    )
  })
})
