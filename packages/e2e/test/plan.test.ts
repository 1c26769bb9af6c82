import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import dlt, { PipelineStepFailed } from '@dlt/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DuckDbShop } from './duckdb/duckdb-shop.ts'

const orders = { tableName: 'orders' } as const

let shop: DuckDbShop

beforeEach(() => {
  shop = new DuckDbShop()
})

afterEach(() => {
  shop[Symbol.dispose]()
})

/** All files of the working directory with their content. */
function content(): readonly (readonly [string, string])[] {
  const files = readdirSync(shop.workingDir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => !path.endsWith('.sqlite'))
    .map((path) => [path, readFileSync(path, 'utf8')] as const)
}

const tables = () => shop.query(`SELECT table_name, column_name FROM information_schema.columns ORDER BY ALL`)

describe('a plan', () => {
  test('tells of new tables before anything is there, and leaves nothing', async () => {
    const plan = await shop.pipeline().plan([{ id: 1, lines: [{ sku: 'a' }, { sku: 'b' }] }], orders)
    expect(String(plan)).toBe(`Plan of pipeline shop for destination duckdb
  create shop.orders: 1 row, append
    + id bigint
    + _dlt_load_id text not null
    + _dlt_id text not null
  create shop.orders__lines: 2 rows, append
    + sku text
    + _dlt_parent_id text not null
    + _dlt_list_idx bigint not null
    + _dlt_id text not null`)
    expect([plan.changesTables, plan.hasErrors]).toEqual([true, false])
    expect(existsSync(shop.workingDir)).toBe(false)
    expect(await tables()).toEqual([])
  })

  test('tells of new columns and of tables that stay, as data too, and changes nothing', async () => {
    await shop.pipeline().run([{ id: 1 }], { ...orders, writeDisposition: 'replace' })
    await shop.pipeline().run([{ id: 1 }], { tableName: 'users' })
    const before = [content(), await tables()]
    const cursor = dlt.incremental({ cursorPath: 'id' })
    const data = [
      dlt.resource({ name: 'orders', writeDisposition: 'replace', incremental: cursor }, [{ id: 2, price: 1.5 }]),
      dlt.resource({ name: 'users' }, [{ id: 2 }, { id: 3 }]),
    ]
    const plan = await shop.pipeline().plan(data)
    expect(String(plan)).toBe(`Plan of pipeline shop for destination duckdb
  alter shop.orders: 1 row, replace
    + price double
  load shop.users: 2 rows, append`)
    expect(JSON.parse(JSON.stringify(plan))).toMatchObject({
      pipelineName: 'shop',
      problems: [],
      tables: [
        {
          schemaName: 'shop',
          datasetName: 'shop',
          tableName: 'orders',
          change: 'alter',
          newColumns: [{ name: 'price', dataType: 'double', nullable: true }],
          rows: 1,
          writeDisposition: 'replace',
        },
        { tableName: 'users', change: 'none', newColumns: [], rows: 2 },
      ],
    })
    expect([content(), await tables()]).toEqual(before)
    expect((await shop.pipeline().run(data)).rowCounts).toEqual({ orders: 1, users: 2 })
  })

  test('compares with what the destination has, whatever the pipeline believes', async () => {
    await shop.pipeline().run([{ id: 1, price: 2, note: 'a' }], orders)
    await shop.query('ALTER TABLE shop.orders DROP COLUMN note')
    await shop.query('ALTER TABLE shop.orders ALTER COLUMN price TYPE VARCHAR')
    const plan = await shop.pipeline().plan([{ id: 2, price: 3, note: 'b' }], orders)
    expect(plan.tables).toMatchObject([{ tableName: 'orders', change: 'alter', newColumns: [{ name: 'note' }] }])
    expect(plan.problems).toEqual([
      {
        severity: 'warning',
        tableName: 'orders',
        column: 'price',
        message:
          'Column "price" of table "orders" is VARCHAR at the destination, and the schema asks for BIGINT. It stays as it is.',
      },
    ])
    expect(String(plan)).toContain('\n  warning: Column "price" of table "orders" is VARCHAR at the destination')
  })

  test('tells of columns that are altered, as data too', async () => {
    const columns = { price: { data_type: 'decimal', precision: 6, scale: 2 } } as const
    await shop.pipeline().run([{ id: 1, price: 1 }], { ...orders, columns })
    const plan = await shop.pipeline().plan([{ id: 2.5, price: 123456 }], orders)
    expect(String(plan)).toBe(`Plan of pipeline shop for destination duckdb
  alter shop.orders: 1 row, append
    ~ id bigint -> double
    ~ price DECIMAL(6,2) -> DECIMAL(8,2)`)
    expect(plan.tables[0]?.alteredColumns).toEqual([
      { change: 'type', column: 'price', from: 'DECIMAL(6,2)', to: 'DECIMAL(8,2)' },
      { change: 'type', column: 'id', from: 'BIGINT', to: 'DOUBLE' },
    ])
    expect(plan.problems).toEqual([])
  })

  test('tells of columns that allow nulls from now on', async () => {
    await shop.pipeline().run([{ key: 1 }], { ...orders, primaryKey: 'key' })
    const other = shop.pipeline({ pipelineName: 'other', workingDir: join(shop.folder, 'other'), datasetName: 'shop' })
    expect(String(await other.plan([{ id: 1 }], orders))).toBe(`Plan of pipeline other for destination duckdb
  alter shop.orders: 1 row, append
    + id bigint
    ~ key allows nulls`)
    const { packages } = await other.run([{ id: 1 }], orders)
    const altered = packages.flatMap(({ schemaChanges }) => schemaChanges.flatMap((one) => one.alteredColumns ?? []))
    expect(altered).toEqual([{ change: 'nullable', column: 'key' }])
  })

  test('tells what goes where something begins anew', async () => {
    await shop.pipeline().run([{ id: 1, size: 'a', lines: [{ sku: 'a' }] }], orders)
    await shop.query('ALTER TABLE shop.orders ALTER COLUMN size TYPE BLOB USING size::BLOB')
    const data = [{ id: 2, size: 'b' }]
    const made = `  create shop.orders: 1 row, append
    + id bigint
    + size text
    + _dlt_load_id text not null
    + _dlt_id text not null`
    const first = 'Plan of pipeline shop for destination duckdb\n'
    for (const refresh of ['drop_sources', 'drop_resources'] as const) {
      const plan = await shop.pipeline().plan(data, { ...orders, refresh })
      expect(String(plan)).toBe(`${first}  drop shop.orders__lines\n  drop shop.orders\n${made}`)
      expect(plan.changesTables).toBe(true)
    }
    const plan = await shop.pipeline().plan(data, { ...orders, refresh: 'drop_data' })
    expect(String(plan)).toMatch(
      /\n {2}empty shop\.orders__lines\n {2}empty shop\.orders\n {2}load shop\.orders: 1 row, append\n {2}warning: /,
    )
    expect(plan.removals[0]).toEqual({ datasetName: 'shop', tableName: 'orders__lines', removes: 'rows' })
    expect(plan.changesTables).toBe(false)
    await shop.pipeline().run(data, { ...orders, refresh: 'drop_sources' })
    expect((await tables()).filter((name) => String(name).includes('lines'))).toEqual([])
  })

  test('starts from the state at the destination where there is none here', async () => {
    await shop.pipeline().run([{ id: 1 }], orders)
    rmSync(shop.workingDir, { recursive: true })
    const plan = await shop.pipeline().plan([{ id: 2 }], orders)
    expect(plan.tables).toMatchObject([{ tableName: 'orders', change: 'none', rows: 1 }])
    expect(existsSync(shop.workingDir)).toBe(false)
  })

  test('is for the dataset that is given, and that holds for nothing else', async () => {
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 1 }], orders)
    const plan = await pipeline.plan([{ id: 2 }], { ...orders, datasetName: 'other' })
    expect(plan.tables).toMatchObject([{ datasetName: 'other', change: 'create' }])
    expect(pipeline.datasetName).toBe('shop')
  })

  test('names packages that come first', async () => {
    const { packages } = await shop.pipeline().extract([{ id: 1 }], orders)
    const plan = await shop.pipeline().plan([{ id: 2 }], orders)
    expect(plan.pendingLoadIds).toEqual(packages.map(({ loadId }) => loadId))
    expect(String(plan)).toContain(`\n  first load package ${packages[0]?.loadId}, which waits`)
    expect(await shop.pipeline().pendingPackages()).toHaveLength(1)
  })

  test('reads schema files, and writes none', async () => {
    const folder = join(shop.folder, 'schemas')
    mkdirSync(folder)
    const files = { importSchemaPath: folder, exportSchemaPath: folder }
    await shop.pipeline(files).plan([{ id: 1 }], orders)
    expect(readdirSync(folder)).toEqual([])
  })

  test('of nothing says so', async () => {
    await shop.pipeline().run([{ id: 1 }], orders)
    const nothing = dlt.resource({ name: 'orders' }, [])
    expect(String(await shop.pipeline().plan(nothing))).toBe(
      'Plan of pipeline shop for destination duckdb\n  nothing to load',
    )
  })
})

describe('problems in a plan', () => {
  test('are types that the destination does not have', async () => {
    const columns = { price: { data_type: 'decimal', precision: 76, scale: 10 } } as const
    const plan = await shop.pipeline().plan([{ id: 1, price: '1.5' }], { ...orders, columns })
    expect(plan.hasErrors).toBe(true)
    expect(plan.problems[0]?.message).toContain('"price"')
    await expect(shop.pipeline().run([{ id: 1, price: '1.5' }], { ...orders, columns })).rejects.toThrow(
      PipelineStepFailed,
    )
  })

  test('are warnings of normalizing', async () => {
    const plan = await shop.pipeline().plan([{ id: 1, empty: null }], orders)
    expect(plan.problems).toEqual([
      {
        severity: 'warning',
        message:
          'Column "empty" of table "orders" (schema "shop") has only nulls so far, so it was not created. Declare its data type to have it.',
      },
    ])
  })

  test('are not errors of the data: those are thrown, and nothing stays', async () => {
    const failing = () => {
      throw new Error('no data')
    }
    await expect(shop.pipeline().plan(dlt.resource({ name: 'orders' }, failing))).rejects.toThrow('no data')
    const keyless = shop.pipeline().plan([{ id: 1 }, { id: null }], { ...orders, primaryKey: 'id' })
    await expect(keyless).rejects.toThrow(
      /^Pipeline "shop" failed at step "normalize": Column "id" .* declare another primaryKey\.$/,
    )
    expect(existsSync(shop.workingDir)).toBe(false)
  })
})
