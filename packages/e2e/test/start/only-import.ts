import dlt from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'

// A script that defines a pipeline, and does not run it.
dlt.pipeline({ pipelineName: 'start', destination: duckdb({ credentials: 'start.duckdb' }) })
