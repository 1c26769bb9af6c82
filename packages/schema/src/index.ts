export { coercerBetween, coerceScalar } from './coercion/coerce-scalar.ts'
export type { Coercer } from './coercion/coercer.ts'
export type { CoercionResult, ScalarValue } from './coercion/scalar-value.ts'
export { compactJson } from './coercion/to-json.ts'
export type { ColumnData, ColumnVector, TableBatch } from './column-batch.ts'
export { applyContract, type ContractedTable, frozenTable } from './contracts/apply-contract.ts'
export {
  type ContractEntity,
  type ContractModes,
  contractEntities,
  contractModes,
  evolveAll,
  evolvesFreely,
  expandContract,
} from './contracts/contract-modes.ts'
export { type ContractViolation, DataValidationError } from './contracts/data-validation-error.ts'
export { rejectedTable, rejectedTableName } from './contracts/rejected-table.ts'
export { contractOf, evolveColumnsOnce, evolvesColumnsOnce, isNewTable } from './contracts/table-contract.ts'
export { type DataType, dataTypes } from './data-type.ts'
export type { DiagramOptions } from './diagram/diagram-options.ts'
export { type SchemaReference, schemaReferences } from './diagram/schema-references.ts'
export { schemaToDbml } from './diagram/schema-to-dbml.ts'
export { schemaToMermaid } from './diagram/schema-to-mermaid.ts'
export {
  concealInErrors,
  DltError,
  type DltErrorOptions,
  type ErrorCode,
  type ErrorContext,
  errorCodes,
} from './dlt-error.ts'
export { type CreateSchemaOptions, createSchema, schemaEngineVersion } from './document/create-schema.ts'
export type { SchemaTextOptions } from './document/exported-document.ts'
export { withoutProcessingHints } from './document/exported-document.ts'
export { importSchema, isFileChanged, newSchemaFromFile } from './document/import-schema.ts'
export { type SchemaDocument, schemaToDocument } from './document/schema-document.ts'
export { type SchemaJsonOptions, schemaFromJson, schemaToJson } from './document/schema-json.ts'
export { schemaFromYaml, schemaToYaml } from './document/schema-yaml.ts'
export { loadsTable, pipelineStateTable, systemTableNames, versionTable } from './document/system-tables.ts'
export { bumpSchema, hashSchema, isSchemaModified } from './document/version.ts'
export { type AlteredSchema, alterSchema, type ColumnAlteration, type ColumnChange } from './evolution/alter-schema.ts'
export { currentColumnName, droppedColumns } from './evolution/altered-columns.ts'
export { columnHasHint, isCompleteColumn } from './evolution/column-properties.ts'
export { type CreateTableOptions, createTable } from './evolution/create-table.ts'
export { dropTables } from './evolution/drop-tables.ts'
export { normalizeTable } from './evolution/normalize-table.ts'
export { isPromoted, promotedFrom } from './evolution/promoted-column.ts'
export {
  type RecordedNames,
  recordedColumnName,
  recordedTableName,
  withRecordedColumnNames,
  withRecordedTableNames,
} from './evolution/recorded-names.ts'
export { hasRowHashes, mergeStrategyOf, propagateRootKeys } from './evolution/root-key.ts'
export { withRootKeyColumns } from './evolution/root-key-columns.ts'
export { diffSchemas, type SchemaDiff, type TableDiff } from './evolution/schema-diff.ts'
export {
  childTables,
  hintColumns,
  isDltTable,
  isNestedTable,
  requireTable,
  rootTableOf,
} from './evolution/table-tree.ts'
export { updateSchema } from './evolution/update-schema.ts'
export { type SchemaUpdate, type UpdateTableOptions, updateTable, updateTables } from './evolution/update-table.ts'
export { digest128, digest256 } from './hashing/digest.ts'
export { keyHash, rowHash, rowHashText, textHash } from './hashing/row-hash.ts'
export { nestedRowId, randomRowId } from './hashing/row-id.ts'
export { detectDataType } from './inference/detect-data-type.ts'
export { type InferColumnOptions, inferColumn, preferredDataType, variantColumnName } from './inference/infer-column.ts'
export { type FieldFilter, fieldFilter } from './inference/table-filters.ts'
export { decimalFromText, decimalText } from './json/decimal-text.ts'
export { floatText } from './json/float-text.ts'
export { type OrderedJson, type OrderedJsonOf, readJson, readJsonWith } from './json/json-reader.ts'
export { parseExactly } from './json/lossless-json.ts'
export { type PlainJsonOptions, plainJson } from './json/plain-json.ts'
export { FloatNumber, PlainDate, PlainTime, PreciseDateTime } from './json/tagged-values.ts'
export { parseTypedJson, typedJson } from './json/typed-json.ts'
export { type NameLimit, type NameLimitOption, nameLength, nameStart } from './naming/name-limit.ts'
export { type NamingConvention, namingConvention, namingConventionNames } from './naming/naming-convention.ts'
export { isBlank } from './naming/python-text.ts'
export { normalizeFieldName, normalizeListName, schemaNaming } from './naming/schema-naming.ts'
export { refuseUnknownOptions } from './options/known-options.ts'
export { nearestName } from './options/nearest-name.ts'
export type {
  ColumnSchema,
  ContractMode,
  DefaultHint,
  Detection,
  Extensions,
  JsonNormalizerConfig,
  JsonValue,
  MergeStrategy,
  ReplaceStrategy,
  Schema,
  SchemaContract,
  SchemaNormalizers,
  SchemaSettings,
  TableReference,
  TableSchema,
  WriteDisposition,
} from './schema.ts'
export { formatDate, formatTime, formatTimestamp } from './time/format.ts'
export { parseIsoDate, parseIsoTime, parseIsoTimestamp } from './time/iso.ts'
export { locateInSchemaText, type TextPosition } from './yaml/locate-in-text.ts'
