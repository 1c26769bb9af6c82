import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
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
    name: 'clients that append to one table at once lose and double no row',
    unless,
    run: async (context) => {
      const schema = sampleSchema('sample', { items: [id] })
      const datasets = await Promise.all(pipelines.map(() => openDataset(context, schema)))
      const rounds = [0, 1, 2, 3, 4]
      await Promise.all(
        datasets.map(async ({ load }, index) => {
          for (const round of rounds) await load(`${index}.${round}`, { items: [[10 * index + round]] })
        }),
      )
      const expected = pipelines.flatMap((index) => rounds.map((round) => [String(10 * index + round)]))
      assert.deepEqual(await datasets[0]?.rows('items', 'id'), expected.sort())
    },
  },
  {
    name: 'clients that load the same package at once load it once',
    unless,
    run: async (context) => {
      const schema = sampleSchema('sample', { items: [id] })
      const datasets = await Promise.all(pipelines.map(() => openDataset(context, schema)))
      const [dataset] = datasets
      assert.ok(dataset !== undefined)
      const jobs = [await context.file({ tableName: 'items', columns: [id], rows: [[1], [2]] })]
      const request = { loadId: '1', schema, jobs, truncateTables: [] }
      const outcomes = await Promise.all(datasets.map(({ client }) => client.load(request)))
      // One that met another may take its commit for its own, whose answer was lost.
      assert.ok(outcomes.some(({ status }) => status === 'loaded'))
      assert.deepEqual(await dataset.rows('items', 'id'), [['1'], ['2']])
      assert.deepEqual(await finishedLoads(context, dataset.client), ['1'])
    },
  },
  {
    name: 'who reads during a load sees all of a package or nothing',
    unless,
    run: async (context) => {
      const { load, rows } = await openDataset(context, sampleSchema('sample', { items: [id] }))
      const other = await openDataset(context, sampleSchema('sample', { items: [id] }))
      const numbers = Array.from({ length: 5000 }, (_, index) => [index])
      const state = { isLoading: true }
      const loading = load('1', { items: numbers }).finally(() => {
        state.isLoading = false
      })
      while (state.isLoading) {
        // A reader that answers at once would leave no time for the load.
        await setImmediate()
        const { length } = await other.rows('items', 'id')
        assert.ok(length === 0 || length === numbers.length, `${length} of ${numbers.length} rows were there`)
      }
      await loading
      assert.equal((await rows('items', 'id')).length, numbers.length)
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
