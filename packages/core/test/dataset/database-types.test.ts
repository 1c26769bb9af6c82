import { type ColumnSchema, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { databaseTypes } from '../../src/dataset/types/database-types.ts'

const seen = { 'x-normalizer': { 'seen-data': true } } as const

const withTable = (schema: Schema, name: string, columns: readonly ColumnSchema[]): Schema => {
  const table = { ...createTable(name, { resource: name, columns }), ...seen }
  return updateTable(schema, table).schema
}

const ownTypes = (text: string): string => text.slice(text.indexOf('  items: {'))

test('a column that only one of two schemas has may be null, and types of both count', () => {
  const one = withTable(createSchema('one'), 'items', [
    { name: 'id', data_type: 'bigint', nullable: false },
    { name: 'mine', data_type: 'text', nullable: false },
  ])
  const two = withTable(createSchema('two'), 'items', [
    { name: 'id', data_type: 'text', nullable: false },
    { name: 'other', data_type: 'date', nullable: false },
  ])
  const text = databaseTypes([one, two], (name) => name)
  expect(text).toContain("import type { PlainDate, PreciseDateTime } from '@dlt/core'")
  expect(ownTypes(text)).toBe(`  items: {
    id: number | bigint | string
    mine: string | null
    other: PlainDate | null
  }
}
`)
})

test('incomplete columns and tables without data are left out', () => {
  const schema = withTable(createSchema('one'), 'items', [{ name: 'id', data_type: 'bool' }, { name: 'later' }])
  const unseen = updateTable(
    schema,
    createTable('unseen', { resource: 'unseen', columns: [{ name: 'a', data_type: 'text' }] }),
  ).schema
  expect(ownTypes(databaseTypes([unseen], (name) => name))).toBe('  items: {\n    id: boolean | null\n  }\n}\n')
})

test('any name is one key, in a text without other lines', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
      const schema = withTable(createSchema('one'), 'items', [{ name, data_type: 'text' }])
      const lines = ownTypes(databaseTypes([schema], (given) => given)).split(/[\n\r\u2028\u2029]/)
      expect(lines).toHaveLength(5)
      const [, key = ''] = /^ {4}(.*): string \| null$/.exec(lines[1] ?? '') ?? []
      const isPlain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
      const body = key.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')
      expect(isPlain ? key : JSON.parse(`"${body}"`)).toBe(name)
    }),
  )
})
