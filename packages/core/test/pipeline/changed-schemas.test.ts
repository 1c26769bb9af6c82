import { bumpSchema, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { differingSchemas, laterSchemas } from '../../src/pipeline/changed-schemas.ts'

const withTable = (schema: Schema, table: string): Schema =>
  bumpSchema(updateTable(schema, createTable(table, { columns: [] })).schema)

const first = withTable(createSchema('shop'), 'a')
const second = withTable(first, 'b')
const forked = withTable(first, 'c')
const only = (schema: Schema) => new Map([[schema.name, schema]])
const hashes = (schema: Schema) => ({ schemaHashes: new Map([[schema.name, schema.version_hash]]) })

describe('schemas that differ from those of the last loads', () => {
  it('are those whose loaded state is not known here', () => {
    expect(differingSchemas(only(first), hashes(second))).toEqual(['shop'])
    expect(differingSchemas(only(second), hashes(forked))).toEqual(['shop'])
  })

  it('are not those that are the same, later, or never loaded', () => {
    expect(differingSchemas(only(first), hashes(first))).toEqual([])
    expect(differingSchemas(only(second), hashes(first))).toEqual([])
    expect(differingSchemas(only(second), { schemaHashes: new Map() })).toEqual([])
    expect(differingSchemas(only(second), {})).toEqual([])
  })
})

describe('schemas that are taken', () => {
  it('come from the local ones', () => {
    expect([...laterSchemas(only(second), only(first)).values()]).toEqual([second])
    expect([...laterSchemas(only(forked), only(second))]).toEqual([])
    expect([...laterSchemas(only(first), only(second))]).toEqual([])
  })
})
