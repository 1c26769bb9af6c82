import { DefaultQueryCompiler, type SqlDialect, sql } from '@dlt/destination/sql'
import type { DataType } from '@dlt/schema'
import { sqliteLiterals } from './capabilities.ts'

/** SQLite has five types. What must keep its digits is text. */
const types: { readonly [type in DataType]: string } = {
  text: 'TEXT',
  json: 'TEXT',
  timestamp: 'TEXT',
  date: 'TEXT',
  time: 'TEXT',
  decimal: 'TEXT',
  wei: 'TEXT',
  bigint: 'INTEGER',
  bool: 'INTEGER',
  double: 'REAL',
  binary: 'BLOB',
}

class SqliteQueryCompiler extends DefaultQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '?'
  }
}

/** What differs between SQLite and other SQL databases. A dataset is a file that is attached under its name. */
export const sqliteDialect: SqlDialect = {
  createCompiler: () => new SqliteQueryCompiler(),
  columnType: (column) => types[column.data_type ?? 'text'],
  integerTypes: new Set(['INTEGER']),
  typeKinds: new Map([['REAL', { kind: 'double' }]]),
  columnAttributes: () => '',
  addNotNull: 'with-column',
  emptyTable: 'DELETE FROM',
  temporarySchema: 'temp',
  correlatedDelete: 'alias',
  upsert: 'update-insert',
  arrivalOrder: 'rowid',
  literals: sqliteLiterals,
  datasetQuery: (dataset) => sql`SELECT 1 FROM ${sql.id(dataset, 'sqlite_master')} LIMIT 1`,
  // The file is there from its connection on.
  createDataset: () => sql`SELECT 1`,
  columnsQuery: (dataset, tables) => {
    const listed = tables?.map((name) => sql`lower(${name})`)
    const only = listed === undefined ? sql`` : sql` AND lower(m.name) IN (${sql.join(listed)})`
    return sql`
      SELECT m.name AS table_name, p.name AS column_name, p.type AS data_type,
        CASE WHEN p."notnull" = 1 AND p.dflt_value IS NULL THEN 'YES' ELSE 'NO' END AS needs_value
      FROM ${sql.id(dataset, 'sqlite_master')} AS m, pragma_table_info(m.name, ${dataset}) AS p
      WHERE m.type = 'table'${only} ORDER BY m.name, p.cid`
  },
}
