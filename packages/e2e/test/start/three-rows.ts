import dlt from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'

const [, folder = ''] = process.argv.slice(2)
await using pipeline = dlt.pipeline({
  pipelineName: 'start',
  destination: duckdb({ credentials: `${folder}/start.duckdb` }),
  datasetName: 'start_data',
  workingDir: `${folder}/start`,
})
await pipeline.run([{ id: 1 }, { id: 2 }, { id: 3 }], { tableName: 'items' })
