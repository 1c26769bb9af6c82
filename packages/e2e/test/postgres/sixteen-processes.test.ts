import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, declareMissing, type PostgresDatabase, psql, sharedPostgres } from '@dlt/test-services'
import { describe, expect, test } from 'vitest'
import { runShop, type ShopTable } from './shop-run.ts'

const shared = await sharedPostgres()
const missing = 'missing' in shared ? shared.missing : undefined
declareMissing('Postgres', missing)

const orders: ShopTable = { name: 'orders', disposition: 'append', rows: 40 }
const customers: ShopTable = { name: 'customers', disposition: 'delete-insert', rows: 20 }

/** Starts all at once, each for the first time, on one empty dataset; all must succeed. Returns what queries then find. */
const runSixteen = async (
  tablesOf: (index: number) => readonly ShopTable[],
  ...queries: readonly string[]
): Promise<readonly string[]> => {
  if (!('address' in shared)) return []
  const database: PostgresDatabase = await createDatabase(shared.address)
  const folder = await mkdtemp(join(tmpdir(), 'dlt-sixteen-'))
  try {
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        runShop({
          url: database.url,
          datasetName: 'shop',
          pipelineName: `shop_${index}`,
          workingDir: join(folder, String(index)),
          round: index,
          tables: tablesOf(index),
        }),
      ),
    )
    expect(outcomes.map(({ signal, stderr }) => ({ signal, stderr }))).toEqual(
      outcomes.map(() => ({ signal: null, stderr: '' })),
    )
    const everyRun = [
      'SELECT count(*), count(DISTINCT load_id || schema_name) FROM shop._dlt_loads',
      'SELECT count(DISTINCT pipeline_name) FROM shop._dlt_pipeline_state',
    ]
    const answers = (await psql(database, ...everyRun, ...queries)).split('\n')
    expect(answers.slice(0, 2)).toEqual(['16|16', '16'])
    return answers.slice(2)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const ownTables = (beginning: string) =>
  `SELECT count(*) FROM information_schema.tables WHERE table_schema = 'shop' AND table_name LIKE '${beginning}\\_%'`

/** Who came last has replaced every customer, and what is nested in it. */
const customersAreWhole = [
  'SELECT count(*), count(DISTINCT id), count(DISTINCT round) FROM shop.customers',
  'SELECT count(*), count(DISTINCT _dlt_root_id) FROM shop.customers__lines',
  'SELECT count(*) FROM shop.customers__lines l LEFT JOIN shop.customers c ON c._dlt_id = l._dlt_parent_id WHERE c.id IS NULL',
]
const wholeCustomers = ['20|20|1', '40|20', '0']

describe.skipIf(missing !== undefined)('sixteen processes start pipelines on one empty dataset at once', () => {
  const timeout = 300_000

  test('into the same tables and one of their own: all succeed, nothing is lost, nothing doubled', {
    timeout,
  }, async () => {
    const found = await runSixteen(
      (index) => [orders, customers, { name: `own_${index}`, disposition: 'replace', rows: 1 }],
      'SELECT count(*), count(DISTINCT (id, round)) FROM shop.orders',
      'SELECT count(*) FROM shop.orders__lines',
      ...customersAreWhole,
      ownTables('own'),
    )
    expect(found).toEqual(['640|640', '1280', ...wholeCustomers, '32'])
  })

  test('some append, some merge, some have tables of their own: all succeed, nothing is lost, nothing doubled', {
    timeout,
  }, async () => {
    const tables = (index: number): ShopTable =>
      [
        orders,
        customers,
        { ...orders, name: `orders_${index}` },
        { ...customers, name: `customers_${index}`, disposition: index < 8 ? ('upsert' as const) : ('scd2' as const) },
      ][index % 4] ?? orders
    const own = (table: string, key: string) =>
      [0, 1, 2, 3].map(
        (at) => `SELECT count(*), count(DISTINCT ${key}) FROM shop.${table}_${4 * at + (table === 'orders' ? 2 : 3)}`,
      )
    const found = await runSixteen(
      (index) => [tables(index)],
      'SELECT count(*), count(DISTINCT (id, round)) FROM shop.orders',
      'SELECT count(*) FROM shop.orders__lines',
      ...customersAreWhole,
      ...own('orders', 'id'),
      ...own('customers', 'id'),
      ownTables('orders'),
      ownTables('customers'),
    )
    const each = (answer: string) => Array.from({ length: 4 }, () => answer)
    // With `orders__lines` and `customers__lines`.
    expect(found).toEqual(['160|160', '320', ...wholeCustomers, ...each('40|40'), ...each('20|20'), '9', '9'])
  })
})
