import { join } from 'node:path'
import dlt from '@dlt/core'
import type { Database } from './database.ts'
import { load, ordersFrom, unitsByCustomer } from './report.ts'

const pipeline = dlt.pipeline({ pipelineName: 'read_back', destination: 'duckdb', datasetName: 'shop' })
await load(pipeline, join(import.meta.dirname, 'database.ts'))

const dataset = pipeline.dataset<Database>()
console.log('Rows:', await dataset.rowCounts())
console.log('Loads:', (await dataset.loads()).length)
console.log('Orders from GB:', await ordersFrom(dataset, 'GB'))
console.table(await unitsByCustomer(dataset))
