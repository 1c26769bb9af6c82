import dlt from '@dlt/core'
import { expect, test } from 'vitest'
import { DuckDbShop } from './duckdb/duckdb-shop.ts'

test('more items at one cursor than the state holds are merged once more, and refused where they would be doubled', async () => {
  using shop = new DuckDbShop()
  const data = Array.from({ length: 100_001 }, (_, id) => ({ id, at: 1 }))
  const items = (writeDisposition: 'append' | 'merge', more: readonly object[] = []) =>
    dlt.resource(
      { name: 'items', primaryKey: 'id', writeDisposition, incremental: dlt.incremental({ cursorPath: 'at' }) },
      [...data, ...more],
    )
  const pipeline = shop.pipeline()
  await expect(pipeline.run(items('append'))).rejects.toThrow('more than 100000 items share the last value')
  await pipeline.run(items('merge'))
  const cursor = { last_value: 1, unique_hashes: [] }
  expect(pipeline.state.sources).toMatchObject({ shop: { resources: { items: { incremental: { at: cursor } } } } })
  await pipeline.run(items('merge', [{ id: 100_001, at: 1 }]))
  expect(await shop.query('SELECT count(*), count(DISTINCT id) FROM shop.items')).toEqual([['100002', '100002']])
}, 60_000)
