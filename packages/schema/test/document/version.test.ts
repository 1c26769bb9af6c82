import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bumpSchema,
  createSchema,
  createTable,
  hashSchema,
  isSchemaModified,
  type Schema,
  type TableSchema,
  updateTable,
} from '../../src/index.ts'
import { anySchema } from '../evolution/arbitrary-schema.ts'

function reverseKeys<Value extends object>(value: Value): Value {
  return { ...value, ...Object.fromEntries(Object.entries(value).reverse()) }
}

/** The same object with its keys the other way round, without touching lists and maps. */
function reversed<Value extends object>(value: Value): Value {
  const entries = Object.entries(value).reverse()
  return Object.assign(Object.create(Object.prototype), Object.fromEntries(entries))
}

function shuffled(schema: Schema): Schema {
  const tables = Array.from(schema.tables).reverse()
  const turn = (table: TableSchema): TableSchema =>
    reversed({ ...table, columns: new Map(Array.from(table.columns, ([name, column]) => [name, reversed(column)])) })
  return reversed({
    ...schema,
    tables: new Map(tables.map(([name, table]) => [name, turn(table)])),
    settings: reversed(schema.settings),
    normalizers: reversed(schema.normalizers),
  })
}

describe('a fresh schema', () => {
  it('has the hash of the reference', () => {
    const schema = createSchema('event')
    expect(schema.version_hash).toBe('7rrLHV6HlNNt87Iow3579/TL4v1jEGnekjvZAegpr34=')
    expect(schema).toMatchObject({ version: 1, engine_version: 11, previous_hashes: [], name: 'event' })
  })

  it.each(['direct', 'sql_cs_v1', 'duck_case'])('has the same tables under %s', (naming) => {
    const schema = createSchema('event', { naming })
    expect([...schema.tables.keys()]).toEqual(['_dlt_version', '_dlt_loads'])
    expect(schema.normalizers.names).toBe(naming)
  })

  it('has names that its convention allows', () => {
    expect([...createSchema('event', { naming: 's3_tables' }).tables.keys()]).toEqual(['dlt_version', 'dlt_loads'])
  })

  it.each(['event', '_x1', 'żółć', 'a'.repeat(64)])('may be named %s', (name) => {
    expect(createSchema(name).name).toBe(name)
  })

  it.each(['', '1a', 'a b', 'a-b', 'a.b', 'a'.repeat(65)])('may not be named "%s"', (name) => {
    expect(() => createSchema(name)).toThrow(`"${name}" is not a name for a schema.`)
  })
})

describe('the hash of a schema', () => {
  const schema = updateTable(
    createSchema('event'),
    createTable('t', {
      columns: [
        { name: 'a', data_type: 'text' },
        { name: 'b', data_type: 'text' },
      ],
    }),
  ).schema

  function withTable(change: (table: TableSchema) => TableSchema): Schema {
    const table = schema.tables.get('t')
    return table === undefined ? schema : { ...schema, tables: new Map(schema.tables).set('t', change(table)) }
  }

  it('does not depend on the order of tables and of keys', () => {
    fc.assert(
      fc.property(anySchema, (any) => {
        expect(hashSchema(shuffled(any))).toBe(hashSchema(any))
      }),
    )
    expect(hashSchema(reverseKeys(schema))).toBe(hashSchema(schema))
  })

  it('depends on the order of columns', () => {
    const turned = withTable((table) => ({ ...table, columns: new Map(Array.from(table.columns).reverse()) }))
    expect(hashSchema(turned)).not.toBe(hashSchema(schema))
  })

  it('depends on the order of lists', () => {
    const detections = (...names: readonly ('timestamp' | 'iso_date')[]) => ({
      ...schema,
      settings: { detections: names },
    })
    expect(hashSchema(detections('timestamp', 'iso_date'))).not.toBe(hashSchema(detections('iso_date', 'timestamp')))
  })

  it.each([
    ['description', { description: 'x' }],
    ['engine_version', { engine_version: 12 }],
    ['name', { name: 'other' }],
  ])('depends on %s', (_, change) => {
    expect(hashSchema({ ...schema, ...change })).not.toBe(hashSchema(schema))
  })

  it.each([
    ['version', { version: 7 }],
    ['version_hash', { version_hash: 'x' }],
    ['previous_hashes', { previous_hashes: ['x'] }],
    ['imported_version_hash', { imported_version_hash: 'x' }],
  ])('does not depend on %s', (_, change) => {
    expect(hashSchema({ ...schema, ...change })).toBe(hashSchema(schema))
  })

  it('depends on what loading noted in a table', () => {
    expect(hashSchema(withTable((table) => ({ ...table, 'x-normalizer': { 'seen-data': true } })))).not.toBe(
      hashSchema(schema),
    )
  })
})

describe('bumping', () => {
  const next = (schema: Schema, name: string): Schema => bumpSchema(updateTable(schema, createTable(name)).schema)

  it('leaves an unchanged schema as it is', () => {
    const schema = createSchema('event')
    expect(bumpSchema(schema)).toBe(schema)
  })

  it('counts versions and remembers ten hashes, newest first', () => {
    const history = [createSchema('event')]
    for (let index = 0; index < 13; index++) history.unshift(next(history[0] ?? createSchema('event'), `t${index}`))
    const [latest, ...earlier] = history
    expect(latest?.version).toBe(14)
    expect(latest?.previous_hashes).toEqual(earlier.slice(0, 10).map((schema) => schema.version_hash))
  })

  it('does not remember a hash twice', () => {
    const schema = createSchema('event')
    const known = { ...updateTable(schema, createTable('t')).schema, previous_hashes: ['x', schema.version_hash] }
    expect(bumpSchema(known).previous_hashes).toEqual(['x', schema.version_hash])
  })

  it('keeps the version of a schema that has no hash yet', () => {
    const { version_hash: _, ...schema } = createSchema('event')
    expect(bumpSchema({ ...schema, version: 5, version_hash: '' }).version).toBe(5)
    expect(bumpSchema({ ...schema, version: 0, version_hash: '' })).toMatchObject({ version: 1, previous_hashes: [] })
    expect(isSchemaModified({ ...schema, version_hash: '' })).toBe(true)
  })
})
