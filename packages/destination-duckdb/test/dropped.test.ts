import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DestinationClient, DestinationError, type LoadJob } from '@dlt/destination'
import { sampleSchema } from '@dlt/destination-testkit'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { duckdb } from '../src/index.ts'

const schema = sampleSchema('sample', {
  items: [
    { name: 'id', data_type: 'bigint', nullable: false },
    { name: 'note', data_type: 'text' },
  ],
})

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
let client: DestinationClient
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  client = await duckdb({ credentials: connection }).connect({
    pipelineName: 'sample',
    datasetName: 'ds',
    localDirectory: folder,
  })
  await client.updateSchema(schema, ['items'])
  await load(1)
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  connection.closeSync()
  instance.closeSync()
  rmSync(folder, { recursive: true })
})

const jobOf = (id: number): LoadJob => {
  const path = join(folder, `items.${id}.jsonl`)
  writeFileSync(path, `{"id":${id},"note":"n${id}"}\n`)
  return { jobId: `items.${id}.jsonl`, tableName: 'items', path, format: 'jsonl', rowCount: 1, columns: ['id', 'note'] }
}

const load = (id: number, truncateTables: readonly string[] = []) =>
  client.load({ loadId: String(id), schema, jobs: [jobOf(id)], truncateTables })

const recreatedBy = async (id: number, truncateTables?: readonly string[]) =>
  (await load(id, truncateTables)).recreated?.map(({ tableName, created, columns }) => [
    tableName,
    created,
    columns.map(({ name }) => name),
  ])

const rowsOf = async (sql: string): Promise<readonly unknown[]> => (await connection.runAndReadAll(sql)).getRowsJson()

const versions = async () => rowsOf('SELECT count(*) FROM ds._dlt_version')

describe('what somebody dropped is created again by the next load', () => {
  it('is a table', async () => {
    await connection.run('DROP TABLE ds.items')
    expect(await client.updateSchema(schema, ['items'])).toEqual([])
    expect(await recreatedBy(2)).toEqual([['items', true, ['id', 'note']]])
    expect(await rowsOf('SELECT id, note FROM ds.items')).toEqual([['2', 'n2']])
    expect(await versions()).toEqual([['1']])
    expect(await load(3)).not.toHaveProperty('recreated')
  })

  it('is a table that is emptied', async () => {
    await connection.run('DROP TABLE ds.items')
    expect(await recreatedBy(2, ['items'])).toEqual([['items', true, ['id', 'note']]])
  })

  it('is a column; rows that are there have nulls in it', async () => {
    await connection.run('ALTER TABLE ds.items DROP COLUMN note')
    expect(await recreatedBy(2)).toEqual([['items', false, ['note']]])
    expect(await rowsOf('SELECT id, note FROM ds.items ORDER BY id')).toEqual([
      ['1', null],
      ['2', 'n2'],
    ])
  })

  it.each(['_dlt_loads', '_dlt_version'])('is %s', async (table) => {
    await connection.run(`DROP TABLE ds.${table}`)
    await client.updateSchema(schema, ['items'])
    expect((await load(2)).status).toBe('loaded')
    expect(await rowsOf('SELECT id FROM ds.items ORDER BY id')).toEqual([['1'], ['2']])
    expect(await client.isLoaded('2', 'sample')).toBe(true)
    expect(await versions()).toEqual([['1']])
  })

  it('is the dataset', async () => {
    await connection.run('DROP SCHEMA ds CASCADE')
    expect((await load(2)).status).toBe('loaded')
    expect(await versions()).toEqual([['1']])
  })
})

it('says what to do where it cannot be created again', async () => {
  await connection.run('ALTER TABLE ds.items DROP COLUMN id')
  const error: unknown = await load(2).catch((reason: unknown) => reason)
  expect(DestinationError.is(error, 'terminal')).toBe(true)
  expect(error).toMatchObject({ context: { dataset: 'ds', table: 'items' } })
  expect(String(error)).toMatch(
    /Tables or columns of dataset "ds" are missing \(.*column with name "id".*\), and the package could not be loaded with new ones: .* Create them as they were and run again, or load into another dataset\.$/,
  )
  expect(await client.isLoaded('2', 'sample')).toBe(false)
})

it('says what to do where the connection was closed', async () => {
  const own = await instance.connect()
  const destination = duckdb({ credentials: own })
  const context = { pipelineName: 'sample', datasetName: 'ds', localDirectory: folder }
  await using opened = await destination.connect(context)
  own.closeSync()
  const words = /^The DuckDB connection is closed\..*open another one/
  await expect(opened.load({ loadId: '2', schema, jobs: [], truncateTables: [] })).rejects.toThrow(words)
  await expect(destination.connect(context)).rejects.toThrow(words)
})

it.each(['information_schema', 'pg_catalog', 'PG_Catalog'])(
  'refuses the dataset "%s" before anything is done',
  (name) => {
    const context = { pipelineName: 'sample', datasetName: name, localDirectory: folder }
    expect(() => duckdb({ normalizeDatasetName: false }).check(context)).toThrow(
      `The dataset "${name}" has the name of a schema that DuckDB keeps for itself. Choose another dataset name.`,
    )
  },
)

it('says which column has more digits than DuckDB has', async () => {
  const wide = sampleSchema('wide', { prices: [{ name: 'price', data_type: 'decimal', precision: 50, scale: 2 }] })
  await expect(client.updateSchema(wide, ['prices'])).rejects.toThrow(
    'DuckDB has no type for column "price" of table "prices": decimal precision 50 scale 2. Declare a precision of 1 to 38 digits and a scale that is not larger, or the type "text".',
  )
})
