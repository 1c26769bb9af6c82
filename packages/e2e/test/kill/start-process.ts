import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ProcessReport, ProcessTask } from './process-task.ts'

const script = join(import.meta.dirname, 'killed-process.ts')

// The built packages, as a user has them, and compiled code kept between the processes: they start in half the time.
const environment = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'dlt-kill-tests-compiled') }

// Processes that live for half a second: threads of the compiler, and collecting garbage often, cost more than they bring.
const nodeOptions = ['--v8-pool-size=0', '--min-semi-space-size=64', '--max-semi-space-size=64']

interface ProcessEnd {
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

async function runProcess(task: ProcessTask): Promise<ProcessEnd> {
  const options = { env: environment, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] }
  const values = [...nodeOptions, script, JSON.stringify(task)]
  const child = spawn(process.execPath, values, options)
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (_code, signal) => resolve(signal))
  })
  const [output, errors, signal] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { signal, output, errors }
}

/** Runs a process to its end. */
export async function finishProcess(task: ProcessTask): Promise<ProcessReport> {
  const { signal, output, errors } = await runProcess(task)
  if (signal === null && output.startsWith('{')) return JSON.parse(output) as ProcessReport
  throw new Error(`The process for ${JSON.stringify(task)} did not end well (${signal ?? output}): ${errors}`)
}

/** Runs a process that kills itself, and says at which event it did. */
export async function killProcess(task: ProcessTask & { readonly killAt: number }): Promise<string> {
  const { signal, output, errors } = await runProcess(task)
  if (signal === 'SIGKILL') return output
  throw new Error(`The process for ${JSON.stringify(task)} was not killed (${signal ?? output}): ${errors}`)
}
