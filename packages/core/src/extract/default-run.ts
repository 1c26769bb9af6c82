import { DltError } from '@dlt/schema'
import type { LoadInfo } from '../load/load-info.ts'
import type { RunOptions } from '../pipeline/run-options.ts'

/** Runs data on the pipeline that was made last, or the default one. */
export type DefaultRun = (data: object, options: RunOptions) => Promise<LoadInfo>

let known: DefaultRun | undefined

/** Told by the module that knows the default pipeline: sources do not import pipelines, which import sources. */
export function setDefaultRun(run: DefaultRun): void {
  known = run
}

/** @throws DltError `CONFIGURATION` where no code imports pipelines */
export function defaultRun(): DefaultRun {
  if (known !== undefined) return known
  throw new DltError(
    'There is no pipeline to run the source on. Make one with dlt.pipeline, and pass the source to run.',
    {
      code: 'CONFIGURATION',
    },
  )
}
