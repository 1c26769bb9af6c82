import { copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { duckdb } from '@dlt/destination-duckdb'
import { bumpSchema, type ColumnSchema, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'

/** Rows at the destination, and changed rows that are merged into them. */
const known = 5_000_000
const changed = 200_000

const strategies = ['delete-insert', 'upsert'] as const

/** What was measured of one way to merge. */
export interface MergeRun {
  readonly name: string
  readonly seconds: number
  /** Processor time of all threads: what stays comparable on a machine that does other things too. */
  readonly processorSeconds: number
}

type Measured = Omit<MergeRun, 'name'>

async function measured(run: () => Promise<void>): Promise<Measured> {
  const before = process.cpuUsage()
  const started = performance.now()
  await run()
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - started) / 1000, processorSeconds: (user + system) / 1e6 }
}

const columns: readonly ColumnSchema[] = [
  { name: 'id', data_type: 'bigint', nullable: false, primary_key: true },
  { name: 'name', data_type: 'text' },
  { name: 'amount', data_type: 'double' },
  { name: 'updated_at', data_type: 'timestamp' },
  { name: 'note', data_type: 'text' },
  { name: '_dlt_load_id', data_type: 'text', nullable: false },
  { name: '_dlt_id', data_type: 'text', nullable: false, unique: true, row_key: true },
]
const names = columns.map(({ name }) => name)

const rowsOf = (loadId: string, count: number, step: number): string => `
  SELECT (r * ${step})::BIGINT AS id, 'item ' || r AS name, r * 1.5 AS amount,
    TIMESTAMPTZ '2024-01-01' + INTERVAL (r) SECOND AS updated_at, md5('${loadId}' || r) AS note,
    '${loadId}' AS _dlt_load_id, substr(md5('${loadId}x' || r), 1, 14) AS _dlt_id
  FROM range(${count}) AS rows (r)`

function schemaOf(strategy: string): Schema {
  const extensions = { 'x-merge-strategy': strategy, 'x-normalizer': { 'seen-data': true } }
  const table = createTable('items', { resource: 'items', writeDisposition: 'merge', columns, extensions })
  return bumpSchema(updateTable(createSchema('merge'), table).schema)
}

async function inFile<Result>(
  path: string,
  run: (query: (sql: string) => Promise<readonly unknown[][]>) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    return await run(async (sql) => (await connection.runAndReadAll(sql)).getRowsJS())
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

interface MergeFiles {
  readonly base: string
  readonly rows: string
  readonly copy: string
}

const connectTo = (path: string, folder: string) =>
  duckdb({ credentials: path }).connect({ pipelineName: 'merge', datasetName: 'ds', localDirectory: folder })

async function prepare(folder: string): Promise<MergeFiles> {
  await mkdir(folder, { recursive: true })
  const files = {
    base: join(folder, 'merge-base.duckdb'),
    rows: join(folder, 'merge-rows.parquet'),
    copy: join(folder, 'merge-copy.duckdb'),
  }
  for (const path of Object.values(files)) await rm(path, { force: true })
  {
    await using client = await connectTo(files.base, folder)
    for (const strategy of strategies) await client.updateSchema(schemaOf(strategy), ['items'])
  }
  await inFile(files.base, async (query) => {
    await query(`INSERT INTO ds.items (${names}) ${rowsOf('1', known, 1)}`)
    await query(`COPY (${rowsOf('2', changed, known / changed)}) TO '${files.rows}' (FORMAT parquet)`)
  })
  return files
}

/** What one would write by hand for this table: two statements in a transaction, straight from the file. */
function mergeByHand({ copy, rows }: MergeFiles): Promise<Measured> {
  return inFile(copy, (query) =>
    measured(async () => {
      await query('BEGIN')
      await query(`DELETE FROM ds.items WHERE id IN (SELECT id FROM read_parquet('${rows}'))`)
      await query(`INSERT INTO ds.items (${names}) SELECT ${names} FROM read_parquet('${rows}')`)
      await query('COMMIT')
    }),
  )
}

async function mergeByClient({ copy, rows }: MergeFiles, strategy: string, folder: string): Promise<Measured> {
  await using client = await connectTo(copy, folder)
  const job = {
    jobId: 'items.1.parquet',
    tableName: 'items',
    path: rows,
    format: 'parquet',
    rowCount: changed,
  } as const
  const schema = schemaOf(strategy)
  return await measured(async () => {
    await client.updateSchema(schema, ['items'])
    await client.load({ loadId: '2', schema, jobs: [{ ...job, columns: names }], truncateTables: [] })
  })
}

async function verify({ copy }: MergeFiles, name: string): Promise<void> {
  const [found] = await inFile(copy, (query) =>
    query(`SELECT count(*), count(DISTINCT id), count(*) FILTER (_dlt_load_id = '2') FROM ds.items`),
  )
  if (String(found) !== `${known},${known},${changed}`) throw new Error(`"${name}" merged wrongly: ${String(found)}`)
}

/**
 * Merges changed rows into many: by hand-written SQL, and by the destination with each strategy that changes rows. Prints the ratios.
 *
 * @param folder for the files, which are removed in the end
 */
export async function runMerges(folder: string, rounds: number): Promise<readonly MergeRun[]> {
  const files = await prepare(folder)
  const ways = [
    { name: 'merge by hand', run: () => mergeByHand(files) },
    ...strategies.map((strategy) => ({
      name: `merge by ${strategy}`,
      run: () => mergeByClient(files, strategy, folder),
    })),
  ]
  console.log(`${changed} rows into ${known}, ${((await stat(files.base)).size / 1e6).toFixed(0)} MB`)
  const runs: MergeRun[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run } of ways) {
      await copyFile(files.base, files.copy)
      const times = await run()
      await verify(files, name)
      const { seconds, processorSeconds } = times
      console.log(`round ${round}: ${name} ${seconds.toFixed(2)} s, ${processorSeconds.toFixed(2)} s of processors`)
      runs.push({ name, ...times })
    }
  }
  for (const path of Object.values(files)) await rm(path, { force: true })
  printRatios(runs)
  return runs
}

function printRatios(runs: readonly MergeRun[]): void {
  const best = (wanted: string, of: keyof Measured): number =>
    Math.min(...runs.filter(({ name }) => name === wanted).map((run) => run[of]))
  for (const name of new Set(runs.map((run) => run.name))) {
    const [seconds, processors] = (['seconds', 'processorSeconds'] as const).map((of) =>
      (best(name, of) / best('merge by hand', of)).toFixed(2),
    )
    console.log(`${name}: ${seconds} times the hand-written SQL, ${processors} times its processor time`)
  }
}
