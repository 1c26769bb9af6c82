import { describe, expect, it } from 'vitest'
import {
  createSchema,
  createTable,
  propagateRootKeys,
  type Schema,
  updateSchema,
  updateTable,
} from '../../src/index.ts'

const empty = createSchema('events')
const withTables = (...tables: readonly Parameters<typeof updateTable>[1][]): Schema =>
  tables.reduce((schema, table) => updateTable(schema, table).schema, empty)

describe('merging the schema of a source', () => {
  it('takes its settings and adds its tables, parents first', () => {
    const nested = createTable('a__b', { parent: 'a' })
    const tables = new Map([['a__b', nested], ...withTables(createTable('a')).tables])
    const source: Schema = { ...empty, tables, settings: { detections: [], schema_contract: 'freeze' } }
    const { schema, diff } = updateSchema(withTables(createTable('own')), source)
    expect([...schema.tables.keys()]).toEqual(['_dlt_version', '_dlt_loads', 'own', 'a', 'a__b'])
    expect(schema.settings).toEqual({ detections: [], schema_contract: 'freeze' })
    expect(diff.tables.map((table) => [table.name, table.created])).toEqual([
      ['a', true],
      ['a__b', true],
    ])
  })

  it('normalizes names that a source declared', () => {
    const { schema } = updateSchema(empty, withTables(createTable('Mixed Case', { columns: [{ name: 'User ID' }] })))
    expect([...(schema.tables.get('mixed_case')?.columns.keys() ?? [])]).toEqual(['user_id'])
  })

  it('keeps how the pipeline normalizes, where the source does not say', () => {
    const own: Schema = {
      ...empty,
      normalizers: {
        ...empty.normalizers,
        use_break_path_on_normalize: false,
        allow_identifier_change_on_table_with_data: true,
      },
    }
    expect(updateSchema(own, empty).schema.normalizers).toMatchObject({
      use_break_path_on_normalize: false,
      allow_identifier_change_on_table_with_data: true,
    })
    const telling: Schema = { ...empty, normalizers: { ...empty.normalizers, use_break_path_on_normalize: true } }
    expect(updateSchema(own, telling).schema.normalizers.use_break_path_on_normalize).toBe(true)
  })

  it('can have rules for root keys again, of tables that the source does not name', () => {
    const merged = { writeDisposition: 'merge' } as const
    const { schema } = updateSchema(withTables(createTable('own', merged), createTable('added')), empty)
    expect(schema.normalizers.json.config?.propagation?.tables).toBeUndefined()
    expect(propagateRootKeys(schema).normalizers.json.config?.propagation?.tables).toEqual({
      own: { _dlt_id: '_dlt_root_id' },
    })
  })

  it('refuses another naming convention', () => {
    expect(() => updateSchema(empty, createSchema('events', { naming: 'direct' }))).toThrow(
      'Schema "events" uses the naming convention "snake_case" and cannot take over tables that use "direct". Use the same naming convention for both.',
    )
    const legacy: Schema = {
      ...empty,
      normalizers: { ...empty.normalizers, names: 'dlt.common.normalizers.naming.snake_case' },
    }
    expect(updateSchema(empty, legacy).schema.normalizers.names).toBe('dlt.common.normalizers.naming.snake_case')
  })

  it('changes nothing when there is nothing new', () => {
    const schema = withTables(createTable('a'))
    expect(updateSchema(schema, schema).diff.tables).toEqual([])
  })
})
