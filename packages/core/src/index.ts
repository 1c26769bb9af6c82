import { dlt } from './dlt.ts'

export { DestinationError, type DestinationErrorKind, MissingPackageError } from '@dlt/destination'
export {
  type ColumnSchema,
  type ContractEntity,
  type ContractMode,
  createSchema,
  type DataType,
  DataValidationError,
  DltError,
  type ErrorCode,
  type ErrorContext,
  PlainDate,
  PlainTime,
  PreciseDateTime,
  type Schema,
  type SchemaContract,
  schemaFromJson,
  schemaFromYaml,
  schemaToJson,
  schemaToYaml,
  type TableReference,
  type TableSchema,
  type WriteDisposition,
} from '@dlt/schema'
export type { Decimal } from 'decimal.js'
export type { ConfigAccess } from './configuration/accessors.ts'
export { ConfigFieldMissing } from './configuration/config-field-missing.ts'
export type { ConfigProvider, LookupHint, ProviderLocation } from './configuration/provider.ts'
export { type ResolveOptions, resolveConfiguration } from './configuration/resolve-configuration.ts'
export { secret } from './configuration/secret.ts'
export { Dataset, type RowCountsOptions, type TablesOptions } from './dataset/dataset.ts'
export type { DatasetOptions, ReadOptions } from './dataset/dataset-options.ts'
export type { FinishedLoad } from './dataset/loads.ts'
export { dataset } from './dataset/open-dataset.ts'
export type { Comparison, Direction, JoinKind } from './dataset/query/relation-step.ts'
export type { QueryInput, QueryResult } from './dataset/query-result.ts'
export type { JoinOptions, LimitOptions, Relation } from './dataset/relation.ts'
export type { QueryText, Result } from './dataset/result.ts'
export type { ComparedWith, JoinedColumns, UntypedDatabase, UntypedRow } from './dataset/row-types.ts'
export { type Current, type CurrentSource, current } from './declare/current.ts'
export { type ConfiguredResourceDeclaration, type ResourceDeclaration, resource } from './declare/declare-resource.ts'
export { type ResourcesOf, type SourceData, type SourceFactory, source } from './declare/declare-source.ts'
export {
  type ParentResource,
  type Transformer,
  type TransformerSettings,
  transformer,
} from './declare/declare-transformer.ts'
export { type JsonLinesOptions, jsonLines } from './declare/json-lines.ts'
export type { ResourceLimit } from './declare/limit-step.ts'
export type { SourceContext } from './declare/open-source.ts'
export { type RateLimit, type RateLimitedCall, type RateLimitOptions, rateLimit } from './declare/rate-limit.ts'
export { Resource, type ResourceHints, type StepPosition } from './declare/resource.ts'
export type { ArgumentsOf, ConfigOf, ConfigSchema } from './declare/resource-arguments.ts'
export type {
  ContextFor,
  IncrementalResourceContext,
  ResourceContext,
  StartedIncremental,
} from './declare/resource-context.ts'
export type { ItemOf, ResourceData } from './declare/resource-data.ts'
export type { ResourceFactory } from './declare/resource-factory.ts'
export type { RunHints } from './declare/run-hints.ts'
export { Source, type SourceResources } from './declare/source.ts'
export type { CloneOptions, SourceOptions, SourceSettings } from './declare/source-options.ts'
export type { DestinationInput } from './destinations/resolve-destination.ts'
export type {
  CdcMerge,
  DeleteInsertMerge,
  DispositionTimestamp,
  InsertOnlyMerge,
  MergeDisposition,
  PlainDisposition,
  Scd2Merge,
  UpsertMerge,
  WriteDispositionHint,
} from './dispositions/write-disposition.ts'
export type { Dlt } from './dlt.ts'
export type { ExtractedPackage, ExtractInfo } from './extract/extract-info.ts'
export type { ExtractMetrics, ResourceMetrics, TableMetrics } from './extract/extract-metrics.ts'
export { materializeTable, type WithHintsOptions, withHints, withTableName } from './hints/item-marks.ts'
export type { EmptyTable, MarkedItem } from './hints/marked-item.ts'
export type {
  ColumnHint,
  ColumnHints,
  Hint,
  NestedHints,
  NestedTableHints,
  ReferenceHint,
  ResourceOptions,
  ResourceSettings,
  TableHints,
  TableNameHint,
} from './hints/resource-options.ts'
export { incremental } from './incremental/declare-incremental.ts'
export type { TimeInterval } from './incremental/external-interval.ts'
export { Incremental } from './incremental/incremental.ts'
export type { IncrementalOptions } from './incremental/incremental-options.ts'
export type { InferItem } from './item-schema/item-validator.ts'
export type { RejectedData } from './items/rejected-data.ts'
export type { JsonLinesInput } from './lines/json-lines-input.ts'
export {
  type LoadedJob,
  type LoadedPackage,
  type LoadFacts,
  type LoadFailure,
  LoadInfo,
} from './load/load-info.ts'
export type { NormalizedPackageInfo, NormalizedRows, NormalizeInfo } from './normalize/normalize-info.ts'
export type { RefreshMode, SourceRefresh } from './packages/source-refresh.ts'
export type { AbortInfo } from './pipeline/abort-packages.ts'
export { type AttachOptions, attach } from './pipeline/attach.ts'
export { pipeline, run } from './pipeline/default-pipeline.ts'
export type { PendingPackage } from './pipeline/pending-package.ts'
export { Pipeline } from './pipeline/pipeline.ts'
export type { PipelineOptions } from './pipeline/pipeline-options.ts'
export { PipelineStepFailed } from './pipeline/pipeline-step-failed.ts'
export type {
  DropInfo,
  DropOptions,
  ExtractOptions,
  LoadOptions,
  RetryOptions,
  RunOptions,
} from './pipeline/run-options.ts'
export type { SchemaChange } from './pipeline/schema-change.ts'
export type { SyncInfo } from './pipeline/sync-info.ts'
export {
  type PlanFacts,
  type PlannedColumn,
  type PlannedRemoval,
  type PlannedTable,
  type PlannedType,
  type PlanProblem,
  RunPlan,
} from './plan/run-plan.ts'
export type { DroppedParts, DropSelection } from './refresh/plan-drop.ts'
export type { Logger, LogLevel } from './runtime/logger.ts'
export type { PipelineStep, StepTiming } from './runtime/pipeline-step.ts'
export type { ExternalSchemaFormat } from './schema-files/external-schema-format.ts'
export type { LocalState, PipelineState } from './state/pipeline-state.ts'
export type { StateDraft, StateValue } from './state/state-draft.ts'
export default dlt
