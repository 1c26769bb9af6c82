import assert from 'node:assert/strict'
import { type Schema, schemaFromJson } from '@dlt/schema'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const id = column('id', 'bigint')
const first = sampleSchema('sample', { items: [id] })
const second = sampleSchema('sample', { items: [id, column('name', 'text')] })

const loaded = async ({ connect }: CaseContext, schemas: readonly Schema[]) => {
  const client = await connect()
  for (const [index, schema] of schemas.entries()) {
    await client.updateSchema(schema, ['items'])
    await client.load({ loadId: String(index + 1), schema, jobs: [], truncateTables: [] })
  }
  return client
}

/** What reading a stored schema promises. */
export const storedSchemaCases: readonly ConformanceCase[] = [
  {
    name: 'the schema of a load is read back as it was',
    run: async (context) => {
      const client = await loaded(context, [first])
      const stored = await client.storedSchema('sample')
      assert.ok(stored !== undefined)
      assert.equal(stored.versionHash, first.version_hash)
      assert.equal(stored.version, first.version)
      assert.equal(stored.engineVersion, first.engine_version)
      assert.equal(stored.schemaName, 'sample')
      assert.deepEqual(schemaFromJson(stored.schema), first)
      assert.equal(await client.storedSchema('another'), undefined)
    },
  },
  {
    name: 'the schema of the last load is read, also where it returned to an earlier content',
    run: async (context) => {
      const client = await loaded(context, [first, second, first])
      assert.equal((await client.storedSchema('sample'))?.versionHash, first.version_hash)
    },
  },
  {
    name: 'without a load the newest schema is read',
    run: async ({ connect }) => {
      const client = await connect()
      await client.updateSchema(first, ['items'])
      await client.updateSchema(second, ['items'])
      assert.equal((await client.storedSchema('sample'))?.versionHash, second.version_hash)
    },
  },
]
