import { refuseUnknownOptions } from '@dlt/schema'
import type { PipelineOptions } from './pipeline-options.ts'
import type { DropOptions, ExtractOptions, LoadOptions, RetryOptions } from './run-options.ts'

/** A call that takes options. */
type Call =
  | 'alterSchema'
  | 'drop'
  | 'dlt.attach'
  | 'dlt.pipeline'
  | 'extract'
  | 'load'
  | 'plan'
  | 'retry'
  | 'run'
  | 'syncDestination'

const pipelineOptions: readonly (keyof PipelineOptions)[] = [
  'pipelineName',
  'workingDir',
  'pipelineSecret',
  'destination',
  'datasetName',
  'credentials',
  'devMode',
  'restoreFromDestination',
  'refresh',
  'useSingleDataset',
  'datasetNameLayout',
  'importSchemaPath',
  'exportSchemaPath',
  'externalSchemaFormat',
  'normalizeWorkers',
  'promotion',
  'quarantine',
  'logger',
]
const retryOptions: readonly (keyof RetryOptions)[] = ['destination', 'credentials']
const loadOptions: readonly (keyof LoadOptions)[] = ['datasetName', ...retryOptions]
const extractOptions: readonly (keyof ExtractOptions)[] = [
  'name',
  'tableName',
  'writeDisposition',
  'columns',
  'primaryKey',
  'mergeKey',
  'schema',
  'schemaContract',
  'refresh',
]

const dropOptions: readonly (keyof DropOptions)[] = [
  'resources',
  'dropAll',
  'statePaths',
  'stateOnly',
  'schema',
  'dryRun',
  ...loadOptions,
]

/** The options that each call knows. */
const knownOptions: Readonly<Record<Call, readonly string[]>> = {
  alterSchema: loadOptions,
  drop: dropOptions,
  'dlt.attach': pipelineOptions,
  'dlt.pipeline': pipelineOptions,
  extract: extractOptions,
  load: loadOptions,
  plan: [...extractOptions, ...loadOptions],
  retry: retryOptions,
  run: [...extractOptions, ...loadOptions],
  syncDestination: loadOptions,
}

/**
 * Refuses options that a call does not know: one that is misspelled, or spelled as in Python, would be ignored without a word.
 * @throws DltError `CONFIGURATION` with the option that was probably meant
 */
export function checkOptions(call: Call, options: object): void {
  refuseUnknownOptions(call, options, knownOptions[call])
}
