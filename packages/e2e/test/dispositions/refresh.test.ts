import dlt, { type Pipeline, PipelineStepFailed, type RefreshMode } from '@dlt/core'
import { expect, test } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

/** A source whose resources remember how far they are, with and without lists. */
const shopOf = (label: string, ids: readonly number[]) =>
  dlt.source({ name: 'shop' }, (_, { state }) => {
    state['seen'] = label
    return [
      dlt.resource(
        { name: 'orders', incremental: { cursorPath: 'id', initialValue: 0 } },
        function* ({ incremental, state: own }) {
          own['calls'] = Number(own['calls'] ?? 0) + 1
          const start = Number(incremental.lastValue)
          yield ids.filter((id) => id >= start).map((id) => ({ id, [label]: id, lines: [{ sku: label, tags: [id] }] }))
        },
      ),
      dlt.resource({ name: 'users' }, [{ id: 1, label }]),
    ]
  })

const tables = async (shop: DuckDbShop): Promise<readonly unknown[]> =>
  shop.values(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' AND table_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY 1",
  )
const sourceState = ({ state }: Pipeline): unknown => state.sources?.['shop']

test.each<readonly [RefreshMode, readonly unknown[], readonly unknown[]]>([
  ['drop_sources', ['orders', 'orders__lines', 'orders__lines__tags'], ['id', 'second', '_dlt_load_id', '_dlt_id']],
  [
    'drop_resources',
    ['orders', 'orders__lines', 'orders__lines__tags', 'users'],
    ['id', 'second', '_dlt_load_id', '_dlt_id'],
  ],
  [
    'drop_data',
    ['orders', 'orders__lines', 'orders__lines__tags', 'users'],
    ['id', 'first', '_dlt_load_id', '_dlt_id', 'second'],
  ],
])('%s: loaded resources begin anew, with their tables and cursors', async (refresh, left, columns) => {
  using shop = new DuckDbShop()
  await shop.pipeline().run(shopOf('first', [1, 2])())
  const pipeline = shop.pipeline()
  const info = await pipeline.run(shopOf('second', [1, 2, 3])().withResources('orders'), { refresh })
  expect(await tables(shop)).toEqual(left)
  expect(await shop.values('SELECT id FROM shop.orders ORDER BY id')).toEqual(['1', '2', '3'])
  expect(await shop.values('SELECT DISTINCT sku FROM shop.orders__lines')).toEqual(['second'])
  expect(
    await shop.values(
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'orders' ORDER BY ordinal_position",
    ),
  ).toEqual(columns)
  expect(sourceState(pipeline)).toMatchObject({ seen: 'second', resources: { orders: { calls: 1 } } })
  expect(info.packages[0]?.refresh?.mode).toBe(refresh)
  await shop.pipeline().run(shopOf('second', [3, 4])())
  expect(await shop.values('SELECT id FROM shop.orders ORDER BY id')).toEqual(['1', '2', '3', '4'])
})

test.each<RefreshMode>(['drop_sources', 'drop_resources', 'drop_data'])(
  '%s removes nothing before the data is loaded',
  async (refresh) => {
    using shop = new DuckDbShop()
    await shop.pipeline().run(shopOf('first', [1])())
    const before = sourceState(shop.pipeline())
    const failing = dlt.source({ name: 'shop' }, () => [
      dlt.resource({ name: 'orders' }, () => {
        throw new Error('the API is down')
      }),
    ])
    await expect(shop.pipeline().run(failing(), { refresh })).rejects.toThrow(PipelineStepFailed)
    expect(await shop.values('SELECT id FROM shop.orders')).toEqual(['1'])
    expect(sourceState(shop.pipeline())).toEqual(before)
    const pipeline = shop.pipeline()
    await pipeline.extract(shopOf('second', [5])(), { refresh })
    await pipeline.normalize()
    expect(await shop.values('SELECT id FROM shop.orders')).toEqual(['1'])
    const [waiting] = await pipeline.pendingPackages()
    await pipeline.abort(waiting?.loadId ?? '')
    expect(sourceState(shop.pipeline())).toEqual(before)
    expect([...(shop.pipeline().defaultSchema?.tables.get('orders')?.columns.keys() ?? [])]).toContain('first')
  },
)

test('a refresh is for a pipeline that has loaded, and may be configured', async () => {
  using shop = new DuckDbShop()
  const pipeline = shop.pipeline({ refresh: 'drop_resources' })
  await pipeline.run([{ id: 1, a: 1 }], { tableName: 'items' })
  await pipeline.run([{ id: 2, b: 1 }], { tableName: 'items' })
  expect(await shop.query('SELECT id, b FROM shop.items')).toEqual([['2', '1']])
  const wrong = { tableName: 'items', refresh: 'drop_all' as 'drop_data' }
  await expect(pipeline.run([{ id: 3 }], wrong)).rejects.toThrow(
    'The run: refresh must be one of "drop_sources", "drop_resources", "drop_data".',
  )
})

test('what was extracted before a refresh does not come back with its schema', async () => {
  using shop = new DuckDbShop()
  const pipeline = shop.pipeline()
  await pipeline.run([{ id: 1, a: 1 }], { tableName: 'items' })
  await pipeline.extract([{ id: 2, c: 1 }], { tableName: 'items' })
  await pipeline.extract([{ id: 3, b: 1 }], { tableName: 'items', refresh: 'drop_resources' })
  await pipeline.normalize()
  await pipeline.load()
  expect(await shop.query('SELECT * EXCLUDE (_dlt_load_id, _dlt_id) FROM shop.items')).toEqual([['3', '1']])
  expect([...(pipeline.defaultSchema?.tables.get('items')?.columns.keys() ?? [])]).toEqual([
    'id',
    'b',
    '_dlt_load_id',
    '_dlt_id',
  ])
})

test('drop: tables and state of resources go, by name, by pattern, or all; told before', async () => {
  using shop = new DuckDbShop()
  await shop.pipeline().run(shopOf('first', [1])())
  const told = await shop.pipeline().drop({ resources: 're:ord', dryRun: true })
  expect(told).toEqual({
    schemaName: 'shop',
    tables: ['orders__lines__tags', 'orders__lines', 'orders'],
    tablesWithData: ['orders__lines__tags', 'orders__lines', 'orders'],
    resources: ['orders'],
    resourceStates: ['orders'],
    statePaths: [],
    warnings: [],
    isEmpty: false,
  })
  expect(await tables(shop)).toEqual(['orders', 'orders__lines', 'orders__lines__tags', 'users'])
  const pipeline = shop.pipeline()
  const { loadInfo } = await pipeline.drop({ resources: 're:ord' })
  expect(loadInfo?.packages.map(({ state }) => state)).toEqual(['loaded'])
  expect(await tables(shop)).toEqual(['users'])
  expect(sourceState(pipeline)).toEqual({ seen: 'first', resources: {} })
  expect([...(pipeline.defaultSchema?.tables.keys() ?? [])].filter((name) => !name.startsWith('_dlt'))).toEqual([
    'users',
  ])
  expect((await pipeline.drop({ dropAll: true, statePaths: '*' })).statePaths).toEqual(['seen'])
  expect(await tables(shop)).toEqual([])
  await shop.pipeline().run(shopOf('second', [1])())
  expect(await shop.values('SELECT id FROM shop.orders')).toEqual(['1'])
})

test('drop: state alone, and what is not there', async () => {
  using shop = new DuckDbShop()
  await shop.pipeline().run(shopOf('first', [1])())
  const pipeline = shop.pipeline()
  const info = await pipeline.drop({ resources: 'orders', stateOnly: true, statePaths: ["$['seen']", '$.resources'] })
  expect([info.tables, info.resourceStates, info.statePaths]).toEqual([[], ['orders'], ['seen']])
  expect(sourceState(pipeline)).toEqual({ resources: {} })
  expect(await shop.values('SELECT id FROM shop.orders')).toEqual(['1'])
  const none = await pipeline.drop({ resources: 'order', statePaths: 'nowhere' })
  expect(none).toMatchObject({
    isEmpty: true,
    warnings: [
      'No table of schema "shop" belongs to these resources. It has tables of "orders", "users".',
      'No state of source "shop" is at "nowhere".',
    ],
  })
  expect(none.loadInfo).toBeUndefined()
  await expect(pipeline.drop({ resources: 're:(' })).rejects.toThrow(
    'drop: "re:(" is no regular expression. Correct what stands after "re:".',
  )
  await expect(pipeline.drop({ resources: 'a', schema: 'other' })).rejects.toThrow(
    'has no schema "other": it has "shop".',
  )
  await pipeline.extract([{ id: 1 }], { tableName: 'users' })
  await expect(pipeline.drop({ dropAll: true })).rejects.toThrow('wait')
})

test('with a dataset for each schema, refresh and drop change that of the schema', async () => {
  using shop = new DuckDbShop()
  const pipeline = shop.pipeline({ useSingleDataset: false })
  const rows = (name: string) => shop.values(`SELECT id FROM ${name} ORDER BY ALL`)
  const crm = dlt.source({ name: 'crm' }, () => [dlt.resource({ name: 'users' }, [{ id: 1 }, { id: 2 }])])
  await pipeline.run([{ id: 3 }], { tableName: 'users' })
  await pipeline.run(crm())
  await pipeline.run(crm(), { refresh: 'drop_resources' })
  expect([await rows('shop.users'), await rows('shop_crm.users')]).toEqual([['3'], ['1', '2']])
  await pipeline.run(crm(), { refresh: 'drop_data' })
  expect([await rows('shop.users'), await rows('shop_crm.users')]).toEqual([['3'], ['1', '2']])
  const { loadInfo } = await pipeline.drop({ schema: 'crm', resources: 'users' })
  expect(loadInfo?.packages.map(({ datasetName, refresh }) => [datasetName, refresh?.dropTables])).toContainEqual([
    'shop_crm',
    ['users'],
  ])
  expect(await shop.query("SELECT table_schema FROM information_schema.tables WHERE table_name = 'users'")).toEqual([
    ['shop'],
  ])
})
