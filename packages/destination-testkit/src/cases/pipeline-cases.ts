import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pipeline } from '@dlt/core'
import type { Destination } from '@dlt/destination'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { column } from '../sample-schema.ts'

/** The destination, in the folder of the case instead of the process's. */
const inFolderOf = ({ destination, context }: CaseContext): Destination => ({
  type: destination.type,
  name: destination.name,
  capabilities: destination.capabilities,
  check: (given) => destination.check({ ...given, localDirectory: context.localDirectory }),
  connect: (given) => destination.connect({ ...context, ...given, localDirectory: context.localDirectory }),
  describe: (given) => destination.describe({ ...given, localDirectory: context.localDirectory }),
})

/** Runs pipelines of one name one after another, each in an empty working directory, as on new machines. */
const onNewMachines = async (context: CaseContext, ...runs: readonly (readonly object[])[]): Promise<void> => {
  for (const documents of runs) {
    const workingDir = await mkdtemp(join(tmpdir(), 'dlt-testkit-'))
    const { pipelineName, datasetName } = context.context
    const pipeline = new Pipeline({ pipelineName, datasetName, workingDir, destination: inFolderOf(context) })
    try {
      const info = await pipeline.run(documents, { tableName: 'orders' })
      assert.equal(info.hasFailedJobs, false, String(info))
    } finally {
      await rm(workingDir, { recursive: true })
    }
  }
}

const order = column('order_id', 'bigint')
const city = column('customer__city', 'text')
const value = column('value', 'text')

/** What a whole pipeline makes of a destination. */
export const pipelineCases: readonly ConformanceCase[] = [
  {
    name: 'a pipeline loads nested documents as related tables',
    run: async (context) => {
      await onNewMachines(context, [
        { orderId: 1, customer: { city: 'Łódź' }, tags: ['new', 'large'] },
        { orderId: 2, customer: { city: null } },
      ])
      const client = await context.connect()
      assert.deepEqual(await context.rows(client, 'orders', [order, city]), [
        ['1', 'Łódź'],
        ['2', null],
      ])
      assert.deepEqual(await context.rows(client, 'orders__tags', [value]), [['large'], ['new']])
    },
  },
  {
    name: 'a pipeline goes on from the dataset alone, with the schema and the types it had',
    run: async (context) => {
      await onNewMachines(context, [{ orderId: 1, note: 'a' }], [{ orderId: '2', note: 'b', tags: ['late'] }])
      const client = await context.connect()
      assert.deepEqual(await context.rows(client, 'orders', [order, column('note', 'text')]), [
        ['1', 'a'],
        ['2', 'b'],
      ])
      assert.deepEqual(await context.rows(client, 'orders__tags', [value]), [['late']])
      assert.equal((await finishedLoads(context, client)).length, 2)
    },
  },
]
