import { DuckDBInstance } from '@duckdb/node-api'
import { startMeasuring } from '../measurement.ts'

/**
 * Rows of a DuckDB file as objects. Arguments: folder for working files, how many, and who reads them: `dataset` (batches of a
 * relation), `rows` (one by one) or `driver` (DuckDB's own driver, converted to JavaScript values by itself).
 */
const measuring = startMeasuring()
const [workingDirectory = '', count = '1000000', form = 'dataset'] = process.argv.slice(2)
const path = `${workingDirectory}.duckdb`
const { default: dlt, createSchema } = await import('@dlt/core')
const { duckdb } = await import('@dlt/destination-duckdb')
measuring.step('import')

const columns = [
  { name: 'id', data_type: 'bigint', sql: 'i' },
  { name: 'name', data_type: 'text', sql: "'a name that is long enough ' || i" },
  { name: 'code', data_type: 'text', sql: "'c' || (i % 1000)" },
  { name: 'note', data_type: 'text', sql: "CASE WHEN i % 3 = 0 THEN 'é ' || i END" },
  { name: 'amount', data_type: 'double', sql: 'i / 3' },
  { name: 'active', data_type: 'bool', sql: 'i % 2 = 0' },
  { name: 'created_at', data_type: 'timestamp', sql: 'to_timestamp(1700000000 + i)' },
  { name: 'parts', data_type: 'bigint', sql: 'i % 7' },
  { name: '_dlt_load_id', data_type: 'text', sql: "'1700000000.1234567'" },
  { name: '_dlt_id', data_type: 'text', sql: 'left(md5(i::VARCHAR), 14)' },
] as const

const instance = await DuckDBInstance.create(path)
const writing = await instance.connect()
const list = columns.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')
await writing.run('CREATE SCHEMA shop')
await writing.run(`CREATE TABLE shop.items AS SELECT ${list} FROM range(${Number(count)}) AS numbers(i)`)
writing.closeSync()
instance.closeSync()
measuring.step('write')

async function readWithDriver(): Promise<number> {
  const opened = await DuckDBInstance.create(path)
  const connection = await opened.connect()
  const result = await connection.stream('SELECT * FROM shop.items')
  let rows = 0
  for await (const batch of result.yieldRowObjectJs()) rows += batch.length
  connection.closeSync()
  return rows
}

async function readWithDataset(): Promise<number> {
  const table = {
    name: 'items',
    columns: new Map(columns.map(({ name, data_type }) => [name, { name, data_type }])),
    'x-normalizer': { 'seen-data': true },
  } as const
  const schema = { ...createSchema('shop'), tables: new Map([['items', table]]) }
  const dataset = dlt.dataset({ destination: duckdb({ credentials: path }), datasetName: 'shop', schema })
  let rows = 0
  if (form === 'rows') for await (const _ of dataset.table('items')) rows += 1
  else for await (const batch of dataset.table('items').batches()) rows += batch.length
  return rows
}

const rows = await (form === 'driver' ? readWithDriver() : readWithDataset())
if (rows !== Number(count)) throw new RangeError(`${rows} rows were read.`)
measuring.step('read')
measuring.report()
