import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import type { Logger } from '@dlt/core'
import { createDatabase, declareMissing, sharedPostgres } from '@dlt/test-services'
import pg from 'pg'
import { expect, test } from 'vitest'
import { runShopHere } from './shop-pipeline.ts'
import { runShop, type ShopRun, type ShopTable } from './shop-run.ts'

const shared = await sharedPostgres()
const missing = 'missing' in shared ? shared.missing : undefined
declareMissing('Postgres', missing)

/** A run that is killed, and the one that repairs. */
interface Walk {
  readonly name: string
  /** The tables of a round beside the orders. */
  readonly tables: (round: number) => readonly ShopTable[]
  readonly replaceStrategy?: NonNullable<ShopRun['replaceStrategy']>
  /** One of how many operations CI takes. */
  readonly every: number
}

const customers = (disposition: ShopTable['disposition'], name: string = disposition.replace('-', '_')): ShopTable => ({
  name,
  disposition,
  rows: 20,
})

const walks: readonly Walk[] = [
  {
    name: 'append, delete-insert and replace',
    tables: () => [customers('delete-insert'), customers('replace', 'replaced')],
    every: 6,
  },
  {
    name: 'append, upsert, insert-only, cdc, scd2 and replace from staging',
    tables: (round) => [
      customers('upsert'),
      customers('insert-only'),
      { ...customers('cdc'), firstId: round },
      customers('scd2'),
      customers('replace', 'replaced'),
    ],
    replaceStrategy: 'insert-from-staging',
    every: 25,
  },
  {
    name: 'append and replace by swapping',
    tables: () => [customers('replace', 'replaced')],
    replaceStrategy: 'staging-optimized',
    every: 12,
  },
]

const orders: ShopTable = { name: 'orders', disposition: 'append', rows: 40 }

/** What a table holds when some rounds are there: `rows|first round|last round|nested rows|nested rows with a parent`. */
const expectedOf = ({ disposition, rows }: ShopTable, rounds: readonly number[]): string => {
  const keepsAll = disposition === 'append' || disposition === 'scd2'
  const [first, last] = [Math.min(...rounds), Math.max(...rounds)]
  const count = keepsAll ? rows * rounds.length : rows
  const seen = keepsAll ? [first, last] : disposition === 'insert-only' ? [first, first] : [last, last]
  return [count, ...seen, 2 * count, 2 * count].join('|')
}

/** Of each round all rows are there, each once, or none; and each round that is there has one finished load. */
const checkRounds = async (database: pg.Pool, dataset: string, tables: readonly ShopTable[]): Promise<void> => {
  const counts = tables.map(
    ({
      name,
    }) => `SELECT concat_ws('|', count(*), min(round), max(round), (SELECT count(*) FROM ${dataset}.${name}__lines),
      (SELECT count(*) FROM ${dataset}.${name}__lines l JOIN ${dataset}.${name} p ON p._dlt_id = l._dlt_parent_id))
      FROM ${dataset}.${name}`,
  )
  const found = await database.query<{ loads: string; rounds: readonly number[]; answers: readonly string[] }>(
    `SELECT (SELECT count(*) FROM ${dataset}._dlt_loads) AS loads,
      (SELECT json_agg(DISTINCT round) FROM ${dataset}.orders) AS rounds,
      ARRAY[${counts.map((count) => `(${count})`).join(', ')}] AS answers`,
  )
  const [{ loads = '', rounds = [], answers = [] } = {}] = found.rows
  expect(loads).toBe(String(rounds.length))
  expect(answers).toEqual(tables.map((table) => expectedOf(table, rounds)))
}

const listening = (warnings: string[]): Logger => {
  const listen = (message: string) => void warnings.push(message)
  return { debug: () => undefined, info: () => undefined, warning: listen, error: listen }
}

test.skipIf(missing !== undefined).for(walks)(
  'a process that is killed at an operation of a load is repaired by the next run: $name (all operations with KILL_POINTS=all)',
  { timeout: 1_800_000 },
  async ({ name, tables, replaceStrategy, every }) => {
    if (!('address' in shared)) return
    const { url } = await createDatabase(shared.address)
    const database = new pg.Pool({ connectionString: url, max: 2 })
    const folder = await mkdtemp(join(tmpdir(), 'dlt-killed-'))
    const runOf = (dataset: string, round: number): ShopRun => ({
      url,
      datasetName: dataset,
      pipelineName: dataset,
      workingDir: join(folder, dataset),
      round,
      tables: [orders, ...tables(round)],
      ...(replaceStrategy !== undefined && { replaceStrategy }),
    })
    const killedAndRepaired = async (killAt: number): Promise<void> => {
      const dataset = `killed_${killAt}`
      expect((await runShop({ ...runOf(dataset, 1), killAt })).signal, `operation ${killAt}`).toBe('SIGKILL')
      const repair = runOf(dataset, 2)
      const warnings: string[] = []
      await runShopHere(repair, listening(warnings))
      expect(warnings, `operation ${killAt}`).toEqual([])
      await checkRounds(database, dataset, repair.tables)
    }
    try {
      const { operations, stderr } = await runShop(runOf('whole', 1))
      expect(stderr).toBe('')
      expect(operations).toBeGreaterThan(20)
      const step = env['KILL_POINTS'] === 'all' ? 1 : every
      const points = Array.from({ length: operations }, (_, index) => index + 1).filter((at) => at % step === 0)
      const next = points.values()
      // Two at a time, as there are processors.
      const work = async () => {
        for (const killAt of next) await killedAndRepaired(killAt)
      }
      // The folder is removed when all have ended, also when one has failed.
      for (const outcome of await Promise.allSettled([work(), work()])) {
        if (outcome.status === 'rejected') throw outcome.reason
      }
      console.log(`${name}: killed at ${points.length} of ${operations} operations`)
    } finally {
      await database.end()
      await rm(folder, { recursive: true })
    }
  },
)
