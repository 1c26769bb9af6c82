import type { Bound } from '../declare/declared-types.ts'
import { setDefaultPipeline } from '../declare/default-pipeline.ts'
import type { ResourceData } from '../declare/resource-data.ts'
import type { LoadInfo } from '../load/load-info.ts'
import { activate, activePipeline } from './active-pipeline.ts'
import { Pipeline } from './pipeline.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import type { RunOptions } from './run-options.ts'

/** The pipeline that was configured last. */
let latest: Pipeline | undefined

/**
 * Makes a pipeline. Without options it is the one that was made last, or the default pipeline: named after the executing script,
 * with all defaults.
 *
 * ```ts
 * const pipeline = dlt.pipeline({ pipelineName: 'github', destination: 'duckdb', datasetName: 'github_data' })
 * ```
 */
export function pipeline(options?: PipelineOptions): Pipeline {
  return useAsLatest(options === undefined && latest !== undefined ? latest : new Pipeline(options))
}

/** Makes a pipeline the one that was made last. */
export function useAsLatest(made: Pipeline): Pipeline {
  latest = made
  activate(made)
  return made
}

/**
 * Runs the pipeline that was made last, or the default pipeline.
 *
 * ```ts
 * await dlt.run([{ id: 1, tags: ['a'] }], { destination: 'duckdb', tableName: 'items' })
 * ```
 *
 * @throws what {@link Pipeline.run} throws
 */
export function run<Data extends ResourceData>(data: Data & Bound<Data>, options?: RunOptions): Promise<LoadInfo> {
  return pipeline().run(data, options)
}

setDefaultPipeline({ run, active: () => activePipeline() ?? pipeline(), state: () => latest?.state })
