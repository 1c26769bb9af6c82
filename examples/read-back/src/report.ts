import type { Dataset, Pipeline } from '@dlt/core'
import type { Database } from './database.ts'
import { orders } from './orders.ts'

/** Loads the orders, and writes the types of the tables that they became. */
export async function load(pipeline: Pipeline, typesFile: string): Promise<void> {
  await pipeline.run(orders, {
    tableName: 'orders',
    writeDisposition: 'replace',
    columns: { id: { data_type: 'bigint', precision: 32, nullable: false } },
  })
  await pipeline.writeTypes(typesFile)
}

/** The orders of a country, by a relation: columns and values are checked by TypeScript. */
export async function ordersFrom(dataset: Dataset<Database>, country: string): Promise<readonly number[]> {
  const found = dataset.table('orders').where('customer__country', '=', country).orderBy('ordered_at').select('id')
  return (await found.rows()).map(({ id }) => id)
}

/** What each customer bought most of, by a query of Kysely's. */
export async function unitsByCustomer(dataset: Dataset<Database>): Promise<readonly object[]> {
  await using db = await dataset.kysely()
  return await db
    .selectFrom('orders as o')
    .innerJoin('orders__lines as l', 'l._dlt_parent_id', 'o._dlt_id')
    .select(({ fn }) => ['o.customer__name as customer', 'l.sku', fn.sum<number>('l.quantity').as('units')])
    .groupBy(['o.customer__name', 'l.sku'])
    .orderBy('units', 'desc')
    .orderBy('l.sku')
    .execute()
}
