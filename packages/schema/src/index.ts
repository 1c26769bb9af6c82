export type { ColumnData, ColumnVector, TableBatch } from './column-batch.ts'
export { type DataType, dataTypes } from './data-type.ts'
export { DltError, type DltErrorOptions, type ErrorCode, type ErrorContext, errorCodes } from './dlt-error.ts'
export type {
  ColumnSchema,
  ContractMode,
  DefaultHint,
  Detection,
  Extensions,
  JsonNormalizerConfig,
  JsonValue,
  Schema,
  SchemaContract,
  SchemaNormalizers,
  SchemaSettings,
  TableReference,
  TableSchema,
  WriteDisposition,
} from './schema.ts'
