import { resource } from './extract/declare-resource.ts'
import { jsonLines } from './extract/json-lines.ts'
import { pipeline, run } from './pipeline/default-pipeline.ts'

/** Everything a pipeline script needs, under one name: `import dlt from '@dlt/core'`. */
export interface Dlt {
  readonly pipeline: typeof pipeline
  readonly run: typeof run
  readonly resource: typeof resource
  readonly jsonLines: typeof jsonLines
}

/** See {@link Dlt}. */
export const dlt: Dlt = { pipeline, run, resource, jsonLines }
