import { DltError } from '@dlt/schema'
import type { LoadInfo } from '../load/load-info.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { RunOptions } from '../pipeline/run-options.ts'
import type { PipelineState } from '../state/pipeline-state.ts'

/** What sources need of the pipeline that was made last. */
export interface DefaultPipeline {
  /** Runs data on it, or on the default one where none was made. */
  run(data: object, options: RunOptions): Promise<LoadInfo>
  /** The pipeline that was made or used last; the default one where none was. */
  active(): Pipeline
  /** Its state; `undefined` where none was made. */
  state(): PipelineState | undefined
}

let known: DefaultPipeline | undefined

/** Told by the module that knows the default pipeline: sources do not import pipelines, which import sources. */
export function setDefaultPipeline(pipeline: DefaultPipeline): void {
  known = pipeline
}

/** @throws DltError `CONFIGURATION` where no code imports pipelines */
export function defaultPipeline(): DefaultPipeline {
  if (known !== undefined) return known
  throw new DltError(
    'There is no pipeline to run the source on. Make one with dlt.pipeline, and pass the source to run.',
    { code: 'CONFIGURATION' },
  )
}
