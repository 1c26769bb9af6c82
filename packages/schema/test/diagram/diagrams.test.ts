import { describe, expect, test } from 'vitest'
import {
  createSchema,
  createTable,
  type Schema,
  schemaReferences,
  schemaToDbml,
  schemaToMermaid,
  updateTables,
} from '../../src/index.ts'

/** A schema with a nested table that has all keys, and a declared reference of two columns. */
function shop(): Schema {
  const orders = createTable('orders', {
    columns: [
      { name: 'id', data_type: 'bigint', nullable: false, primary_key: true, description: 'it\'s "the" id' },
      { name: 'price', data_type: 'decimal', precision: 10, scale: 2 },
      { name: 'hint_only', primary_key: false },
      { name: '_dlt_load_id', data_type: 'text', nullable: false },
      { name: '_dlt_id', data_type: 'text', nullable: false, unique: true, row_key: true },
    ],
    references: [
      { columns: ['id', 'price'], referenced_table: 'prices', referenced_columns: ['order_id', 'price'] },
      { columns: ['id'], referenced_table: 'nowhere', referenced_columns: ['id'] },
    ],
  })
  const prices = createTable('prices', {
    columns: [
      { name: 'order_id', data_type: 'bigint' },
      { name: 'price', data_type: 'decimal' },
    ],
  })
  const lines = createTable('orders__lines', {
    parent: 'orders',
    columns: [
      { name: '_dlt_parent_id', data_type: 'text', nullable: false, parent_key: true },
      { name: '_dlt_root_id', data_type: 'text', nullable: false, root_key: true },
    ],
  })
  return updateTables(createSchema('shop'), [orders, prices, lines, createTable('empty')]).schema
}

describe('references of a schema', () => {
  test('are those that tables declare, to loads, to parents and roots, and between the own tables', () => {
    const found = schemaReferences(shop()).map(({ table, label = '', referenced_table: to }) => [table, label, to])
    expect(found).toEqual([
      ['orders', '', 'prices'],
      ['orders', '_dlt_load', '_dlt_loads'],
      ['orders__lines', '_dlt_parent', 'orders'],
      ['orders__lines', '_dlt_root', 'orders'],
      ['_dlt_version', '_dlt_schema_version', '_dlt_loads'],
      ['_dlt_version', '_dlt_schema_name', '_dlt_loads'],
    ])
  })
})

describe('a diagram in Mermaid', () => {
  test('has tables with keys and comments, and relations', () => {
    expect(schemaToMermaid(shop(), { includeDltTables: false })).toBe(`erDiagram
    orders {
        bigint id PK "it's 'the' id"
        decimal price
        text _dlt_load_id
        text _dlt_id UK
    }
    prices {
        bigint order_id
        decimal price
    }
    orders__lines {
        text _dlt_parent_id
        text _dlt_root_id
    }
    orders ||--|{ prices : ""
    orders__lines }|--|| orders : "_dlt_parent"
    orders__lines }|--|| orders : "_dlt_root"
`)
  })

  test('has the tables of the system, and leaves descriptions out where that is asked for', () => {
    const text = schemaToMermaid(createSchema('shop'), { includeDescriptions: false })
    expect(text).toContain('    _dlt_loads {\n        text load_id\n')
    expect(text).toContain('    _dlt_version ||--|{ _dlt_loads : "_dlt_schema_version"\n')
  })

  test('spells names that its grammar does not take', () => {
    const table = createTable('my "orders" 100%', {
      columns: [
        { name: 'a b.c', data_type: 'text', description: 'two\nlines' },
        { name: '9', data_type: 'text' },
      ],
    })
    const { schema } = updateTables(createSchema('shop', { naming: 'direct' }), [table])
    expect(schemaToMermaid(schema, { includeDltTables: false })).toBe(`erDiagram
    "my 'orders' 100'" {
        text a_b_c "a b.c: two lines"
        text _ "9"
    }
`)
  })
})

describe('a schema in DBML', () => {
  test('has tables with settings and notes, and relations', () => {
    expect(schemaToDbml(shop(), { includeDltTables: false })).toBe(`Table "orders" {
  "id" bigint [pk, not null, note: 'it\\'s "the" id']
  "price" decimal(10,2)
  "_dlt_load_id" text [not null]
  "_dlt_id" text [unique, not null]
}

Table "prices" {
  "order_id" bigint
  "price" decimal
}

Table "orders__lines" {
  "_dlt_parent_id" text [not null]
  "_dlt_root_id" text [not null]
}

Ref: "orders".("id", "price") <> "prices".("order_id", "price")

Ref: "orders__lines"."_dlt_parent_id" > "orders"."_dlt_id"

Ref: "orders__lines"."_dlt_root_id" > "orders"."_dlt_id"
`)
  })

  test('has notes of tables, and none where that is asked for', () => {
    const schema = createSchema('shop')
    expect(schemaToDbml(schema)).toContain("  Note: 'Created by DLT. Tracks completed loads'\n}")
    expect(schemaToDbml(schema, { includeDescriptions: false })).not.toContain('ote:')
  })
})
