import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { text } from 'node:stream/consumers'

/** A run of the shop's pipeline. */
export interface ShopRun {
  readonly url: string
  readonly datasetName: string
  readonly pipelineName: string
  readonly workingDir: string
  /** Stands in every row. */
  readonly round: number
  /** A table that is replaced; others are appended to (`orders`) and merged (`customers`). */
  readonly ownTable: string
  /** The operation of the destination, counted from 1, at which the process dies. Default: it lives. */
  readonly killAt?: number
}

/** What became of a process: `operations` is how many it announced, where it came to its end. */
export interface ShopOutcome {
  readonly signal: string | null
  readonly operations: number
  readonly stderr: string
}

/** Makes a run in a process of its own. */
export const runShop = async (run: ShopRun): Promise<ShopOutcome> => {
  const child = spawn(execPath, [join(import.meta.dirname, 'shop-process.ts'), JSON.stringify(run)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [[, signal], printed, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
  return { signal, operations: Number(printed), stderr }
}
