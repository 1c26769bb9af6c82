import type { Pipeline } from './pipeline.ts'

let active: Pipeline | undefined

/** Notes that a pipeline was made or used. */
export function activate(pipeline: Pipeline): void {
  active = pipeline
}

/** The pipeline that was made or used last; `undefined` where none was. */
export function activePipeline(): Pipeline | undefined {
  return active
}
