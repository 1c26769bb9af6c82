import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../src/database.ts'
import { load, ordersFrom, unitsByCustomer } from '../src/report.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlt-read-back-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('loads, writes types, and reads back by them', async () => {
  const pipeline = dlt.pipeline({
    pipelineName: 'read_back',
    workingDir: join(folder, 'working'),
    destination: duckdb({ credentials: join(folder, 'orders.duckdb') }),
    datasetName: 'shop',
  })
  const written = join(folder, 'database.ts')
  await load(pipeline, written)
  // The types in the repository are those of the tables.
  expect(await readFile(written, 'utf8')).toBe(await readFile(join(import.meta.dirname, '../src/database.ts'), 'utf8'))
  const dataset = pipeline.dataset<Database>()
  expect(await dataset.rowCounts()).toEqual({ orders: 3, orders__lines: 3 })
  expect(await ordersFrom(dataset, 'GB')).toEqual([1, 3])
  expect(await unitsByCustomer(dataset)).toEqual([
    { customer: 'Grace', sku: 'tea', units: 5 },
    { customer: 'Ada', sku: 'tea', units: 2 },
    { customer: 'Ada', sku: 'cup', units: 1 },
  ])
})
