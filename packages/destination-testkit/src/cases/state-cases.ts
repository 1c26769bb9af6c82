import assert from 'node:assert/strict'
import type { Cell } from '../canonical-value.ts'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { column, sampleSchema, stateColumns } from '../sample-schema.ts'

const schema = sampleSchema('sample', { _dlt_pipeline_state: stateColumns })

const stateRow = (version: number, loadId: string): readonly Cell[] => [
  version,
  4,
  'sample',
  `state ${version}`,
  '2024-01-02T03:04:05.678000+00:00',
  `hash ${version}`,
  loadId,
  `row ${version}`,
]

const prepared = async ({ connect }: CaseContext) => {
  const client = await connect()
  await client.updateSchema(schema, ['_dlt_pipeline_state'])
  return client
}

const stateFile = ({ file }: CaseContext, version: number, loadId: string) =>
  file({ tableName: '_dlt_pipeline_state', columns: stateColumns, rows: [stateRow(version, loadId)] })

/** What reading a pipeline's state promises. */
export const stateCases: readonly ConformanceCase[] = [
  {
    name: 'the state of a load is read back',
    run: async (context) => {
      const client = await prepared(context)
      await client.load({ loadId: '1', schema, jobs: [await stateFile(context, 1, '1')], truncateTables: [] })
      assert.deepEqual(await client.storedState('sample'), {
        version: 1,
        engineVersion: 4,
        pipelineName: 'sample',
        state: 'state 1',
        createdAt: new Date('2024-01-02T03:04:05.678Z'),
        versionHash: 'hash 1',
        loadId: '1',
        schemaHashes: new Map([['sample', schema.version_hash]]),
      })
      assert.equal(await client.storedState('another'), undefined)
    },
  },
  {
    name: 'the state of the newest load is read',
    run: async (context) => {
      const client = await prepared(context)
      for (const [version, loadId] of [
        [2, '2'],
        [3, '3'],
        [1, '1'],
      ] as const)
        await client.load({ loadId, schema, jobs: [await stateFile(context, version, loadId)], truncateTables: [] })
      assert.equal((await client.storedState('sample'))?.state, 'state 3')
    },
  },
  {
    name: 'the state comes with the hashes of the schemas that were loaded last',
    run: async (context) => {
      const client = await prepared(context)
      await client.load({ loadId: '1', schema, jobs: [await stateFile(context, 1, '1')], truncateTables: [] })
      const changed = sampleSchema('sample', { items: [column('id', 'bigint')] }, schema)
      const other = sampleSchema('other', { items: [column('id', 'bigint')] })
      for (const [loadId, loaded] of [
        ['3', changed],
        ['2', schema],
        ['4', other],
      ] as const) {
        await client.updateSchema(loaded, [])
        await client.load({ loadId, schema: loaded, jobs: [], truncateTables: [] })
      }
      const { schemaHashes } = (await client.storedState('sample')) ?? {}
      assert.deepEqual(
        new Map(schemaHashes),
        new Map([
          ['sample', changed.version_hash],
          ['other', other.version_hash],
        ]),
      )
    },
  },
  {
    name: 'the state of a load that never finished is not read',
    run: async (context) => {
      const client = await prepared(context)
      const jobs = [await stateFile(context, 1, '1'), await stateFile(context, 2, '2')]
      await client.load({ loadId: '1', schema, jobs, truncateTables: [] })
      assert.equal((await client.storedState('sample'))?.state, 'state 1')
    },
  },
]
