import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startMeasuring } from '../measurement.ts'

/**
 * A transformer with 20 calls at once over an HTTP endpoint that answers after 20 ms, and the same calls without any pipeline.
 * Arguments: folder for working files, how many.
 */
const measuring = startMeasuring()
const [workingDir = '', count = '2000'] = process.argv.slice(2)
const { default: dlt } = await import('@dlt/core')
const concurrency = 20
const latency = 20

const server = createServer((request, response) => {
  setTimeout(() => response.end(JSON.stringify({ path: request.url })), latency)
})
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})
const { port } = server.address() as AddressInfo
const ids = Array.from({ length: Number(count) }, (_, index) => index)
const detail = async (id: number): Promise<object> => {
  const response = await fetch(`http://127.0.0.1:${port}/${id}`)
  return { id, ...((await response.json()) as object) }
}

// Connections are opened and the code is warm before either is measured.
await withoutPipeline(ids.slice(0, 200))
measuring.step('warm-up')
await withoutPipeline(ids)
measuring.step('calls alone')
const users = dlt.resource({ name: 'users', selected: false }, () => ids)
const details = dlt.transformer({ name: 'details', dataFrom: users, concurrency }, detail)
await dlt.pipeline({ pipelineName: 'bench', workingDir }).extract(details)
measuring.step('transformer')
server.closeAllConnections()
server.close()
measuring.report()

async function withoutPipeline(wanted: readonly number[]): Promise<void> {
  const waiting = wanted.values()
  const work = async (): Promise<void> => {
    for (const id of waiting) await detail(id)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}
