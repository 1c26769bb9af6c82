import type { ColumnSchema } from '@dlt/schema'
import { sql } from 'kysely'
import type { SqlDialect } from '../sql-dialect.ts'
import type { SqlFragment } from '../sql-fragment.ts'

/** A column of a row: `row."name"`. */
export const cell = (row: SqlFragment, column: string): SqlFragment => sql`${row}.${sql.id(column)}`

/** Whether two rows agree in columns. Nulls agree with nothing. */
export const sameKey = (left: SqlFragment, right: SqlFragment, columns: readonly string[]): SqlFragment =>
  sql.join(
    columns.map((column) => sql`${cell(left, column)} = ${cell(right, column)}`),
    sql` AND `,
  )

/** Whether a table has a row `s` for which a condition holds. */
export const hasRow = (table: SqlFragment, condition: (row: SqlFragment) => SqlFragment): SqlFragment =>
  sql`EXISTS (SELECT 1 FROM ${table} AS s WHERE ${condition(sql`s`)})`

/** Whether a table has a row with the same key. */
export const hasSameKey = (table: SqlFragment, row: SqlFragment, columns: readonly string[]): SqlFragment =>
  hasRow(table, (other) => sameKey(other, row, columns))

/** Whether a row says that it is to be deleted. */
export const isFlagged = (row: SqlFragment, { name, data_type: type }: ColumnSchema): SqlFragment =>
  type === 'bool' ? sql`${cell(row, name)} = TRUE` : sql`${cell(row, name)} IS NOT NULL`

/** Deletes the rows of a table for which a condition holds. */
export const deleteWhere = (
  dialect: SqlDialect,
  table: SqlFragment,
  condition: (row: SqlFragment) => SqlFragment,
): SqlFragment =>
  dialect.correlatedDelete === 'alias'
    ? sql`DELETE FROM ${table} AS d WHERE ${condition(sql`d`)}`
    : sql`DELETE FROM ${table} WHERE ${condition(table)}`

/** Names of columns, in their order. */
export const columnList = (columns: readonly ColumnSchema[]): SqlFragment =>
  sql.join(columns.map(({ name }) => sql.id(name)))
