import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { median } from './summary.ts'

/** Seconds that the pipeline may take longer than the bare driver. */
const allowedSeconds = 0.25

const driver = `
const { DuckDBInstance } = await import('@duckdb/node-api')
const instance = await DuckDBInstance.create(process.argv[1])
const connection = await instance.connect()
await connection.run("CREATE TABLE items (id BIGINT, name VARCHAR)")
await connection.run("INSERT INTO items VALUES (1, 'one'), (2, 'two'), (3, 'three')")
connection.closeSync()
instance.closeSync()`

const pipeline = `
const { default: dlt } = await import('@dlt/core')
const { duckdb } = await import('@dlt/destination-duckdb')
const [path, workingDir] = process.argv.slice(1)
await using pipeline = dlt.pipeline({ pipelineName: 'cold', destination: duckdb({ credentials: path }), datasetName: 'cold_data', workingDir })
await pipeline.run([{ id: 1, name: 'one' }, { id: 2, name: 'two' }, { id: 3, name: 'three' }], { tableName: 'items' })`

/** Seconds of a fresh process that runs a program with a database file and a folder of its own. */
async function secondsOf(program: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'dlt-cold-'))
  try {
    const paths = [join(folder, 'cold.duckdb'), join(folder, 'pipeline')]
    const startedAt = performance.now()
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, ...paths], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    })
    return (performance.now() - startedAt) / 1000
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })
const runs: { readonly driver: number; readonly pipeline: number }[] = []
for (let round = 0; round < Number(values.rounds); round++) {
  runs.push({ driver: await secondsOf(driver), pipeline: await secondsOf(pipeline) })
}
const longer = median(runs.map((run) => run.pipeline - run.driver))
console.log(`three rows from a cold process, medians of ${runs.length} interleaved rounds:`)
console.log(`node -e with DuckDB and one INSERT   ${median(runs.map((run) => run.driver)).toFixed(3)} s`)
console.log(`the pipeline                         ${median(runs.map((run) => run.pipeline)).toFixed(3)} s`)
console.log(`longer by                            ${longer.toFixed(3)} s, at most ${allowedSeconds} s are allowed`)
if (longer > allowedSeconds) process.exitCode = 1
