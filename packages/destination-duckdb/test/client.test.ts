import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bumpSchema, createSchema, createTable, updateTable } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { duckdb } from '../src/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

it('creates a dataset, loads a file into it, and leaves a file that can be opened', async () => {
  const destination = duckdb()
  const context = { pipelineName: 'events', datasetName: 'data', localDirectory: folder }
  const table = createTable('items', {
    resource: 'items',
    writeDisposition: 'append',
    columns: [
      { name: 'id', data_type: 'bigint', nullable: false },
      { name: 'name', data_type: 'text', nullable: true },
    ],
  })
  const schema = bumpSchema(updateTable(createSchema('events'), table).schema)
  const path = join(folder, 'items.1.jsonl')
  writeFileSync(path, '{"id":1,"name":"a"}\n{"id":2}\n')
  {
    await using client = await destination.connect(context)
    expect(await client.hasDataset()).toBe(false)
    expect((await client.updateSchema(schema, ['items'])).map(({ tableName }) => tableName)).toContain('items')
    expect(await client.updateSchema(schema, ['items'])).toEqual([])
    const job = {
      jobId: 'items.1.jsonl',
      tableName: 'items',
      path,
      format: 'jsonl',
      rowCount: 2,
      columns: ['id', 'name'],
    } as const
    const request = { loadId: '1.5', schema, jobs: [job], truncateTables: [] }
    expect(await client.load(request)).toEqual({ status: 'loaded', jobs: [{ jobId: 'items.1.jsonl', rowCount: 2 }] })
    expect(await client.load(request)).toEqual({ status: 'already-loaded', jobs: [] })
    expect((await client.storedSchema('events'))?.versionHash).toBe(schema.version_hash)
    expect(await client.storedState('events')).toBeUndefined()
  }
  const instance = await DuckDBInstance.create(join(folder, 'events_db.duckdb'))
  const connection = await instance.connect()
  const rows = await connection.runAndReadAll('SELECT * FROM data.items ORDER BY id')
  expect(rows.getRowsJS()).toEqual([
    [1n, 'a'],
    [2n, null],
  ])
  connection.closeSync()
  instance.closeSync()
})
