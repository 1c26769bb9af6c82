import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import type { PostgresOptions } from '@dlt/destination-postgres'

/** A table that a run loads into. Its rows have the columns `id` and `round`, and each has two rows in `<name>__lines`. */
export interface ShopTable {
  readonly name: string
  /** `append`, `replace`, or the strategy of a merge; the key is `id`. */
  readonly disposition: 'append' | 'replace' | 'delete-insert' | 'upsert' | 'insert-only' | 'cdc' | 'scd2'
  readonly rows: number
  /** The first `id`; the others follow. Default: 0. */
  readonly firstId?: number
}

/** A run of the shop's pipeline. */
export interface ShopRun {
  readonly url: string
  readonly datasetName: string
  readonly pipelineName: string
  readonly workingDir: string
  /** Stands in every row. */
  readonly round: number
  readonly tables: readonly ShopTable[]
  /** Default: the destination's. */
  readonly replaceStrategy?: NonNullable<PostgresOptions['replaceStrategy']>
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
