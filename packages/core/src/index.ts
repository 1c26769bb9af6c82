import { dlt } from './dlt.ts'

export { DestinationError, type DestinationErrorKind, MissingPackageError } from '@dlt/destination'
export {
  type ColumnSchema,
  createSchema,
  type DataType,
  DltError,
  type ErrorCode,
  type ErrorContext,
  type Schema,
  type TableSchema,
  type WriteDisposition,
} from '@dlt/schema'

export type { DestinationInput } from './destinations/resolve-destination.ts'
export type { Dlt } from './dlt.ts'
export { resource } from './extract/declare-resource.ts'
export type { ExtractMetrics, ResourceMetrics, TableMetrics } from './extract/extract-metrics.ts'
export { type JsonLinesOptions, jsonLines } from './extract/json-lines.ts'
export type { JsonLinesInput } from './extract/json-lines-input.ts'
export { Resource } from './extract/resource.ts'
export type { ItemOf, ResourceData } from './extract/resource-data.ts'
export type { ColumnHint, ColumnHints, ResourceOptions, TableHints, TableNameHint } from './extract/resource-options.ts'
export type { RunHints } from './extract/run-hints.ts'
export {
  type LoadedJob,
  type LoadedPackage,
  type LoadFacts,
  type LoadFailure,
  LoadInfo,
} from './load/load-info.ts'
export type { AbortInfo } from './pipeline/abort-packages.ts'
export { pipeline, run } from './pipeline/default-pipeline.ts'
export type { ExtractedPackage, ExtractInfo } from './pipeline/extract-info.ts'
export type { NormalizedPackageInfo, NormalizeInfo } from './pipeline/normalize-info.ts'
export type { PendingPackage } from './pipeline/pending-package.ts'
export { Pipeline } from './pipeline/pipeline.ts'
export type { PipelineOptions } from './pipeline/pipeline-options.ts'
export { type PipelineStep, PipelineStepFailed } from './pipeline/pipeline-step-failed.ts'
export type { ExtractOptions, LoadOptions, RetryOptions, RunOptions } from './pipeline/run-options.ts'
export type { StepTiming } from './pipeline/run-step.ts'
export type { Logger, LogLevel } from './runtime/logger.ts'
export type { LocalState, PipelineState } from './state/pipeline-state.ts'
export default dlt
