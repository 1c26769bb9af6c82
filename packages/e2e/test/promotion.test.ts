import { rmSync } from 'node:fs'
import type { PipelineOptions } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { Decimal } from 'decimal.js'
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

describe('a decimal column gets more digits', () => {
  const columns = { v: { data_type: 'decimal', precision: 6, scale: 2 } } as const

  test('before and after the point, and keeps what it had', async () => {
    using shop = new DuckDbShop()
    const pipeline = shop.pipeline()
    for (const v of ['1.25', '12345.5', '1.234']) await pipeline.run([{ v: new Decimal(v) }], { ...items, columns })
    expect(await typesOf(shop)).toEqual({ v: 'DECIMAL(8,3)' })
    expect(await shop.values('SELECT v::VARCHAR FROM shop.items ORDER BY v')).toEqual(['1.234', '1.250', '12345.500'])
  })

  test('of two pipelines with different ones it has room for both', async () => {
    using shop = new DuckDbShop()
    const other = shop.pipeline({ pipelineName: 'other', workingDir: `${shop.workingDir}-other`, datasetName: 'shop' })
    const pipeline = shop.pipeline()
    for (const one of [pipeline, other]) await one.run([{ v: new Decimal('1.25') }], { ...items, columns })
    await pipeline.run([{ v: new Decimal('1234567.5') }], items)
    await other.run([{ v: new Decimal('1.2345') }], items)
    await pipeline.run([{ v: new Decimal('12345678.5') }], items)
    expect(await typesOf(shop)).toEqual({ v: 'DECIMAL(12,4)' })
    expect(await shop.values('SELECT count(*) FROM shop.items')).toEqual(['5'])
  })

  test('and with promotion off a variant column takes those', async () => {
    using shop = new DuckDbShop()
    const pipeline = shop.pipeline({ promotion: false })
    for (const v of ['1.25', '12345.5']) await pipeline.run([{ v: new Decimal(v) }], { ...items, columns })
    expect(await typesOf(shop)).toEqual({ v: 'DECIMAL(6,2)', v__v_decimal: 'DECIMAL(38,9)' })
  })
})

test('a text column loses a length that the destination would keep to', async () => {
  using shop = new DuckDbShop()
  const destination = duckdb({ credentials: shop.file })
  const { capabilities } = destination
  const types = { ...capabilities.types, textPrecision: 'characters' } as const
  const pipeline = shop.pipeline({ destination: { ...destination, capabilities: { ...capabilities, types } } })
  const columns = { v: { data_type: 'text', precision: 3 } } as const
  const precision = () => pipeline.defaultSchema?.tables.get('items')?.columns.get('v')?.precision
  await pipeline.run([{ v: 'abc' }], { ...items, columns })
  expect(precision()).toBe(3)
  await pipeline.run([{ v: 'abcd' }], { ...items, columns })
  expect(precision()).toBeUndefined()
  await pipeline.run([{ v: 'ab' }], { ...items, columns })
  expect(precision()).toBeUndefined()
})

test('what was altered is told in the load info', async () => {
  using shop = new DuckDbShop()
  const pipeline = await runs(shop, [[{ v: 1 }]])
  const info = await pipeline.run([{ v: 2.5, w: 1 }], items)
  expect(info.packages[0]?.schemaChanges).toEqual([
    {
      tableName: 'items',
      created: false,
      columns: [{ name: 'w', data_type: 'bigint', nullable: true }],
      alteredColumns: [{ change: 'type', column: 'v', from: 'BIGINT', to: 'DOUBLE' }],
    },
  ])
  expect(String(info)).toContain(`\nLoad package ${info.loadIds[0]} altered table items: ~ v BIGINT -> DOUBLE`)
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
