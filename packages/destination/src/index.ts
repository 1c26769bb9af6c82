export type {
  DdlCapabilities,
  DestinationCapabilities,
  DispositionCapabilities,
  FileFormat,
  IdentifierCapabilities,
  LoadCapabilities,
  ReadingCapabilities,
  TypeCapabilities,
} from './capabilities.ts'
export { normalizeDatasetName } from './dataset-name.ts'
export type {
  DatasetReader,
  ReadParameter,
  ReadStatement,
  ResultBatch,
  ResultColumn,
  ResultSchema,
} from './dataset-reader.ts'
export type {
  AlteredColumn,
  AppliedSchemaChange,
  Destination,
  DestinationClient,
  DestinationContext,
  LoadDecision,
  LoadJob,
  LoadOutcome,
  LoadRequest,
  OpenOptions,
  SchemaComparison,
  SchemaRefresh,
  StoredSchema,
  StoredState,
} from './destination.ts'
export { DestinationError, type DestinationErrorKind, type DestinationErrorOptions } from './destination-error.ts'
export type { DestinationFactory, DestinationRegistry } from './destination-registry.ts'
export {
  type BinaryLiteralStyle,
  createLiteralWriter,
  type LiteralStyle,
  type LiteralWriter,
  type TextLiteralStyle,
} from './literal-style.ts'
export { MissingPackageError, type MissingPackageErrorOptions } from './missing-package-error.ts'
export {
  detectPackageManager,
  installCommand,
  type PackageManager,
  type PackageManagerFacts,
} from './package-manager.ts'
export { packageManagerFacts } from './package-manager-facts.ts'
export { refuseUnknownReplaceStrategy } from './replace-strategy.ts'
export type { Setting, SettingType } from './setting.ts'
