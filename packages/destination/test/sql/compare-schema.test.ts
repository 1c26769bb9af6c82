import { createSchema, createTable, schemaNaming, updateTable } from '@dlt/schema'
import { expect, it } from 'vitest'
import type { DestinationCapabilities } from '../../src/index.ts'
import { compareSchema } from '../../src/sql/compare-schema.ts'
import { dltTables } from '../../src/sql/dlt-tables.ts'
import { sampleCapabilities } from '../../src/testing/index.ts'
import { sampleDialect } from './sample-dialect.ts'

const dialect: typeof sampleDialect = {
  ...sampleDialect,
  columnType: ({ data_type: type }) => (type === 'double' ? 'DOUBLE' : 'VARCHAR'),
}

const columns = [
  { name: 'price', data_type: 'double', nullable: true },
  { name: 'note', data_type: 'text', nullable: true },
] as const
const table = createTable('orders', { writeDisposition: 'append', columns })
const { schema } = updateTable(createSchema('shop'), table)

const existing = [
  { table_name: 'orders', column_name: 'price', data_type: 'BIGINT', needs_value: 'NO' },
  { table_name: 'orders', column_name: 'note', data_type: 'BLOB', needs_value: 'NO' },
]

/** Compares with a table of other types. */
async function compare(altersColumnTypes: boolean) {
  const update = {
    dialect,
    capabilities: capabilitiesWith(altersColumnTypes),
    dataset: 'ds',
    tables: dltTables(schemaNaming(schema)),
    schema: { ...schema, tables: new Map([['orders', table]]) },
    tableNames: ['orders'],
  }
  return compareSchema(update, { query: async () => existing, execute: async () => 0 })
}

const capabilitiesWith = (altersColumnTypes: boolean): DestinationCapabilities => ({
  ...sampleCapabilities,
  ddl: { ...sampleCapabilities.ddl, altersColumnTypes },
})

const note = { tableName: 'orders', column: 'note', wanted: 'VARCHAR', found: 'BLOB' }

it('a column that would round values is altered, and others stay as they are', async () => {
  const alteredColumns = [{ change: 'type', column: 'price', from: 'BIGINT', to: 'DOUBLE' }]
  expect(await compare(true)).toEqual({
    changes: [{ tableName: 'orders', created: false, columns: [], alteredColumns }],
    refused: [],
    differentTypes: [note],
  })
})

it('where columns cannot be altered it is refused', async () => {
  const message =
    'Column "price" of table "orders" (dataset "ds") has the type BIGINT, which would round values of the schema\'s type DOUBLE, and the destination cannot change it. Change the type by hand, or load into another table.'
  const refused = [{ tableName: 'orders', column: 'price', message }]
  expect(await compare(false)).toEqual({ changes: [], refused, differentTypes: [note] })
})
