import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import dlt from '@dlt/core'
const file = process.argv[2] ?? ''
const mode = process.argv[3] ?? 'rows'
async function* rows() {
  let rest = ''
  let page: unknown[] = []
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    page = lines.map((l) => JSON.parse(l))
    yield page
  }
}
const p = dlt.pipeline({ pipelineName: 'b', workingDir: '/tmp/try/bwd', destination: 'duckdb', datasetName: 'ds', credentials: '/tmp/try/bench.duckdb' })
const t0 = performance.now()
const data = mode === 'rows' ? dlt.resource({ name: 'events' }, rows) : dlt.jsonLines(file, {name:'events'} as never)
await p.extract(data)
const t1 = performance.now()
await p.normalize()
const t2 = performance.now()
const info = await p.load()
const t3 = performance.now()
console.log(String(info).split('\n')[1], { extract: t1 - t0, normalize: t2 - t1, load: t3 - t2, total: t3 - t0, rss: process.resourceUsage().maxRSS / 1024 })
