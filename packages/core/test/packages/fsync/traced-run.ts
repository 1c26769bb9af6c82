import { readFileSync } from 'node:fs'
import { Pipeline } from '../../../src/pipeline/pipeline.ts'
import { Warehouse } from '../../warehouse/warehouse.ts'

/** A process of its own: extracts, normalizes and loads, and extracts again what a second load brings. */
const [folder = '', rows = '3'] = process.argv.slice(2)

function* orders(from: number): Generator<object> {
  for (let id = from; id < from + Number(rows); id++) yield { id, text: `order ${id}`, lines: [{ sku: 'a' }] }
}

const pipeline = new Pipeline({
  pipelineName: 'shop',
  workingDir: `${folder}/home/work`,
  destination: new Warehouse({ path: `${folder}/warehouse.json` }),
  normalizeWorkers: 2,
})
await pipeline.extract(() => orders(0), { tableName: 'orders' })
await pipeline.normalize()
await pipeline.load()
const info = await pipeline.run(() => orders(Number(rows)), { tableName: 'more_orders' })
const stored = readFileSync(`${folder}/warehouse.json`, 'utf8')
process.stdout.write(JSON.stringify({ rows: info.rowCounts, isStored: stored.includes('more_orders') }))
