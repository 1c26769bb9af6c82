import assert from 'node:assert/strict'
import type { ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const id = column('id', 'bigint')
const schemaOf = (index: number) => sampleSchema(`sample_${index}`, { items: [id], [`items_${index}`]: [id] })
const pipelines = [0, 1, 2, 3]

const unless: ConformanceCase['unless'] = (_capabilities, { concurrentClients }) =>
  concurrentClients ? undefined : 'all clients share one connection'

/** What clients that are open at once promise. */
export const concurrencyCases: readonly ConformanceCase[] = [
  {
    name: 'clients that start at once on an empty dataset all succeed',
    unless,
    run: async (context) => {
      const clients = await Promise.all(pipelines.map(() => context.connect()))
      const runs = await Promise.allSettled(
        clients.map(async (client, index) => {
          const schema = schemaOf(index)
          const tables = ['items', `items_${index}`]
          await client.updateSchema(schema, tables)
          const jobs = await Promise.all(
            tables.map((tableName) => context.file({ tableName, columns: [id], rows: [[index]] })),
          )
          await client.load({ loadId: String(index), schema, jobs, truncateTables: [] })
        }),
      )
      assert.deepEqual(
        runs.filter(({ status }) => status === 'rejected'),
        [],
      )
      const [client] = clients
      assert.ok(client !== undefined)
      assert.deepEqual(
        await context.rows(client, 'items', [id]),
        pipelines.map((index) => [String(index)]),
      )
      assert.deepEqual(await finishedLoads(context, client), pipelines.map(String))
    },
  },
]
