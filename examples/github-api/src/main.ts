import { resolve } from 'node:path'
import dlt from '@dlt/core'
import { DuckDBInstance } from '@duckdb/node-api'
import { startApiServer } from '../server/api-server.ts'
import { github } from './github.ts'

// An API on this machine; the connector is told where it is, as it would be told of an enterprise server.
await using server = await startApiServer({ token: 'example-token' })
process.env['SOURCES__GITHUB__URL'] = server.url

const pipeline = dlt.pipeline({ pipelineName: 'github', destination: 'duckdb', datasetName: 'github_data' })

console.log(String(await pipeline.run(github())))
server.advance()
console.log(String(await pipeline.run(github())))
console.log('Answers of the API by status:', Object.fromEntries(server.answers))

const file = resolve('github_db.duckdb')
const database = await DuckDBInstance.create(file)
const connection = await database.connect()
const issues = await connection.runAndReadAll(
  `SELECT state, count(*)::INT AS issues, max(updated_at)::VARCHAR AS last_change
   FROM github_data.issues GROUP BY state ORDER BY state`,
)
console.table(issues.getRowObjectsJson())
connection.closeSync()
database.closeSync()
