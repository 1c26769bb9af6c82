import { DefaultQueryCompiler, type SqlDialect, type SqlFragment, sql, type TypeKind } from '@dlt/destination/sql'
import { postgresLiterals } from './capabilities.ts'
import { columnsQuery } from './existing-columns.ts'
import { postgresColumnType } from './type-mapper.ts'

/** Query that waits for a lock of a name and holds it until the transaction ends: nothing of it stays in the session. */
export const lockName = (name: string): SqlFragment =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`dlt:${name}`}, 0))`

const microseconds: TypeKind = { kind: 'timestamp', fractionDigits: 6 }

const typeKinds: ReadonlyMap<string, TypeKind> = new Map<string, TypeKind>([
  ['BOOLEAN', { kind: 'boolean' }],
  ['REAL', { kind: 'single' }],
  ['DOUBLE PRECISION', { kind: 'double' }],
  ['DATE', { kind: 'date' }],
  ['TIME WITHOUT TIME ZONE', { kind: 'time' }],
  ['TIME WITH TIME ZONE', { kind: 'time' }],
  ['TIMESTAMP WITHOUT TIME ZONE', microseconds],
  ['TIMESTAMP WITH TIME ZONE', microseconds],
])

/** What differs between Postgres and other SQL databases. */
export const postgresDialect = (options: { readonly createIndexes: boolean }): SqlDialect => ({
  createCompiler: () => new DefaultQueryCompiler(),
  columnType: postgresColumnType,
  integerTypes: new Set(['SMALLINT', 'INTEGER', 'BIGINT']),
  typeKinds,
  columnAttributes: (column) => (options.createIndexes && column.unique === true ? 'UNIQUE' : ''),
  addNotNull: 'with-column',
  emptyTable: 'TRUNCATE TABLE',
  temporarySchema: 'pg_temp',
  correlatedDelete: 'alias',
  // MERGE is there from version 15 on.
  upsert: 'update-insert',
  lockDataset: (dataset) => lockName(`dataset:${dataset}`),
  // The catalogs also have schemas that the role may not use: that it may not says the first statement.
  datasetQuery: (dataset, versions) => sql`SELECT CASE WHEN c.oid IS NULL THEN 'NO' ELSE 'YES' END AS has_versions
    FROM pg_catalog.pg_namespace AS n LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = ${versions}
    WHERE n.nspname = ${dataset}`,
  columnsQuery,
  // Texts in JSON have one form in all sessions.
  timestampText: (timestamp) => sql`to_json(${timestamp}) #>> '{}'`,
  lockTable: (table) => sql`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
  // COPY appends to a table of its own transaction, so that the place of a row tells when it came.
  arrivalOrder: 'ctid',
  literals: postgresLiterals,
})
