import { type LoadInfo, PipelineStepFailed } from '@dlt/core'
import { Decimal } from 'decimal.js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

const orders = { tableName: 'orders' } as const
const ids = 'SELECT id FROM shop.orders ORDER BY id'
const silent = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

let shop: DuckDbShop

beforeEach(() => {
  shop = new DuckDbShop()
})

afterEach(() => {
  shop[Symbol.dispose]()
})

/** The error of a step that failed. */
async function failedStep(act: () => Promise<unknown>): Promise<PipelineStepFailed> {
  try {
    await act()
  } catch (error) {
    if (error instanceof PipelineStepFailed) return error
    throw error
  }
  throw new Error('Nothing was thrown.')
}

test('values have their types: times, decimals, UUIDs, bytes, and what JSON knows', async () => {
  const row = {
    id: 1,
    at: new Date('2024-05-06T07:08:09.123Z'),
    price: new Decimal('1.25'),
    key: '6f1c0a1e-6f7e-4a44-8f0b-0d6f8a1f2b3c',
    raw: new Uint8Array([1, 255]),
    on: true,
    ratio: 0.5,
  }
  await shop.pipeline().run([row], orders)
  const types = `SELECT data_type FROM information_schema.columns
    WHERE table_name = 'orders' AND column_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY ordinal_position`
  expect(await shop.values(types)).toEqual([
    'BIGINT',
    'TIMESTAMP WITH TIME ZONE',
    'DECIMAL(38,9)',
    'VARCHAR',
    'BLOB',
    'BOOLEAN',
    'DOUBLE',
  ])
  const texts = `SELECT id::VARCHAR, epoch_us("at")::VARCHAR, price::VARCHAR, "key", hex(raw), "on"::VARCHAR, ratio::VARCHAR
    FROM shop.orders`
  expect(await shop.query(texts)).toEqual([['1', '1714979289123000', '1.250000000', row.key, '01FF', 'true', '0.5']])
})

describe('a run', () => {
  test('finishes what waits, and only then extracts', async () => {
    const pipeline = shop.pipeline()
    await pipeline.extract([{ id: 1 }], orders)
    const seen: unknown[] = []
    const info = await pipeline.run(async function* orders() {
      seen.push(...(await shop.values(ids)))
      yield { id: 2 }
    })
    expect(seen).toEqual(['1'])
    expect(info.packages).toHaveLength(2)
    expect(await shop.values(ids)).toEqual(['1', '2'])
  })

  test('tells the destination, the dataset, the packages and the failed jobs of each', async () => {
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.query('CREATE UNIQUE INDEX one_each ON shop.orders (id)')
    const info: LoadInfo = await shop.pipeline({ logger: silent }).run([{ id: 1 }], orders)
    expect(info).toMatchObject({
      destinationType: 'duckdb',
      destinationName: 'duckdb',
      destination: `duckdb:///${shop.file}`,
      datasetName: 'shop',
      hasFailedJobs: true,
    })
    expect(info.loadIds).toEqual(info.failedPackages.map(({ loadId }) => loadId))
    expect(info.failedPackages.map(({ failure }) => failure?.tableName)).toEqual(['orders'])
  })

  test('is visible only with its load id: rows and the row in _dlt_loads come together', async () => {
    const { loadIds } = await shop.pipeline().run([{ id: 1 }, { id: 2 }], orders)
    expect(await shop.values('SELECT load_id FROM shop._dlt_loads WHERE status = 0')).toEqual(loadIds)
    const unknown = 'SELECT id FROM shop.orders WHERE _dlt_load_id NOT IN (SELECT load_id FROM shop._dlt_loads)'
    expect(await shop.values(unknown)).toEqual([])
  })
})

describe('a step that fails is PipelineStepFailed', () => {
  test('in run and extract, where the data fails', async () => {
    const failing = async function* orders(): AsyncGenerator<{ id: number }> {
      yield { id: 1 }
      throw new Error('the API is down')
    }
    const message =
      'Pipeline "shop" failed at step "extract": Resource "orders" failed after 1 item: Error: the API is down. Nothing of this run was stored; run again when the cause is removed.'
    const pipeline = shop.pipeline()
    for (const act of [() => pipeline.run(failing), () => pipeline.extract(failing)]) {
      const error = await failedStep(act)
      expect([error.step, error.hasPendingPackages, error.message]).toEqual(['extract', false, message])
    }
  })

  test('in normalize, where a row breaks a rule of its table', async () => {
    const pipeline = shop.pipeline()
    await pipeline.extract([{ id: null }], { ...orders, columns: { id: { data_type: 'bigint', nullable: false } } })
    const { step, hasPendingPackages, loadId } = await failedStep(() => pipeline.normalize())
    const [waiting] = await pipeline.pendingPackages()
    expect({ step, hasPendingPackages, loadId }).toEqual({
      step: 'normalize',
      hasPendingPackages: true,
      loadId: waiting?.loadId,
    })
  })

  test('in load, where the destination cannot be reached', async () => {
    const pipeline = shop.pipeline()
    await pipeline.extract([{ id: 1 }], orders)
    await pipeline.normalize()
    const error = await failedStep(() => pipeline.load({ credentials: `${shop.folder}/missing/target.duckdb` }))
    expect(error).toMatchObject({ step: 'load', hasPendingPackages: true })
    await pipeline.load({ credentials: shop.file })
    expect(await shop.values(ids)).toEqual(['1'])
  })

  test('but a job that fails raises nothing', async () => {
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.query('CREATE UNIQUE INDEX one_each ON shop.orders (id)')
    const pipeline = shop.pipeline({ logger: silent })
    expect((await pipeline.run([{ id: 1 }], orders)).hasFailedJobs).toBe(true)
    expect((await pipeline.load()).hasFailedJobs).toBe(true)
  })
})

test('a failed package is tried once by each call, and by retry, which extracts nothing', async () => {
  await shop.pipeline().run([{ id: 1 }], orders)
  await shop.query('CREATE UNIQUE INDEX one_each ON shop.orders (id)')
  const pipeline = shop.pipeline({ logger: silent })
  const { loadIds } = await pipeline.run([{ id: 1 }], orders)
  const [loadId = ''] = loadIds
  expect((await pipeline.retry(loadId)).failedPackages.map((failed) => failed.loadId)).toEqual(loadIds)
  await shop.query('DROP INDEX shop.one_each')
  expect(await pipeline.retry(loadId)).toMatchObject({ hasFailedJobs: false, loadIds, extracted: [] })
  expect(await shop.values(ids)).toEqual(['1', '1'])
})

test('messages go to the logger that is given, and nowhere else', async () => {
  const heard: string[] = []
  const hear = (message: string) => heard.push(message)
  const logger = { debug: hear, info: hear, warning: hear, error: hear }
  const write = vi.spyOn(process.stderr, 'write')
  await shop.pipeline({ logger }).run([{ id: 1 }], orders)
  await shop.pipeline({ logger }).run([{ id: 2 }], { ...orders, datasetName: 'another' })
  expect(heard).toContain(
    'Pipeline "shop": the dataset "another" is new, so loading starts anew; state and schemas stay in the dataset "shop".',
  )
  expect(write).not.toHaveBeenCalled()
  write.mockRestore()
})
