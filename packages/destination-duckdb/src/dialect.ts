import { DefaultQueryCompiler, type SqlDialect, type TypeKind } from '@dlt/destination/sql'
import type { ColumnSchema } from '@dlt/schema'
import { duckdbLiterals } from './capabilities.ts'
import { duckdbColumnType } from './type-mapper.ts'

const signedTypes = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT']

const integerTypes: ReadonlySet<string> = new Set(signedTypes.flatMap((type) => [type, `U${type}`]))

const microseconds: TypeKind = { kind: 'timestamp', fractionDigits: 6 }

const typeKinds: ReadonlyMap<string, TypeKind> = new Map<string, TypeKind>([
  ['BOOLEAN', { kind: 'boolean' }],
  ['FLOAT', { kind: 'single' }],
  ['DOUBLE', { kind: 'double' }],
  ['DATE', { kind: 'date' }],
  ['TIME', { kind: 'time' }],
  ['TIME WITH TIME ZONE', { kind: 'time' }],
  ['TIMESTAMP WITH TIME ZONE', microseconds],
  ['TIMESTAMP', microseconds],
  ['TIMESTAMP_S', { kind: 'timestamp', fractionDigits: 0 }],
  ['TIMESTAMP_MS', { kind: 'timestamp', fractionDigits: 3 }],
  ['TIMESTAMP_NS', { kind: 'timestamp', fractionDigits: 9 }],
])

/**
 * Ids of rows that dlt makes: texts made at random, each of which is there once, so that no encoding makes them much smaller. Ids of parents
 * repeat, and keys that a user declares may be any text.
 */
const isRowId = ({ name, data_type, row_key }: ColumnSchema): boolean =>
  data_type === 'text' && row_key === true && name.toLowerCase() === '_dlt_id'

/** What differs between DuckDB and other SQL databases. */
export const duckdbDialect = (options: { readonly createIndexes: boolean }): SqlDialect => ({
  createCompiler: () => new DefaultQueryCompiler(),
  columnType: duckdbColumnType,
  integerTypes,
  typeKinds,
  columnAttributes: (column) =>
    [
      ...(isRowId(column) ? ['USING COMPRESSION uncompressed'] : []),
      ...(options.createIndexes && column.unique === true ? ['UNIQUE'] : []),
    ].join(' '),
  addNotNull: 'set-afterwards',
  // TRUNCATE is a DELETE in DuckDB; inside a transaction only the latter is documented.
  emptyTable: 'DELETE FROM',
  temporarySchema: 'temp',
  correlatedDelete: 'alias',
  // MERGE of 200,000 rows into 5,000,000: 19 s, deleting and inserting 0.6 s.
  upsert: 'delete-insert',
  arrivalOrder: 'rowid',
  literals: duckdbLiterals,
})
