/** Runs a pipeline into Postgres once, in a process of its own, which can be told to die at one of the operations of the destination. */
import { subscribe } from 'node:diagnostics_channel'
import { argv, kill, pid, stdout } from 'node:process'
import dlt from '@dlt/core'
import { postgres } from '@dlt/destination-postgres'
import type { ShopRun } from './shop-run.ts'

const { url, datasetName, pipelineName, workingDir, round, ownTable, killAt }: ShopRun = JSON.parse(argv[2] ?? '')

let operations = 0
subscribe('dlt:commit-points', (event) => {
  if (!String(Object(event).point).startsWith('sql.')) return
  operations += 1
  if (operations === killAt) kill(pid, 'SIGKILL')
})

const orders = Array.from({ length: 40 }, (_, index) => ({ id: index, round, lines: [{ sku: 'a' }, { sku: 'b' }] }))
const customers = Array.from({ length: 20 }, (_, index) => ({ id: index, round, tags: ['x', 'y'] }))
const pipeline = dlt.pipeline({ pipelineName, datasetName, workingDir, destination: postgres({ credentials: url }) })
await pipeline.run([
  dlt.resource({ name: 'orders' }, () => orders),
  dlt.resource({ name: 'customers', writeDisposition: 'merge', primaryKey: 'id' }, () => customers),
  dlt.resource({ name: ownTable, writeDisposition: 'replace' }, () => [{ id: round }]),
])
await pipeline.close()
stdout.write(String(operations))
