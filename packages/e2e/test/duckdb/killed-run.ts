import { subscribe } from 'node:diagnostics_channel'
import dlt from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'

// A process that runs a pipeline and kills itself at a commit point: no handler, no clean-up, nothing flushed.
const [workingDir = '', file = '', point, operation, moment] = process.argv.slice(2)

interface CommitPointEvent {
  readonly point: string
  readonly operation: string
  readonly moment: string
}

subscribe('dlt:commit-points', (message) => {
  const event = message as CommitPointEvent
  if (event.point !== point || event.operation !== operation || event.moment !== moment) return
  process.kill(process.pid, 'SIGKILL')
})

const pipeline = dlt.pipeline({ pipelineName: 'shop', workingDir, destination: duckdb({ credentials: file }) })
await pipeline.run([{ id: 2, lines: [{ sku: 'b' }], note: 'new' }], { tableName: 'orders' })
