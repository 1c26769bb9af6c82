import assert from 'node:assert/strict'
import type { ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { definedSchema, openDataset } from '../sample-load.ts'
import { column, sampleSchema } from '../sample-schema.ts'
import { id as key, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

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
  {
    name: 'clients that merge into one table at once lose and double no row',
    unless: (capabilities, features) =>
      unless?.(capabilities, features) ?? unlessMerges('delete-insert')(capabilities, features),
    run: async (context) => {
      const schema = mergedItems([key, name], {}, nestedTables)
      const datasets = await Promise.all(pipelines.map(() => openDataset(context, schema)))
      const keys = [1, 2, 3, 4, 5]
      await Promise.all(
        datasets.map(async ({ load }, index) => {
          for (const round of [1, 2, 3]) {
            const row = (value: number): string => `r${index}_${round}_${value}`
            await load(`${index}.${round}`, {
              // Keys that nobody knows yet: there is no old row whose deletion would be noticed.
              items: keys.map((value) => [10 * round + value, row(value), row(value)]),
              items__tags: keys.map((value) => [row(value), row(value), row(value), `t${row(value)}`]),
            })
          }
        }),
      )
      const [dataset] = datasets
      assert.ok(dataset !== undefined)
      const rows = await dataset.rows('items', 'id', 'name')
      assert.deepEqual(
        rows.map(([value]) => value),
        [1, 2, 3].flatMap((round) => keys.map((value) => String(10 * round + value))),
      )
      const expected = rows.map(([, row]) => [row ?? null]).sort()
      assert.deepEqual(await dataset.rows('items__tags', 'tag'), expected)
      assert.equal((await finishedLoads(context, dataset.client)).length, 12)
    },
  },
  {
    name: 'clients that replace one table at once leave the rows of one of them',
    unless,
    run: async (context) => {
      const schema = definedSchema({ items: { writeDisposition: 'replace', columns: [id] } })
      const datasets = await Promise.all(pipelines.map(() => openDataset(context, schema)))
      await Promise.all(
        datasets.map(({ load }, index) =>
          load(`${index}`, { items: [[index], [index]] }, { truncateTables: ['items'] }),
        ),
      )
      const rows = await datasets[0]?.rows('items', 'id')
      assert.equal(rows?.length, 2)
      assert.deepEqual(rows?.[0], rows?.[1])
    },
  },
]
