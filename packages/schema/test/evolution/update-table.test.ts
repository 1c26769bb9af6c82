import { describe, expect, it } from 'vitest'
import {
  bumpSchema,
  type ColumnSchema,
  createSchema,
  createTable,
  isSchemaModified,
  type Schema,
  type TableSchema,
  updateTable,
} from '../../src/index.ts'

const id: ColumnSchema = { name: 'id', data_type: 'bigint', nullable: false }
const name: ColumnSchema = { name: 'name', data_type: 'text', nullable: true }
const hint: ColumnSchema = { name: 'later', nullable: false, primary_key: true }

function schemaWith(...tables: readonly TableSchema[]): Schema {
  return tables.reduce((schema, table) => updateTable(schema, table).schema, createSchema('events'))
}

function columnsOf(schema: Schema, table: string): readonly ColumnSchema[] {
  return [...(schema.tables.get(table)?.columns.values() ?? [])]
}

describe('a new table', () => {
  it('joins the schema as it is, and is reported', () => {
    const schema = createSchema('events')
    const table = createTable('items', { columns: [id, hint] })
    const { schema: updated, diff } = updateTable(schema, table)
    expect(updated.tables.get('items')).toBe(table)
    expect(diff).toEqual({ tables: [{ name: 'items', created: true, newColumns: [id], changedColumns: [hint] }] })
  })

  it('leaves the schema before it untouched', () => {
    const schema = createSchema('events')
    updateTable(schema, createTable('items'))
    expect(schema.tables.has('items')).toBe(false)
    expect(isSchemaModified(schema)).toBe(false)
  })

  it('makes the schema modified, until it is bumped', () => {
    const schema = createSchema('events')
    const { schema: updated } = updateTable(schema, createTable('items'))
    expect(isSchemaModified(updated)).toBe(true)
    const bumped = bumpSchema(updated)
    expect(bumped).toMatchObject({ version: 2, previous_hashes: [schema.version_hash] })
    expect(isSchemaModified(bumped)).toBe(false)
  })

  it('needs its parent', () => {
    const nested = createTable('items__tags', { parent: 'items' })
    expect(() => updateTable(createSchema('events'), nested)).toThrow(
      'Table "items__tags" is nested in "items", which schema "events" does not have. Declare the tables in between as well.',
    )
    expect(updateTable(schemaWith(createTable('items')), nested).diff.tables[0]?.created).toBe(true)
  })
})

describe('columns of a table that exists', () => {
  it('get new ones at the end', () => {
    const { schema, diff } = updateTable(
      schemaWith(createTable('items', { columns: [id] })),
      createTable('items', { columns: [name] }),
    )
    expect(columnsOf(schema, 'items')).toEqual([id, name])
    expect(diff.tables).toEqual([{ name: 'items', created: false, newColumns: [name], changedColumns: [] }])
  })

  it('move to the end when they get a data type, with their hints kept and overridden', () => {
    const before = schemaWith(createTable('items', { columns: [hint, id] }))
    const complete: ColumnSchema = { name: 'later', data_type: 'text', nullable: true }
    const { schema, diff } = updateTable(before, createTable('items', { columns: [complete] }))
    const merged = { name: 'later', nullable: true, primary_key: true, data_type: 'text' }
    expect(columnsOf(schema, 'items')).toEqual([id, merged])
    expect(Object.keys(columnsOf(schema, 'items')[1] ?? {})).toEqual(['name', 'nullable', 'primary_key', 'data_type'])
    expect(diff.tables[0]?.newColumns).toEqual([merged])
  })

  it('keep their place when only settings change', () => {
    const before = schemaWith(createTable('items', { columns: [id, name] }))
    const { schema, diff } = updateTable(before, createTable('items', { columns: [{ name: 'id', nullable: true }] }))
    const changed = { ...id, nullable: true }
    expect(columnsOf(schema, 'items')).toEqual([changed, name])
    expect(diff.tables).toEqual([{ name: 'items', created: false, newColumns: [], changedColumns: [changed] }])
  })

  it('may even change their data type, in the schema', () => {
    const before = schemaWith(createTable('items', { columns: [id] }))
    const { diff } = updateTable(before, createTable('items', { columns: [{ name: 'id', data_type: 'text' }] }))
    expect(diff.tables[0]?.changedColumns).toEqual([{ ...id, data_type: 'text' }])
  })

  it('are not reported when nothing changes, whatever the order of their keys', () => {
    const before = schemaWith(createTable('items', { columns: [{ ...id, 'x-hint': { a: [1], b: 2 } }] }))
    const same: ColumnSchema = { 'x-hint': { b: 2, a: [1] }, nullable: false, data_type: 'bigint', name: 'id' }
    expect(updateTable(before, createTable('items', { columns: [same] })).diff).toEqual({ tables: [] })
  })
})

describe('hints of several columns together', () => {
  const keyed: ColumnSchema = { name: 'a', data_type: 'text', primary_key: true, cluster: true, unique: true }
  const before = schemaWith(createTable('items', { columns: [keyed, { ...keyed, name: 'b' }] }))
  const other = createTable('items', { columns: [{ name: 'c', primary_key: true, cluster: false }] })

  it('are merged by default', () => {
    const { schema } = updateTable(before, other)
    expect(columnsOf(schema, 'items').map((column) => column.primary_key)).toEqual([true, true, true])
  })

  it('are replaced when told so: only those that are set, in all columns', () => {
    const { schema, diff } = updateTable(before, other, { mergeCompoundProperties: false })
    expect(columnsOf(schema, 'items')).toEqual([
      { name: 'a', data_type: 'text', cluster: true, unique: true },
      { name: 'b', data_type: 'text', cluster: true, unique: true },
      { name: 'c', primary_key: true, cluster: false },
    ])
    expect(diff.tables[0]?.changedColumns.map((column) => column.name)).toEqual(['a', 'b', 'c'])
  })
})

describe('settings of a table that exists', () => {
  it('are overridden, added and never removed', () => {
    const before = schemaWith({
      ...createTable('items', { writeDisposition: 'replace', fileFormat: 'jsonl' }),
      description: 'kept',
    })
    const { schema, diff } = updateTable(before, { ...createTable('items'), 'x-hint': 1 })
    expect(schema.tables.get('items')).toMatchObject({
      write_disposition: 'append',
      file_format: 'jsonl',
      description: 'kept',
      'x-hint': 1,
    })
    expect(diff.tables).toEqual([{ name: 'items', created: false, newColumns: [], changedColumns: [] }])
  })

  it('cannot change the parent', () => {
    const before = schemaWith(
      createTable('items'),
      createTable('others'),
      createTable('items__tags', { parent: 'items' }),
    )
    expect(() => updateTable(before, createTable('items__tags', { parent: 'others' }))).toThrow(
      'Table "items__tags" of schema "events" has parent "items" and cannot get "others". Load the data into a table of another name.',
    )
    expect(() => updateTable(before, createTable('items__tags'))).toThrow('has parent "items" and cannot get none')
  })

  it('cannot give a resource to a nested table', () => {
    const before = schemaWith(createTable('items'), createTable('items__tags', { parent: 'items' }))
    expect(() => updateTable(before, createTable('items__tags', { parent: 'items', resource: 'tags' }))).toThrow(
      'has resource none and cannot get "tags"',
    )
  })
})

describe('references', () => {
  const reference = (table: string, column: string, label?: string) => ({
    columns: [column],
    referenced_table: table,
    referenced_columns: ['id'],
    ...(label && { label }),
  })
  const before = schemaWith(
    createTable('items', { references: [reference('users', 'user', 'first'), reference('shops', 'shop')] }),
  )

  function merged(...references: readonly ReturnType<typeof reference>[]) {
    return updateTable(before, createTable('items', { references })).schema.tables.get('items')?.references
  }

  it('are merged by the table they lead to', () => {
    expect(merged(reference('users', 'owner'), reference('cities', 'city'))).toEqual([
      reference('users', 'owner'),
      reference('shops', 'shop'),
      reference('cities', 'city'),
    ])
  })

  it('stay as they are when they pair the same columns', () => {
    expect(merged(reference('users', 'user', 'second'))?.[0]).toEqual(reference('users', 'user', 'first'))
  })

  it('are compared by pairs, whatever their order', () => {
    const pairs = { columns: ['a', 'b'], referenced_table: 'users', referenced_columns: ['x', 'y'] }
    const swapped = { columns: ['b', 'a'], referenced_table: 'users', referenced_columns: ['y', 'x'] }
    const schema = updateTable(createSchema('events'), createTable('items', { references: [pairs] })).schema
    expect(updateTable(schema, createTable('items', { references: [swapped] })).diff.tables).toEqual([])
  })
})

describe('the rule that copies ids of root rows', () => {
  const rules = (schema: Schema) => schema.normalizers.json.config?.propagation?.tables
  const merge = { writeDisposition: 'merge' } as const

  it('comes with tables that are merged', () => {
    expect(rules(schemaWith(createTable('items', merge)))).toEqual({ items: { _dlt_id: '_dlt_root_id' } })
    expect(rules(schemaWith(createTable('items')))).toBeUndefined()
  })

  it.each([
    ['delete-insert', true],
    ['upsert', true],
    ['insert-only', true],
    ['cdc', true],
    ['scd2', false],
  ])('depends on the merge strategy: %s', (strategy, needed) => {
    const table = createTable('items', { ...merge, extensions: { 'x-merge-strategy': strategy } })
    expect(rules(schemaWith(table)) !== undefined).toBe(needed)
  })

  it('takes the key of rows that is declared', () => {
    const table = createTable('items', { ...merge, columns: [{ name: 'own_key', row_key: true }] })
    expect(rules(schemaWith(table))).toEqual({ items: { own_key: '_dlt_root_id' } })
  })

  it('comes when a nested table has the column already', () => {
    const root: ColumnSchema = { name: '_dlt_root_id', data_type: 'text', root_key: true }
    const schema = schemaWith(createTable('items'), createTable('items__tags', { parent: 'items', columns: [root] }))
    expect(rules(schema)).toEqual({ items: { _dlt_id: '_dlt_root_id' } })
  })

  it('follows the setting of the schema before the merge strategy', () => {
    const base = createSchema('events')
    const configured = (propagates: boolean): Schema => ({
      ...base,
      normalizers: {
        ...base.normalizers,
        json: { ...base.normalizers.json, config: { root_key_propagation: propagates } },
      },
    })
    expect(rules(updateTable(configured(false), createTable('items', merge)).schema)).toBeUndefined()
    expect(rules(updateTable(configured(true), createTable('items')).schema)).toEqual({
      items: { _dlt_id: '_dlt_root_id' },
    })
  })

  it('leaves the tables of the system alone', () => {
    expect(rules(schemaWith(createTable('_dlt_pipeline_state', merge)))).toBeUndefined()
  })

  it('is not written twice, and keeps other rules', () => {
    const schema = schemaWith(createTable('items', merge), createTable('others', merge))
    expect(Object.keys(rules(schema) ?? {})).toEqual(['items', 'others'])
    expect(updateTable(schema, createTable('items', merge)).schema.normalizers).toBe(schema.normalizers)
  })

  it('works for a table of any name', () => {
    const base = createSchema('events', { naming: 'direct' })
    const schema = updateTable(base, createTable('__proto__', merge)).schema
    expect(Object.entries(rules(schema) ?? {})).toEqual([['__proto__', { _dlt_id: '_dlt_root_id' }]])
    expect(updateTable(schema, createTable('__proto__', merge)).schema.normalizers).toBe(schema.normalizers)
  })
})
