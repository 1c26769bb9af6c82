import type { ColumnSchema, TableSchema } from '@dlt/schema'
import type { QueryCompiler } from 'kysely'
import type { LiteralStyle } from '../literal-style.ts'
import type { TypeKind } from './column-kind.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** What differs between SQL databases, beside their capabilities. */
export interface SqlDialect {
  /** Quotes identifiers and numbers placeholders; made once per client. `DefaultQueryCompiler` of this module writes `"name"` and `$1`. */
  createCompiler(): QueryCompiler
  /**
   * The type of a column as DDL spells it, for instance `DECIMAL(10,2)`: keywords, digits, commas and parentheses only.
   * @throws DestinationError terminal where the database has no such type
   */
  columnType(column: ColumnSchema, table: TableSchema): string
  /** The types of whole numbers from narrow to wide, in upper case, as the database tells the types of existing columns. */
  readonly integerTypes: ReadonlySet<string>
  /**
   * What the other types hold in which values could become different ones without a word, in upper case and without parameters, as the database
   * tells the types of existing columns: `TIMESTAMP WITH TIME ZONE`. A number in parentheses is how many digits of a second are kept. A column of a
   * type that is missing here takes what it is given.
   */
  readonly typeKinds: ReadonlyMap<string, TypeKind>
  /** Attributes of a column between its type and `NOT NULL`, for instance `UNIQUE`; empty text where there are none. */
  columnAttributes(column: ColumnSchema, table: TableSchema): string
  /** How a NOT NULL column is added: in one clause, or added and then altered because the clause may not carry constraints. */
  readonly addNotNull: 'with-column' | 'set-afterwards'
  /** How a table is emptied inside a transaction. */
  readonly emptyTable: 'TRUNCATE TABLE' | 'DELETE FROM'
  /** The schema that names of temporary tables are qualified with, for instance `temp`. */
  readonly temporarySchema: string
  /** How the row of a DELETE is named in a subquery: by an alias, or by the table's qualified name. */
  readonly correlatedDelete: 'alias' | 'qualified-name'
  /**
   * How rows take the place of those with the same key: by a MERGE statement; by an UPDATE and an INSERT, where the database has no MERGE;
   * or by deleting and inserting, for databases that write whole columns anew for an update. With the last one, tables with columns that the
   * schema does not know are merged.
   */
  readonly upsert: 'merge' | 'update-insert' | 'delete-insert'
  /**
   * Query that takes a lock until the transaction ends, so that no two transactions change the schema of one dataset at once: databases may
   * answer the second `CREATE … IF NOT EXISTS` with an error. Default: none.
   */
  lockDataset?(dataset: string): SqlFragment
  /**
   * Query that returns a row where the dataset exists. A column `has_versions` may say by `'YES'` or `'NO'` whether the dataset has the table of
   * dlt's versions; what was never loaded into is then not asked for states and schemas, which servers would log as errors. Default: the
   * `information_schema` is asked.
   */
  datasetQuery?(dataset: string, versions: string): SqlFragment
  /** Statement that makes a dataset; two pipelines may run it at once. Default: `CREATE SCHEMA IF NOT EXISTS`. */
  createDataset?(dataset: string): SqlFragment
  /**
   * Asks for the columns of tables of a dataset as `table_name`, `column_name`, `data_type` and `needs_value`, all texts and in this order,
   * one row for each column, in the order of the columns; types as `columnType` spells them. `needs_value` is `'YES'` for columns that may not
   * be null and do not fill themselves (no default, no identity), otherwise `'NO'`. Default: the `information_schema` is asked,
   * which leaves digits and lengths out of the types of some databases (`numeric`): those bring their own.
   *
   * @param tables all tables of the dataset when absent
   */
  columnsQuery?(dataset: string, tables: readonly string[] | undefined): SqlFragment
  /** Statement that keeps other transactions from changing a table until the own one ends. Absent where there is none, see `SqlLoader.whileLocked`. */
  lockTable?(table: SqlFragment): SqlFragment
  /** A column that every table has and that grows with the order in which rows came. Without it one of several rows with one key is kept at random. */
  readonly arrivalOrder?: string
  /**
   * A timestamp as a text that `Date` reads, whatever the session or the role has set for texts of times. Default: the timestamp itself.
   */
  timestampText?(timestamp: SqlFragment): SqlFragment
  /** How values are spelled where no parameter can stand. */
  readonly literals: LiteralStyle
}
