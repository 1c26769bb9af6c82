import { rmSync } from 'node:fs'
import type { PipelineOptions } from '@dlt/core'
import { describe, expect, test } from 'vitest'
import { DuckDbShop } from './duckdb/duckdb-shop.ts'

const items = { tableName: 'items' } as const

async function typesOf(shop: DuckDbShop, table = 'items'): Promise<Readonly<Record<string, unknown>>> {
  const rows = await shop.query(
    `SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '${table}' AND column_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY ordinal_position`,
  )
  return Object.fromEntries(rows)
}

async function runs(shop: DuckDbShop, packages: readonly (readonly object[])[], options: PipelineOptions = {}) {
  const pipeline = shop.pipeline(options)
  for (const rows of packages) {
    const info = await pipeline.run(rows, items)
    expect(info.failedPackages).toEqual([])
  }
  return pipeline
}

describe('a column gets a wider type', () => {
  test('bigint becomes double with the first fraction, and what was there stays', async () => {
    using shop = new DuckDbShop()
    const pipeline = await runs(shop, [[{ v: 1 }], [{ v: 2.5 }, { v: 3 }], [{ v: 4 }]])
    expect(await typesOf(shop)).toEqual({ v: 'DOUBLE' })
    expect(await shop.values('SELECT v FROM shop.items ORDER BY v')).toEqual([1, 2.5, 3, 4])
    expect(pipeline.defaultSchema?.tables.get('items')?.columns.get('v')).toEqual({
      name: 'v',
      data_type: 'double',
      nullable: true,
      'x-promoted-from': 'bigint',
    })
  })

  test('in nested tables, too', async () => {
    using shop = new DuckDbShop()
    await runs(shop, [[{ l: [{ v: 1 }] }], [{ l: [{ v: 0.5 }] }]])
    expect(await typesOf(shop, 'items__l')).toEqual({ v: 'DOUBLE' })
    expect(await shop.values('SELECT v FROM shop.items__l ORDER BY v')).toEqual([0.5, 1])
  })

  test('bigint becomes decimal where integers come as bigint with fractions', async () => {
    using shop = new DuckDbShop()
    await runs(shop, [[{ v: 1 }], [{ v: 2.5 }, { v: 9007199254740993n }]])
    expect(await typesOf(shop)).toEqual({ v: 'DECIMAL(38,9)' })
    const texts = await shop.values('SELECT v::VARCHAR FROM shop.items ORDER BY v')
    expect(texts).toEqual(['1.000000000', '2.500000000', '9007199254740993.000000000'])
  })

  test('an integer column of few bits gets as many as are needed', async () => {
    using shop = new DuckDbShop()
    const columns = { v: { data_type: 'bigint', precision: 8 }, w: { data_type: 'bigint', precision: 8 } } as const
    const pipeline = shop.pipeline()
    await pipeline.run([{ v: 1, w: 1 }], { ...items, columns })
    expect(await typesOf(shop)).toEqual({ v: 'TINYINT', w: 'TINYINT' })
    await pipeline.run([{ v: 300, w: 2 ** 40 }], { ...items, columns })
    await pipeline.run([{ v: 2, w: 2 }], { ...items, columns })
    expect(await typesOf(shop)).toEqual({ v: 'SMALLINT', w: 'BIGINT' })
    expect(await shop.values('SELECT w FROM shop.items ORDER BY w')).toEqual(['1', '2', String(2 ** 40)])
  })

  test('a declared type does not take a promotion back', async () => {
    using shop = new DuckDbShop()
    const pipeline = shop.pipeline()
    const hints = { ...items, columns: { v: { data_type: 'bigint' } } } as const
    for (const v of [1, 1.5, 2, 2.5]) await pipeline.run([{ v }], hints)
    expect(await shop.values('SELECT v FROM shop.items ORDER BY v')).toEqual([1, 1.5, 2, 2.5])
  })
})

describe('a promotion lasts', () => {
  test('for packages that were extracted before it', async () => {
    using shop = new DuckDbShop()
    const pipeline = await runs(shop, [[{ v: 1 }]])
    await pipeline.extract([{ v: 2.5 }], items)
    await pipeline.extract([{ v: 3 }], items)
    await pipeline.normalize()
    await pipeline.load()
    expect(await shop.values('SELECT v FROM shop.items ORDER BY v')).toEqual([1, 2.5, 3])
    expect(await typesOf(shop)).toEqual({ v: 'DOUBLE' })
  })

  test('when the working directory is lost', async () => {
    using shop = new DuckDbShop()
    await runs(shop, [[{ v: 1 }], [{ v: 2.5 }]])
    rmSync(shop.workingDir, { recursive: true })
    await runs(shop, [[{ v: 3 }], [{ v: 4.5 }]])
    expect(await shop.values('SELECT v FROM shop.items ORDER BY v')).toEqual([1, 2.5, 3, 4.5])
  })

  test('for several pipelines on one table, whichever brings the first fraction', async () => {
    using shop = new DuckDbShop()
    const other = () =>
      shop.pipeline({ pipelineName: 'other', workingDir: `${shop.workingDir}-other`, datasetName: 'shop' })
    await runs(shop, [[{ v: 1 }]])
    await other().run([{ v: 2 }], items)
    await runs(shop, [[{ v: 3.5 }]])
    await other().run([{ v: 4 }], items)
    await other().run([{ v: 5.5 }], items)
    await runs(shop, [[{ v: 6 }]])
    expect(await shop.values('SELECT v FROM shop.items ORDER BY v')).toEqual([1, 2, 3.5, 4, 5.5, 6])
  })
})

describe('variant columns take what does not fit', () => {
  test('with promotion off, as in the reference system', async () => {
    using shop = new DuckDbShop()
    await runs(shop, [[{ v: 1 }], [{ v: 2.5 }]], { promotion: false })
    expect(await typesOf(shop)).toEqual({ v: 'BIGINT', v__v_double: 'DOUBLE' })
  })

  test('where there is such a column already', async () => {
    using shop = new DuckDbShop()
    await runs(shop, [[{ v: 1 }], [{ v: 2.5 }]], { promotion: false })
    await runs(shop, [[{ v: 3.5 }]])
    expect(await typesOf(shop)).toEqual({ v: 'BIGINT', v__v_double: 'DOUBLE' })
  })

  test('of a primary key, whose rows keep their ids', async () => {
    using shop = new DuckDbShop()
    const pipeline = shop.pipeline()
    await pipeline.run([{ v: 1 }], { ...items, primaryKey: 'v' })
    const failure = await pipeline.run([{ v: 2.5 }], { ...items, primaryKey: 'v' }).catch((error: unknown) => error)
    expect(String(failure)).toContain('Column "v" of table "items" belongs to its primary key')
  })

  test('of a contract that freezes data types nothing is promoted', async () => {
    using shop = new DuckDbShop()
    const pipeline = await runs(shop, [[{ v: 1 }]])
    const run = pipeline.run([{ v: 2.5 }], { ...items, schemaContract: { data_type: 'freeze' } })
    await expect(run).rejects.toMatchObject({ step: 'normalize', cause: { entity: 'data_type', valueType: 'double' } })
  })
})

test('integers beyond 2^53 that are stored are not made doubles', async () => {
  using shop = new DuckDbShop()
  const pipeline = await runs(shop, [[{ v: 9007199254740993n }]])
  const failure = await pipeline.run([{ v: 2.5 }], items).then(
    ({ failedPackages }) => failedPackages[0]?.failure?.message,
    (error: unknown) => String(error),
  )
  expect(failure).toContain('Column "v" of table "items" (dataset "shop") holds integers beyond 2^53')
  expect(await typesOf(shop)).toEqual({ v: 'BIGINT' })
})
