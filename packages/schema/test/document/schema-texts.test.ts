import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bumpSchema,
  createSchema,
  createTable,
  DltError,
  type Schema,
  schemaFromJson,
  schemaFromYaml,
  schemaToDocument,
  schemaToJson,
  schemaToYaml,
  updateTable,
} from '../../src/index.ts'
import { anySchema } from '../evolution/arbitrary-schema.ts'

const schema = createSchema('event')
const text = schemaToJson(schema)

/** The document of a fresh schema with some keys replaced. */
function document(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(text), ...changes })
}

function withTables(tables: Readonly<Record<string, unknown>>): string {
  return document({ tables: { ...JSON.parse(text).tables, ...tables } })
}

describe('a schema survives', () => {
  it('JSON', () => {
    fc.assert(
      fc.property(anySchema.map(bumpSchema), fc.boolean(), (any, pretty) => {
        const stored = schemaToJson(any, { pretty })
        const read = schemaFromJson(stored)
        expect(read).toEqual(any)
        expect(schemaToJson(read, { pretty })).toBe(stored)
      }),
    )
  })

  it('JSON without names', () => {
    fc.assert(
      fc.property(anySchema.map(bumpSchema), (any) => {
        const stored = schemaToJson(any, { removeDefaults: true })
        expect(stored).not.toContain('"name":"_dlt_loads"')
        expect(schemaFromJson(stored)).toEqual(any)
      }),
    )
  })

  it('YAML', () => {
    fc.assert(
      fc.property(anySchema.map(bumpSchema), fc.boolean(), (any, removeDefaults) => {
        const stored = schemaToYaml(any, { removeDefaults })
        const read = schemaFromYaml(stored)
        expect(read).toEqual(any)
        expect(schemaToYaml(read, { removeDefaults })).toBe(stored)
      }),
    )
  })

  it('both, with names that objects reorder or lose', () => {
    const names = ['10', '9', 'x', '1', '__proto__', '日本語', 'constructor', 'on', '1:30', '']
    const columns = names.map((name) => ({ name, data_type: 'text' as const }))
    const any = bumpSchema(
      names.reduce(
        (before, name) => updateTable(before, createTable(name, { columns })).schema,
        createSchema('any', { naming: 'direct' }),
      ),
    )
    for (const read of [
      schemaFromJson(schemaToJson(any)),
      schemaFromYaml(schemaToYaml(any, { removeDefaults: true })),
    ]) {
      expect([...read.tables.keys()].slice(2)).toEqual(names)
      expect([...(read.tables.get('__proto__')?.columns.keys() ?? [])]).toEqual(names)
      expect(read.version_hash).toBe(any.version_hash)
    }
  })
})

describe('the document', () => {
  it('has its keys in the order of the reference, whatever the order of the value', () => {
    const { name, tables, ...rest } = { ...schema, description: 'd', imported_version_hash: 'i' }
    expect(Object.keys(schemaToDocument({ name, ...rest, tables }))).toEqual([
      'version',
      'version_hash',
      'engine_version',
      'name',
      'tables',
      'settings',
      'normalizers',
      'previous_hashes',
      'imported_version_hash',
      'description',
    ])
  })

  it('leaves out where the schema was imported from, when defaults are removed', () => {
    const imported: Schema = { ...schema, imported_version_hash: 'i' }
    expect(schemaToJson(imported)).toContain('imported_version_hash')
    expect(schemaToJson(imported, { removeDefaults: true })).not.toContain('imported_version_hash')
  })

  it('leaves out processing hints, with the hash of what is left', () => {
    const plain = bumpSchema(
      updateTable(schema, createTable('t', { columns: [{ name: 'a', data_type: 'text' }] })).schema,
    )
    const table = plain.tables.get('t')
    if (table === undefined) throw new Error('no table')
    const marked = bumpSchema({
      ...plain,
      tables: new Map(plain.tables).set('t', {
        ...table,
        'x-normalizer': { 'seen-data': true },
        'x-loader': {},
        'x-extractor': {},
        'x-kept': 1,
        columns: new Map([['a', { name: 'a', data_type: 'text', 'x-normalizer': {}, 'x-loader': {} }]]),
      }),
    })
    const read = schemaFromJson(schemaToJson(marked, { removeProcessingHints: true }))
    expect(read.tables.get('t')).toEqual({
      ...table,
      'x-kept': 1,
      columns: new Map([['a', { name: 'a', data_type: 'text', 'x-loader': {} }]]),
    })
    expect(read.version).toBe(marked.version + 1)
    expect(marked.tables.get('t')?.['x-normalizer']).toEqual({ 'seen-data': true })
  })
})

describe('reading fills in', () => {
  it('what a hand-written document leaves out', () => {
    const yaml = `
version: 1
engine_version: 11
name: shop
tables:
  _dlt_version: {columns: {}}
  _dlt_loads: {columns: {}}
  orders:
    columns:
      on: {data_type: text}
      1: {data_type: bigint, nullable: no}
  orders__lines: {parent: orders, columns: {}}
settings: {}
normalizers: {names: snake_case, json: {module: dlt.common.normalizers.json.relational}}
`
    const read = schemaFromYaml(yaml)
    expect(read.tables.get('orders')).toEqual({
      name: 'orders',
      columns: new Map([
        ['on', { name: 'on', data_type: 'text' }],
        ['1', { name: '1', data_type: 'bigint', nullable: false }],
      ]),
      write_disposition: 'append',
      resource: 'orders',
    })
    expect(read.tables.get('orders__lines')).toEqual({ name: 'orders__lines', columns: new Map(), parent: 'orders' })
    expect(read).toMatchObject({ version: 1, previous_hashes: [] })
    expect(read.version_hash).toHaveLength(44)
  })

  it('a new hash and version where the content differs from its hash', () => {
    const read = schemaFromJson(document({ description: 'changed by hand' }))
    expect(read).toMatchObject({ version: 2, previous_hashes: [schema.version_hash], description: 'changed by hand' })
  })

  it('nothing for nulls, which say no more than absence', () => {
    const read = schemaFromJson(
      withTables({ t: { columns: { a: { data_type: 'text', precision: null, 'x-hint': null } }, parent: null } }),
    )
    expect(read.tables.get('t')).toEqual(
      createTable('t', { columns: [{ name: 'a', data_type: 'text', 'x-hint': null }] }),
    )
  })
})

describe('documents that are refused', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      '[]',
      'What was read is no schema document: it has no whole number under "engine_version". Write engine_version: 11, or restore the text.',
    ],
    ['{"name":"x"', 'The schema document is not valid at line 1, column 12'],
    [
      document({ engine_version: 12 }),
      'Schema "event" has engine version 12, and this version of dlt reads 1 to 11. Install a newer version of dlt.',
    ],
    [document({ engine_version: 0 }), 'has engine version 0'],
    [document({ name: 'not a name' }), '"not a name" is not a name for a schema.'],
    [document({ extra: 1 }), 'The schema document is not valid at "/extra": this key is unknown.'],
    [document({ version: 1.5 }), 'at "/version": it must be an integer'],
    [document({ settings: [] }), 'at "/settings": it must be an object'],
    [document({ previous_hashes: [1] }), 'at "/previous_hashes": it must be a list of texts'],
    [
      document({ settings: { preferred_types: { x: 'txt' } } }),
      'at "/settings/preferred_types/x": it must be one of "text", "double"',
    ],
    [
      document({ settings: { schema_contract: 'never' } }),
      'at "/settings/schema_contract": it must be one of "evolve"',
    ],
    [
      document({ settings: { schema_contract: { tables: 'never' } } }),
      'at "/settings/schema_contract/tables": it must be one of',
    ],
    [document({ normalizers: { names: 'camel', json: { module: 'x' } } }), 'Naming convention "camel" is unknown'],
    [
      withTables({ t: { columns: { a: { data_type: 'int' } } } }),
      'at "/tables/t/columns/a/data_type": it must be one of',
    ],
    [
      withTables({ t: { columns: { a: { nullable: 'yes' } } } }),
      'at "/tables/t/columns/a/nullable": it must be true or false',
    ],
    [withTables({ t: { columns: { a: { primary: true } } } }), 'at "/tables/t/columns/a/primary": this key is unknown'],
    [withTables({ t: { columns: [] } }), 'at "/tables/t/columns": it must be an object'],
    [
      withTables({ t: { columns: {}, references: [{ columns: 'a' }] } }),
      'at "/tables/t/references/0/columns": it must be a list of texts',
    ],
    [withTables({ t: { columns: {}, references: {} } }), 'at "/tables/t/references": it must be a list'],
    [
      withTables({ t: { columns: {}, write_disposition: 'upsert' } }),
      'at "/tables/t/write_disposition": it must be one of',
    ],
    [
      withTables({ t: { columns: {}, parent: 'gone' } }),
      'Schema "event" is damaged: table "t" is nested in "gone", which it does not have.',
    ],
    [withTables({ a: { columns: {}, parent: 'b' }, b: { columns: {}, parent: 'a' } }), 'is its own ancestor'],
    [document({ tables: {} }), 'Schema "event" is damaged: it has no table "_dlt_version".'],
  ]

  it.each(cases.map(([damaged, message]) => [message, damaged] as const))('%s', (message, damaged) => {
    expect(() => schemaFromJson(damaged)).toThrow(message)
    expect(() => schemaFromJson(damaged)).toThrow(expect.toSatisfy((error: unknown) => DltError.is(error)))
  })

  it.each([
    ['name: [', 'not valid YAML at line 1'],
    ['a: 1\na: 2', 'not valid YAML at line 2'],
    ['\tname: x', 'not valid YAML at line 1'],
    [
      '',
      'What was read is no schema document: it has no whole number under "engine_version". Write engine_version: 11, or restore the text.',
    ],
    [
      'a: &a [*a]',
      'The schema document is not valid YAML: the alias "*a" stands for what it is in. Correct the text there.',
    ],
    ['a: &a { b: { c: *a } }', 'the alias "*a" stands for what it is in'],
    [
      'just text',
      'What was read is no schema document: it has no whole number under "engine_version". Write engine_version: 11, or restore the text.',
    ],
  ])('%j', (damaged, message) => {
    expect(() => schemaFromYaml(damaged)).toThrow(message)
  })
})

describe('extensions', () => {
  it('are kept wherever the reference keeps them', () => {
    const tables = {
      t: { columns: { a: { data_type: 'text', 'x-hint': { deep: [1, null, 'x', 1.5] } } }, 'x-table': 'y' },
    }
    const read = schemaFromJson(withTables(tables))
    expect(read.tables.get('t')?.['x-table']).toBe('y')
    expect(read.tables.get('t')?.columns.get('a')?.['x-hint']).toEqual({ deep: [1, null, 'x', 1.5] })
    expect(schemaFromYaml(schemaToYaml(read))).toEqual(read)
  })
})
