import { type ConfigAccess, configAccess } from './configuration/accessors.ts'
import { secret } from './configuration/secret.ts'
import { dataset } from './dataset/open-dataset.ts'
import { type Current, current } from './declare/current.ts'
import { resource } from './declare/declare-resource.ts'
import { source } from './declare/declare-source.ts'
import { transformer } from './declare/declare-transformer.ts'
import { jsonLines } from './declare/json-lines.ts'
import { rateLimit } from './declare/rate-limit.ts'
import { materializeTable, withHints, withTableName } from './hints/item-marks.ts'
import { incremental } from './incremental/declare-incremental.ts'
import { attach } from './pipeline/attach.ts'
import { pipeline, run } from './pipeline/default-pipeline.ts'

/** Everything a pipeline script needs, under one name: `import dlt from '@dlt/core'`. */
export interface Dlt {
  readonly pipeline: typeof pipeline
  readonly attach: typeof attach
  readonly run: typeof run
  /** A dataset for reading, without its pipeline. */
  readonly dataset: typeof dataset
  readonly source: typeof source
  readonly resource: typeof resource
  readonly transformer: typeof transformer
  readonly jsonLines: typeof jsonLines
  readonly incremental: typeof incremental
  readonly rateLimit: typeof rateLimit
  readonly withTableName: typeof withTableName
  readonly withHints: typeof withHints
  readonly materializeTable: typeof materializeTable
  readonly secret: typeof secret
  /** Values of the configuration that are no secrets. */
  readonly config: ConfigAccess
  /** Secrets of the configuration. */
  readonly secrets: ConfigAccess
  /** What belongs to the code that is running: its pipeline, state, schema and name. */
  readonly current: Current
}

/** See {@link Dlt}. */
export const dlt: Dlt = {
  pipeline,
  attach,
  run,
  dataset,
  source,
  resource,
  transformer,
  jsonLines,
  incremental,
  rateLimit,
  withTableName,
  withHints,
  materializeTable,
  secret,
  config: configAccess(false),
  secrets: configAccess(true),
  current,
}
