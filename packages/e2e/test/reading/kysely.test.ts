import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSchema, DltError } from '@dlt/core'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../consumer/consumer-project.ts'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

interface Database {
  orders: { id: number; customer: string | null; _dlt_id: string }
  orders__lines: { sku: string; _dlt_parent_id: string }
}

const orders = [
  { id: 1, customer: 'Ada', lines: [{ sku: 'x' }, { sku: 'y' }] },
  { id: 2, customer: 'Grace', lines: [{ sku: 'z' }] },
]

async function loaded() {
  const shop = new DuckDbShop()
  const pipeline = shop.pipeline()
  await pipeline.run(orders, { tableName: 'orders' })
  return { shop, pipeline, [Symbol.dispose]: () => shop[Symbol.dispose]() }
}

describe('an instance of Kysely', () => {
  test('reads the tables of the dataset, several queries at once', async () => {
    using loading = await loaded()
    await using db = await loading.pipeline.dataset<Database>().kysely()
    const lines = db
      .selectFrom('orders as o')
      .innerJoin('orders__lines as l', 'l._dlt_parent_id', 'o._dlt_id')
      .select(['o.id', 'l.sku'])
      .orderBy('l.sku')
    const count = sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.id('shop', 'orders')} WHERE id > ${1}`
    const [rows, counted] = await Promise.all([lines.execute(), count.execute(db)])
    expect(rows).toEqual([
      { id: 1, sku: 'x' },
      { id: 1, sku: 'y' },
      { id: 2, sku: 'z' },
    ])
    expect(counted.rows).toEqual([{ n: 1 }])
    const streamed: unknown[] = []
    for await (const { id } of db.selectFrom('orders').select('id').orderBy('id').stream(1)) {
      streamed.push(id)
      if (streamed.length === 1) break
    }
    expect(streamed).toEqual([1])
    expect(
      await db
        .selectFrom('orders')
        .select(({ fn }) => fn.countAll().as('n'))
        .executeTakeFirst(),
    ).toEqual({ n: 2 })
  })

  test('changes nothing', async () => {
    using loading = await loaded()
    {
      await using db = await loading.pipeline.dataset<Database>().kysely()
      const change = db.deleteFrom('orders').execute()
      await expect(change).rejects.toThrow('A dataset is only read, it cannot be changed. Load data with a pipeline.')
      await expect(db.transaction().execute(async () => undefined)).rejects.toThrow(DltError)
      await expect(sql`DELETE FROM shop.orders`.execute(db)).rejects.toThrow('Only queries can be read')
      expect(() => db.introspection).toThrow('Ask the dataset: dataset.tables().')
      expect(await db.selectFrom('orders').selectAll().execute()).toHaveLength(2)
    }
    // The file is closed: DuckDB itself can open it.
    expect(await loading.shop.values('SELECT count(*) FROM shop.orders')).toEqual(['2'])
  })
})

describe('the types that a pipeline writes', () => {
  test('compile, and are those of the rows', async () => {
    using loading = await loaded()
    const { shop, pipeline } = loading
    const schema = createSchema('odd', { naming: 'direct' })
    const odd = {
      'a.b': 1,
      "it's": 2,
      'two words': true,
      '0': 'x',
      constructor: 1,
      'a%b': 1,
      'x"y\u2028': 1,
      default: 1,
    }
    await pipeline.run([odd], { tableName: 'odd.table as t', schema })
    const columns = {
      amount: { data_type: 'decimal' },
      day: { data_type: 'date' },
      note: { data_type: 'json' },
      small: { data_type: 'bigint', precision: 32, nullable: false },
    } as const
    await pipeline.run([{ amount: '1.5', day: '2024-01-01', at: new Date(), note: {}, small: 1 }], {
      tableName: 'kinds',
      columns,
    })
    // Inside of a package that depends on what the file imports, so that TypeScript finds it.
    const folder = join(import.meta.dirname, '../../.work/types')
    mkdirSync(folder, { recursive: true })
    const path = join(folder, 'database.ts')
    await pipeline.writeTypes(path)
    const text = readFileSync(path, 'utf8')
    expect(text).toContain("  'odd%2Etable%20as%20t': {")
    expect(text).toContain('    amount: Decimal | null\n')
    expect(text).toContain('    small: number\n')
    const { mtimeMs } = statSync(path)
    await shop.pipeline({ workingDir: join(shop.folder, 'another') }).writeTypes(path)
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(statSync(path).mtimeMs).toBe(mtimeMs)
    writeFileSync(join(folder, 'use.ts'), use)
    const tsc = join(import.meta.dirname, '../../../../node_modules/typescript/bin/tsc')
    const settings = { extends: '../../../../tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['.'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    expect(await runCommand(folder, process.execPath, [tsc, '-p', '.'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
    await using db = await pipeline.dataset().kysely<Record<string, Record<string, unknown>>>()
    const [row] = await db.selectFrom('odd%2Etable%20as%20t').select(['a%2Eb', 'two%20words', 'a%25b']).execute()
    expect(row).toEqual({ 'a%2Eb': 1, 'two%20words': true, 'a%25b': 1 })
  })

  test('are not written into a folder that does not exist', async () => {
    using loading = await loaded()
    const path = join(loading.shop.folder, 'no/types.ts')
    await expect(loading.pipeline.writeTypes(path)).rejects.toThrow(`The types cannot be written to "${path}": ENOENT`)
  })
})

const use = `
import dlt, { type Dataset, type Decimal } from '@dlt/core'
import type { Database } from './database.ts'

declare const dataset: Dataset<Database>
const rows: { id: number | bigint | null }[] = await dataset.table('orders').where('id', '=', 1).select('id').rows()
const amounts: (Decimal | null)[] = (await dataset.table('kinds').where('amount', '>', '1.5').rows()).map(({ amount }) => amount)
const joined: string | null | undefined = (await dataset.table('orders').join('orders__lines', { as: 'line', kind: 'left' }).first())?.line__sku
const odd: string | null | undefined = (await dataset.table('odd%2Etable%20as%20t').first())?.['0']
// @ts-expect-error: a table that does not exist
dataset.table('order')
// @ts-expect-error: a column that does not exist
dataset.table('orders').select('nothing')
// @ts-expect-error: a value of another type
dataset.table('orders').where('id', '=', 'one')
await using db = await dataset.kysely()
const names: (string | null)[] = (await db.selectFrom('orders').select('customer').execute()).map(({ customer }) => customer)
// @ts-expect-error: a column that does not exist
db.selectFrom('orders').select('nothing')
void [dlt, rows, amounts, joined, odd, names]
`
