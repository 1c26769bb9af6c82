import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import dlt from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { describe, expect, test } from 'vitest'
import { DuckDbShop } from './duckdb/duckdb-shop.ts'

const orders = { tableName: 'orders' } as const
const ids = 'SELECT id FROM shop.orders ORDER BY id'

describe('a pipeline into DuckDB', () => {
  test('goes on from the database alone when its working directory is gone', async () => {
    using shop = new DuckDbShop()
    const first = shop.pipeline()
    await first.run([{ id: 1, name: 'a', lines: [{ sku: 'x' }] }], orders)
    rmSync(shop.workingDir, { recursive: true })
    const second = shop.pipeline()
    await second.run([{ id: 2, lines: [{ sku: 'y' }] }], orders)
    expect(second.defaultSchema).toEqual(first.defaultSchema)
    expect(second.state._version_hash).toBe(first.state._version_hash)
    expect(await shop.values(ids)).toEqual(['1', '2'])
    expect(await shop.values('SELECT count(*) FROM shop._dlt_version')).toEqual(['1'])
    expect(await shop.values('SELECT count(*) FROM shop._dlt_pipeline_state')).toEqual(['1'])
  })

  test('starts anew when its dataset was dropped', async () => {
    using shop = new DuckDbShop()
    await shop.pipeline().run([{ id: 1, name: 'a' }], orders)
    await shop.query('DROP SCHEMA shop CASCADE')
    const messages: string[] = []
    const note = (message: string) => messages.push(message)
    const logger = { debug: () => {}, info: () => {}, warning: note, error: note }
    const pipeline = shop.pipeline({ logger })
    await pipeline.run([{ id: 2 }], orders)
    expect(await shop.values(ids)).toEqual(['2'])
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name')).toBe(false)
    expect(messages).toEqual([expect.stringContaining('the dataset "shop" does not exist any more')])
  })

  test('in memory goes on within the process, and starts anew when it was closed', async () => {
    using shop = new DuckDbShop()
    const pipeline = shop.pipeline({ destination: duckdb({ credentials: ':memory:' }) })
    expect((await pipeline.run([{ id: 1 }], orders)).firstRun).toBe(true)
    expect((await pipeline.run([{ id: 2 }], orders)).firstRun).toBe(false)
    await pipeline.close()
    expect((await pipeline.run([{ id: 3 }], orders)).firstRun).toBe(true)
    await pipeline.close()
  })

  test('fails a package whose rows the table refuses, and loads it when the table takes them', async () => {
    using shop = new DuckDbShop()
    const logger = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.query('CREATE UNIQUE INDEX one_each ON shop.orders (id)')
    const info = await shop.pipeline({ logger }).run([{ id: 2 }, { id: 1 }], orders)
    expect(info.hasFailedJobs).toBe(true)
    expect(info.failedPackages[0]?.failure).toMatchObject({
      tableName: 'orders',
      jobId: expect.stringMatching(/^orders\./),
    })
    expect(await shop.values(ids)).toEqual(['1'])
    expect(await shop.values('SELECT count(*) FROM shop._dlt_loads')).toEqual(['1'])
    await shop.query('DROP INDEX shop.one_each')
    const healed = await shop.pipeline({ logger }).run([{ id: 3 }], orders)
    expect(healed.hasFailedJobs).toBe(false)
    expect(await shop.values(ids)).toEqual(['1', '1', '2', '3'])
  })

  test('says before anything is read that a dataset is called like the file', async () => {
    using shop = new DuckDbShop()
    let pulled = 0
    function* items() {
      pulled++
      yield { id: 1 }
    }
    await expect(shop.pipeline({ datasetName: 'target' }).run(items)).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('has the name of a DuckDB database'),
    })
    expect(pulled).toBe(0)
    expect(existsSync(shop.file)).toBe(false)
  })

  test('uses the file <pipeline name>_db.duckdb in the current directory', async () => {
    using shop = new DuckDbShop()
    const previous = process.cwd()
    process.chdir(shop.folder)
    try {
      const info = await dlt
        .pipeline({ pipelineName: 'shop', workingDir: shop.workingDir, destination: duckdb() })
        .run([{ id: 1 }], orders)
      expect(info.destination).toContain('shop_db.duckdb')
      expect(existsSync(join(shop.folder, 'shop_db.duckdb'))).toBe(true)
    } finally {
      process.chdir(previous)
    }
  })
})

describe('a process that is killed', () => {
  const killedRun = join(import.meta.dirname, 'duckdb/killed-run.ts')

  /** Kills a process at a commit point of its run. */
  function killAt(shop: DuckDbShop, point: string, operation: string, moment: string): void {
    const args = ['--conditions=@dlt/source', killedRun, shop.workingDir, shop.file, point, operation, moment]
    const { signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(signal, stderr).toBe('SIGKILL')
  }

  test.each([
    ['extract.commit', 'rename', 'before', false],
    ['extract.commit', 'rename', 'after', true],
    ['normalize.commit', 'rename', 'before', true],
    ['normalize.commit', 'rename', 'after', true],
    ['load.update-schema', 'call', 'after', true],
    ['load.commit', 'call', 'before', true],
    ['load.commit', 'call', 'after', true],
    ['load.finish', 'rename', 'after', true],
  ])('at %s (%s, %s) leaves what the next run finishes', async (point, operation, moment, isExtracted) => {
    using shop = new DuckDbShop()
    await shop.pipeline().run([{ id: 1, lines: [{ sku: 'a' }] }], orders)
    killAt(shop, point, operation, moment)
    const seen = await shop.values(ids)
    expect([['1'], ['1', '2']]).toContainEqual(seen)
    await shop.pipeline().run([{ id: 3 }], orders)
    expect(await shop.values(ids)).toEqual(isExtracted ? ['1', '2', '3'] : ['1', '3'])
    expect(await shop.values('SELECT sku FROM shop.orders__lines ORDER BY sku')).toEqual(
      isExtracted ? ['a', 'b'] : ['a'],
    )
    const unfinished =
      'SELECT count(*) FROM shop.orders WHERE _dlt_load_id NOT IN (SELECT load_id FROM shop._dlt_loads)'
    expect(await shop.values(unfinished)).toEqual(['0'])
    const twice = 'SELECT load_id FROM shop._dlt_loads GROUP BY load_id HAVING count(*) > 1'
    expect(await shop.values(twice)).toEqual([])
    expect(await shop.pipeline().pendingPackages()).toEqual([])
  })
})
