/** Runs a pipeline into Postgres once, in a process of its own, which can be told to die at one of the operations of the destination. */
import { subscribe } from 'node:diagnostics_channel'
import { argv, kill, pid, stdout } from 'node:process'
import { runShopHere } from './shop-pipeline.ts'
import type { ShopRun } from './shop-run.ts'

const run: ShopRun = JSON.parse(argv[2] ?? '')

let operations = 0
subscribe('dlt:commit-points', (event) => {
  if (!String(Object(event).point).startsWith('sql.')) return
  operations += 1
  if (operations === run.killAt) kill(pid, 'SIGKILL')
})

await runShopHere(run)
stdout.write(String(operations))
