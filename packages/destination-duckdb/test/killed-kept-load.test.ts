import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { LoadJob } from '@dlt/destination'
import { sampleSchema } from '@dlt/destination-testkit'
import { schemaToJson } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duckdb } from '../src/index.ts'

/** Moments in milliseconds after a load has begun: from its first statement to behind its `COMMIT`, which begins in the middle. */
const moments = Array.from({ length: 12 }, (_, index) => index * 20)

const rowsOfFile = 45_000
const files = 3
const rowCount = files * rowsOfFile

const schema = sampleSchema('kept', {
  items: [
    { name: 'id', data_type: 'bigint', nullable: false },
    { name: 'name', data_type: 'text' },
  ],
})

let folder: string
let jobs: readonly LoadJob[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  jobs = await Promise.all(Array.from({ length: files }, (_, index) => parquet(index)))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const query = async (path: string, statement: string): Promise<readonly unknown[]> => {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(statement)).getRowsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** 160 bytes a row, so that rows are kept, fill row groups, and are compressed when they are committed. */
const parquet = async (index: number): Promise<LoadJob> => {
  const path = join(folder, `${index}.parquet`)
  const rows = `SELECT ${index * rowsOfFile} + i AS id, repeat(md5(i::VARCHAR), 5) AS name FROM range(${rowsOfFile}) AS t(i)`
  await query(':memory:', `COPY (${rows}) TO '${path}' (FORMAT parquet, COMPRESSION uncompressed)`)
  return {
    jobId: `${index}.parquet`,
    tableName: 'items',
    path,
    format: 'parquet',
    rowCount: rowsOfFile,
    columns: ['id', 'name'],
  }
}

const program = `
const { module, context, request, schema } = JSON.parse(process.argv[1])
const { duckdb } = await import(module)
const { schemaFromJson } = await import(schema)
const client = await duckdb().connect(context)
const loaded = { ...request, schema: schemaFromJson(request.schema) }
await client.updateSchema(loaded.schema, ['items'])
process.stdout.write('.')
await client.load(loaded)
setInterval(() => {}, 1000)
`

/** Loads in a process of its own, and kills it some time after it has begun. */
const killedLoad = async (context: object, request: object, after: number): Promise<void> => {
  const module = new URL('../src/index.ts', import.meta.url).href
  const task = { module, context, request, schema: import.meta.resolve('@dlt/schema') }
  const parameters = ['--conditions=@dlt/source', '--input-type=module', '-e', program, JSON.stringify(task)]
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const [words] = await Promise.race([once(child.stdout, 'data'), exited])
  expect(String(words)).toBe('.')
  await Promise.race([setTimeout(after), exited])
  child.kill('SIGKILL')
  expect(await exited).toEqual([null, 'SIGKILL'])
}

it('a load whose rows are kept is there wholly or not at all when it is killed, and once after the next one', async () => {
  const counts = `SELECT count(*)::INTEGER, count(DISTINCT id)::INTEGER, (SELECT count(*)::INTEGER FROM ds._dlt_loads)
    FROM ds.items`
  for (const after of moments) {
    const path = join(folder, `killed-${after}.duckdb`)
    const context = { pipelineName: 'kept', datasetName: 'ds', localDirectory: folder, credentials: path }
    const request = { loadId: '1', jobs, truncateTables: [] }
    await killedLoad(context, { ...request, schema: schemaToJson(schema) }, after)
    expect([[[0, 0, 0]], [[rowCount, rowCount, 1]]], `killed after ${after} ms`).toContainEqual(
      await query(path, counts),
    )
    {
      await using client = await duckdb().connect(context)
      await client.load({ ...request, schema })
    }
    expect(await query(path, counts), `loaded again after ${after} ms`).toEqual([[rowCount, rowCount, 1]])
    rmSync(path)
  }
}, 120_000)
