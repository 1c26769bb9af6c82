import { DltError } from '@dlt/schema'
import { checkOptions } from './check-options.ts'
import { useAsLatest } from './default-pipeline.ts'
import { Pipeline } from './pipeline.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { restoresNothing } from './refuse-sync.ts'

/** Options of `attach`. */
export interface AttachOptions extends PipelineOptions {
  /** Name of the pipeline that ran before. */
  readonly pipelineName: string
}

/**
 * The pipeline that ran before under a name: with its working directory where that is here, else restored from the destination. It
 * becomes the pipeline that `dlt.pipeline()` and `dlt.run` use.
 *
 * ```ts
 * const pipeline = await dlt.attach({ pipelineName: 'github', destination: 'duckdb', datasetName: 'github_data' })
 * ```
 *
 * @throws DltError `STATE` when neither the working directory nor the dataset has a state of it, `CONFIGURATION` for a wrong option, or
 * without a destination where one is needed
 * @throws PipelineStepFailed where the destination cannot be reached
 */
export async function attach(options: AttachOptions): Promise<Pipeline> {
  checkOptions('dlt.attach', options)
  const pipeline = new Pipeline(options)
  if (options.devMode === true) throw restoresNothing(pipeline.pipelineName)
  if (pipeline.defaultSchemaName === undefined) await restore(pipeline)
  return useAsLatest(pipeline)
}

async function restore(pipeline: Pipeline): Promise<void> {
  const { pipelineName, workingDir } = pipeline
  const { outcome, datasetName } = await pipeline.syncDestination()
  if (outcome === 'restored') return
  throw new DltError(
    `There is no pipeline "${pipelineName}" to attach to: its working directory "${workingDir}" has no state, and neither has the dataset "${datasetName}". Check pipelineName, destination and datasetName.`,
    { code: 'STATE', context: { pipeline: pipelineName, dataset: datasetName } },
  )
}
