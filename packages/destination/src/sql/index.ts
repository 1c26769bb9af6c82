export { DefaultQueryCompiler, type QueryCompiler, sql } from 'kysely'
export type { TypeKind } from './column-kind.ts'
export { addColumnStatements, createDataset, createTableStatement, qualifiedName } from './data-definition.ts'
export { stagingPrefix } from './dispositions/staging-names.ts'
export { type DltTables, dltTables } from './dlt-tables.ts'
export { readKyselyName, spellKyselyName } from './kysely-names.ts'
export { type MissingType, missingTypeError } from './missing-type-error.ts'
export { createReadingKysely, type ReadingKyselyOptions } from './reading-kysely.ts'
export { defaultRetryPolicy, type RetryPolicy, retryConflicts } from './retry-conflicts.ts'
export type {
  InsertionOrder,
  JobSession,
  JobTarget,
  LoadLocks,
  SqlClientOptions,
  SqlLoader,
} from './sql-client-options.ts'
export {
  announcedStatement,
  type SqlCommitPointEvent,
  sqlCommitPointChannel,
  sqlCommitPoints,
} from './sql-commit-points.ts'
export type { CompiledStatement, SqlConnection, SqlRow, SqlSession } from './sql-connection.ts'
export { SqlDestinationClient } from './sql-destination-client.ts'
export type { SqlDialect } from './sql-dialect.ts'
export { compileSql, type SqlExecutor, sqlExecutor } from './sql-executor.ts'
export { type SqlFragment, sqlKeywords, sqlTextLiteral } from './sql-fragment.ts'
