import assert from 'node:assert/strict'
import type { LoadRequest } from '@dlt/destination'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { killedLoad } from '../killed-load.ts'
import { rowId } from '../sample-load.ts'
import { column, sampleSchema } from '../sample-schema.ts'
import { id, mergedItems, unlessMerges } from './merge-support.ts'

const unless: ConformanceCase['unless'] = (_capabilities, { module }) =>
  module === undefined
    ? 'its data ends with the process, or no module was named that another process can load'
    : undefined

/** From before the first statement to after the last one, on most machines. */
const moments = [0, 3, 10, 30, 100, 300]

const rowCount = 20_000

/** Kills loads of one package after another, each at a later moment, and repairs each. */
const killAndRepair = async (
  context: CaseContext,
  requestOf: (loadId: string, round: number) => Promise<LoadRequest>,
  check: (round: number) => Promise<void>,
): Promise<void> => {
  assert.ok(context.module !== undefined)
  for (const [round, after] of moments.entries()) {
    const request = await requestOf(String(round + 1), round)
    await killedLoad({ module: context.module, context: context.context, request, after })
    const client = await context.connect()
    const { status } = await client.load(request)
    assert.ok(status === 'loaded' || status === 'already-loaded')
    assert.equal(await client.isLoaded(request.loadId, 'sample'), true)
    assert.deepEqual(
      await finishedLoads(context, client),
      moments.slice(0, round + 1).map((_, index) => `${index + 1}`),
    )
    // Other processes may need what a client holds.
    await client[Symbol.asyncDispose]()
    await check(round)
  }
}

/** What is promised of processes that are killed while they load. */
export const restartCases: readonly ConformanceCase[] = [
  {
    name: 'a package whose load was killed at any moment is loaded once by the next one',
    unless,
    run: async (context) => {
      const value = column('value', 'bigint')
      const schema = sampleSchema('sample', { items: [value], others: [value] })
      const numbers = Array.from({ length: rowCount }, (_, index) => [index])
      await killAndRepair(
        context,
        async (loadId) => {
          const sample = { columns: [value], rows: numbers }
          const jobs = [
            await context.file({ ...sample, tableName: 'items' }),
            await context.file({ ...sample, tableName: 'others' }),
          ]
          return { loadId, schema, jobs, truncateTables: [] }
        },
        async (round) => {
          const client = await context.connect()
          for (const table of ['items', 'others']) {
            const rows = await context.rows(client, table, [value])
            assert.equal(rows.length, rowCount * (round + 1), `rows of ${table} after ${moments[round]} ms`)
          }
          await client[Symbol.asyncDispose]()
        },
      )
    },
  },
  {
    name: 'a merge that was killed at any moment is made once by the next one',
    unless: (capabilities, features) =>
      unless(capabilities, features) ?? unlessMerges('delete-insert')(capabilities, features),
    run: async (context) => {
      const inRound = column('round', 'bigint')
      const schema = mergedItems([id, inRound])
      await killAndRepair(
        context,
        async (loadId, round) => {
          const rows = Array.from({ length: 2000 }, (_, index) => [index, round, `r${round}_${index}`])
          const jobs = [await context.file({ tableName: 'items', columns: [id, inRound, rowId], rows })]
          return { loadId, schema, jobs, truncateTables: [] }
        },
        async (round) => {
          const client = await context.connect()
          const rows = await context.rows(client, 'items', [id, inRound])
          assert.equal(rows.length, 2000)
          assert.ok(rows.every(([, last]) => last === String(round)))
          await client[Symbol.asyncDispose]()
        },
      )
    },
  },
]
