import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import type { DestinationContext, LoadRequest } from '@dlt/destination'
import { schemaToJson } from '@dlt/schema'

/** What the child does: it makes the destination of a module, says so, and loads. */
const program = `
const { module, context, request, schema } = JSON.parse(process.argv[1])
const { destination } = await import(module)
const { schemaFromJson } = await import(schema)
const loaded = { ...request, schema: schemaFromJson(request.schema) }
const client = await (typeof destination === 'function' ? destination() : destination).connect(context)
process.stdout.write('.')
await client.updateSchema(loaded.schema, [...new Set(loaded.jobs.map((job) => job.tableName))])
await client.load(loaded)
process.stdout.write('!')
setInterval(() => {}, 1000)
`

/** A load in a process of its own. */
export interface KilledLoad {
  /** Exports the destination, or its factory, as `destination`. */
  readonly module: URL
  readonly context: DestinationContext
  readonly request: LoadRequest
  /** How long it works after it has connected, in milliseconds, before it is killed. */
  readonly after: number
}

// Sources are found where this file is one.
const conditions = import.meta.url.endsWith('.ts') ? ['--conditions=@dlt/source'] : []

/** Loads a package in a child process and kills it; true where it was done before. Throws where it did not get to connect. */
export const killedLoad = async ({ module, context, request, after }: KilledLoad): Promise<boolean> => {
  const { naming: _naming, ...plain } = context
  const task = {
    module: module.href,
    context: plain,
    request: { ...request, schema: schemaToJson(request.schema) },
    schema: import.meta.resolve('@dlt/schema'),
  }
  const parameters = [...conditions, '--input-type=module', '-e', program, JSON.stringify(task)]
  const child = spawn(execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let complaint = ''
  let said = ''
  child.stderr.on('data', (chunk) => {
    complaint += String(chunk)
  })
  const connected = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
      resolve()
    })
  })
  await Promise.race([connected, ended])
  await Promise.race([wait(after), ended])
  child.kill('SIGKILL')
  await ended
  if (said === '') throw new Error(`The process that loads did not connect: ${complaint}`)
  return said.includes('!')
}
