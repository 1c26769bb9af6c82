import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type PostgresDatabase, PostgresServer, psql } from '@dlt/test-services'
import { ensureDataFile } from './data-file.ts'
import { type Measurement, parseMeasurement } from './measurement.ts'
import { runProcess } from './run-process.ts'
import { alignedTable, median } from './summary.ts'

/** What is loaded, how often, and with which Python beside this system. */
export interface PostgresBenchOptions {
  readonly documents: number
  readonly rounds: number
  /** A Python with `dlt[postgres]`; it also runs Sling, where `SLING_BINARY` names it. Neither takes part when absent. */
  readonly python: string | undefined
}

/** One run; seconds and steps are brought to all documents. */
export interface PostgresRun {
  readonly name: string
  readonly seconds: number
  readonly loadSeconds: number
  readonly peakMegabytes: number
}

/** One way to bring the documents into Postgres. */
interface PostgresContestant {
  readonly name: string
  readonly executable: string
  /** Part of the documents that it loads. */
  readonly share: number
  arguments(dataPath: string, url: string, folder: string, documents: number): readonly string[]
}

const scriptPath = (name: string): string => fileURLToPath(new URL(`./runs/${name}`, import.meta.url))

const own = (name: string, input: string): PostgresContestant => ({
  name,
  executable: process.execPath,
  share: 1,
  arguments: (data, url, folder) => [
    ...process.execArgv,
    scriptPath('pipeline.ts'),
    data,
    url,
    join(folder, 'own'),
    input,
  ],
})

const ofPython = (python: string, name: string, script: string, share: number, mode?: string): PostgresContestant => ({
  name,
  executable: python,
  share,
  arguments: (data, url, _folder, documents) => [
    scriptPath(script),
    data,
    url,
    ...(mode === undefined ? [] : [mode]),
    String(Math.round(documents * share)),
  ],
})

const contestants = (python: string | undefined): readonly PostgresContestant[] => [
  own('generator', 'generator'),
  own('json lines', 'json-lines'),
  ...(python === undefined
    ? []
    : [
        ofPython(python, 'python default', 'python.py', 0.1, 'default'),
        ofPython(python, 'python csv', 'python.py', 1, 'csv'),
        ...(process.env['SLING_BINARY'] !== undefined ? [ofPython(python, 'sling', 'sling.py', 1)] : []),
      ]),
]

const tables = ['events', 'events__payload__commits', 'events__payload__labels']

const checkRows = async (database: PostgresDatabase, { name }: PostgresContestant, expected: number): Promise<void> => {
  const found = await psql(database, 'SELECT count(*) FROM github.events')
  if (Number(found) !== expected) throw new Error(`"${name}" loaded ${found} of ${expected} documents.`)
}

/** psql's own copy of the rows that are in a database, as CSV, into the same tables with the same indexes, in one transaction. */
async function copyByPsql(database: PostgresDatabase, folder: string): Promise<PostgresRun> {
  const file = (table: string): string => join(folder, `${table}.csv`)
  for (const table of tables) {
    await psql(database, `\\copy github.${table} TO '${file(table)}' CSV HEADER`)
    await psql(
      database,
      'CREATE SCHEMA IF NOT EXISTS copied',
      `CREATE TABLE copied.${table} (LIKE github.${table} INCLUDING ALL)`,
    )
  }
  const startedAt = performance.now()
  const copies = tables.map((table) => `\\copy copied.${table} FROM '${file(table)}' CSV HEADER`)
  await psql(database, 'BEGIN', ...copies, 'COMMIT')
  const seconds = (performance.now() - startedAt) / 1000
  return { name: 'psql \\copy', seconds, loadSeconds: seconds, peakMegabytes: 0 }
}

const runOf = ({ name, share }: PostgresContestant, seconds: number, measurement: Measurement): PostgresRun => ({
  name,
  seconds: seconds / share,
  loadSeconds: (measurement.steps['load'] ?? 0) / share,
  peakMegabytes: measurement.peakMegabytes,
})

/** Loads the documents in every way, one after another, each into a database of its own on a server that keeps what it commits. */
export async function runPostgres(
  dataFolder: string,
  { documents, rounds, python }: PostgresBenchOptions,
): Promise<readonly PostgresRun[]> {
  const data = await ensureDataFile(dataFolder, documents)
  const runs: PostgresRun[] = []
  const note = (run: PostgresRun): void => {
    runs.push(run)
    console.log(
      `${run.name}: ${run.seconds.toFixed(2)} s, load ${run.loadSeconds.toFixed(2)} s, ${run.peakMegabytes.toFixed(0)} MB`,
    )
  }
  await using server = await PostgresServer.start({ settings: { shared_buffers: '512MB', max_wal_size: '4GB' } })
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of contestants(python)) {
      const folder = await mkdtemp(join(dataFolder, 'run-'))
      try {
        const database = await server.createDatabase()
        const startedAt = performance.now()
        const args = contestant.arguments(data.path, database.url, folder, documents)
        const printed = await runProcess(contestant, args, folder)
        note(runOf(contestant, (performance.now() - startedAt) / 1000, parseMeasurement(printed)))
        await checkRows(database, contestant, Math.round(documents * contestant.share))
        if (contestant.name === 'generator') note(await copyByPsql(database, folder))
        await server.query(`DROP DATABASE "${database.database}"`)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }
  }
  return runs
}

/** Medians of the runs, as lines of a table. */
export function formatPostgres(runs: readonly PostgresRun[]): string {
  const names = [...new Set(runs.map(({ name }) => name))]
  const middle = (name: string, of: (run: PostgresRun) => number): number =>
    median(runs.filter((run) => run.name === name).map(of))
  const total = middle('generator', ({ seconds }) => seconds)
  const lines = names.map((name) => [
    name,
    middle(name, ({ seconds }) => seconds).toFixed(2),
    (middle(name, ({ seconds }) => seconds) / total).toFixed(2),
    middle(name, ({ loadSeconds }) => loadSeconds).toFixed(2),
    middle(name, ({ peakMegabytes }) => peakMegabytes).toFixed(0),
    '',
  ])
  return alignedTable([['', 'seconds', 'x generator', 'load s', 'peak MB', ''], ...lines])
}
