import { describe, expect, it } from 'vitest'
import {
  createSchema,
  DltError,
  normalizeFieldName,
  normalizeListName,
  type Schema,
  schemaNaming,
} from '../../src/index.ts'

const schema = createSchema('events')
const naming = schemaNaming(schema)

function withBreaking(breaksPaths: boolean | undefined): Schema {
  const { use_break_path_on_normalize: _, ...normalizers } = schema.normalizers
  const setting = breaksPaths === undefined ? {} : { use_break_path_on_normalize: breaksPaths }
  return { ...schema, normalizers: { ...normalizers, ...setting } }
}

describe('names of fields and lists', () => {
  it.each([
    [undefined, 'parent__child_x', 'parent__child_x'],
    [true, 'Parent__Child', 'parent__child'],
    [false, 'Parent__Child', 'parent_child'],
  ])('keep separators in keys or not: %s', (breaksPaths, key, expected) => {
    expect(normalizeFieldName(withBreaking(breaksPaths), naming, key)).toBe(expected)
    expect(normalizeListName(withBreaking(breaksPaths), naming, key)).toBe(expected)
  })

  it('treat names of tables as tables', () => {
    const tables = createSchema('events', { naming: 's3_tables' })
    expect(normalizeFieldName(tables, schemaNaming(tables), '_list')).toBe('_list')
    expect(normalizeListName(tables, schemaNaming(tables), '_list')).toBe('list')
  })

  it('are limited by the destination', () => {
    expect(normalizeFieldName(schema, schemaNaming(schema, 10), 'a_long_field_name')).toHaveLength(10)
  })

  it.each(['____', '', '  '])('are refused when nothing is left of "%s"', (key) => {
    const attempt = () => normalizeFieldName(schema, naming, key)
    expect(attempt).toThrow(
      `Nothing of the name "${key}" is left under the naming convention "snake_case". Rename it in the data, or use another naming convention.`,
    )
    expect(attempt).toThrow(expect.toSatisfy((error: unknown) => DltError.is(error) && error.context.path === key))
    expect(() => normalizeListName(schema, naming, key)).toThrow('Nothing of the name')
  })

  it('are refused when a case-sensitive SQL name vanishes', () => {
    const sql = createSchema('events', { naming: 'sql_cs_v1' })
    const old = { ...sql, normalizers: { ...sql.normalizers, use_break_path_on_normalize: false } }
    expect(() => normalizeFieldName(old, schemaNaming(old), '__')).toThrow('Nothing of the name "__" is left')
  })
})
