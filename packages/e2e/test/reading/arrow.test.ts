import { PlainDate, PlainTime, PreciseDateTime } from '@dlt/core'
import { type Table, tableFromIPC, tableToIPC } from 'apache-arrow'
import { Decimal } from 'decimal.js'
import { expect, test } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

const rows = Array.from({ length: 3000 }, (_, id) => ({
  id,
  large: 2n ** 60n + BigInt(id),
  double: id / 3,
  bool: id % 3 === 0,
  text: `é 🦆 ${id}`,
  instant: new PreciseDateTime(1_704_164_645_000_001n + BigInt(id), true),
  day: new PlainDate(19_000 - id * 10),
  time: new PlainTime(1_000_001n + BigInt(id)),
  decimal: new Decimal(`-${id}.123456789`),
  bytes: Uint8Array.of(0, id & 255),
  json: { a: [id] },
  sometimes: id % 2 === 0 ? `even ${id}` : null,
}))

test('rows become an Arrow table of the same types and values', async () => {
  using shop = new DuckDbShop()
  await shop.pipeline().run(rows, { tableName: 'kinds', columns: { json: { data_type: 'json' } } })
  const relation = shop.pipeline().dataset().table('kinds').orderBy('id')
  const table = await relation.arrow<Table>()
  expect(table.numRows).toBe(3000)
  const types = Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]))
  expect(types).toMatchObject({
    id: 'Int64',
    double: 'Float64',
    bool: 'Bool',
    text: 'Utf8',
    instant: 'Timestamp<MICROSECOND, UTC>',
    day: 'Date32<DAY>',
    time: 'Time64<MICROSECOND>',
    decimal: 'Decimal[38e+9]',
    bytes: 'Binary',
    json: 'Utf8',
  })
  // Another implementation of the format reads it, and loading it again gives the same rows.
  const read = tableFromIPC(tableToIPC(table))
  expect(read.getChild('sometimes')?.nullCount).toBe(1500)
  expect(read.getChild('large')?.get(2999)).toBe(2n ** 60n + 2999n)
  await shop.pipeline().run(read, { tableName: 'copies', columns: { json: { data_type: 'json' } } })
  const select = ['id', 'large', 'double', 'bool', 'text', 'instant', 'day', 'time', 'decimal', 'bytes', 'sometimes']
  const copies = shop.pipeline().dataset().table('copies').orderBy('id')
  expect(await copies.select(...select).rows()).toEqual(await relation.select(...select).rows())
})

test('a result without rows is a table with its columns', async () => {
  using shop = new DuckDbShop()
  await shop.pipeline().run([{ id: 1, text: 'a' }], { tableName: 'items' })
  const relation = shop.pipeline().dataset().table('items').where('id', '>', 1).select('id', 'text')
  const table = await relation.arrow<Table>()
  expect([table.numRows, table.schema.names]).toEqual([0, ['id', 'text']])
})

test('integers of more than 64 bits are decimals', async () => {
  using shop = new DuckDbShop()
  await shop.pipeline().run([{ id: 1 }], { tableName: 'items' })
  const huge = shop
    .pipeline()
    .dataset()
    .query('SELECT 170141183460469231731687303715884105727::HUGEINT - 1e30::HUGEINT * 170141183 AS h')
  expect(await huge.scalar()).toEqual(expect.any(BigInt))
  expect(String((await huge.arrow<Table>()).schema.fields[0]?.type)).toBe('Decimal[38e0]')
})
