import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { createDatabase, declareMissing, type PostgresDatabase, psql, sharedPostgres } from '@dlt/test-services'
import { expect, test } from 'vitest'
import { runShop } from './shop-run.ts'

const shared = await sharedPostgres()
const missing = 'missing' in shared ? shared.missing : undefined
declareMissing('Postgres', missing)

/** Of each round all rows are there, each once, or none; and each round that is there has one finished load. */
const checkRounds = async (database: PostgresDatabase, dataset: string, last: number): Promise<void> => {
  const answers = await psql(
    database,
    `SELECT count(DISTINCT round) FROM ${dataset}.orders`,
    `SELECT count(*) FROM (SELECT 1 FROM ${dataset}.orders GROUP BY round HAVING count(*) <> 40 OR count(DISTINCT id) <> 40) AS broken`,
    `SELECT count(*) FROM ${dataset}.orders__lines`,
    `SELECT count(*) FROM ${dataset}._dlt_loads`,
    `SELECT count(*), min(round), max(round) FROM ${dataset}.customers`,
    `SELECT count(*), min(id), max(id) FROM ${dataset}.own`,
  )
  const [rounds, broken, lines, loads, customers, own] = answers.split('\n')
  expect({ broken, lines, loads, customers, own }).toEqual({
    broken: '0',
    lines: String(80 * Number(rounds)),
    loads: rounds,
    customers: `20|${last}|${last}`,
    own: `1|${last}|${last}`,
  })
}

test.skipIf(missing !== undefined)(
  'a process that is killed at an operation of a load is repaired by the next run: every fourth, all with KILL_POINTS=all',
  { timeout: 900_000 },
  async () => {
    if (!('address' in shared)) return
    const database = await createDatabase(shared.address)
    const folder = await mkdtemp(join(tmpdir(), 'dlt-killed-'))
    const run = (name: string, round: number, killAt?: number) =>
      runShop({
        url: database.url,
        datasetName: name,
        pipelineName: name,
        workingDir: join(folder, name),
        round,
        ownTable: 'own',
        ...(killAt !== undefined && { killAt }),
      })
    const killedAndRepaired = async (killAt: number): Promise<void> => {
      const name = `killed_${killAt}`
      expect((await run(name, 1, killAt)).signal, `operation ${killAt}`).toBe('SIGKILL')
      expect(await run(name, 2)).toMatchObject({ signal: null, stderr: '' })
      await checkRounds(database, name, 2)
    }
    try {
      const { operations, stderr } = await run('whole', 1)
      expect(stderr).toBe('')
      expect(operations).toBeGreaterThan(20)
      // All of them take five minutes.
      const step = env['KILL_POINTS'] === 'all' ? 1 : 4
      const points = Array.from({ length: operations }, (_, index) => index + 1).filter((at) => at % step === 0)
      const next = points.values()
      // Two at a time, as there are processors.
      const work = async () => {
        for (const killAt of next) await killedAndRepaired(killAt)
      }
      await Promise.all([work(), work()])
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)
