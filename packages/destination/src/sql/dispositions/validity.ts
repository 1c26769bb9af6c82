import {
  type ColumnSchema,
  columnHasHint,
  formatDate,
  formatTimestamp,
  parseIsoDate,
  parseIsoTimestamp,
  type TableSchema,
} from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../../destination-error.ts'
import type { SqlDialect } from '../sql-dialect.ts'
import { type SqlFragment, sqlKeywords } from '../sql-fragment.ts'
import type { Merge } from './merge.ts'
import { cell } from './row-conditions.ts'

/** How a history table tells which rows are valid, and since when. */
export interface Validity {
  readonly from: string
  readonly to: string
  /** Column with a hash or a version of a row's content. */
  readonly version: string
  /** When the rows of this package begin to be valid, and others end. */
  readonly boundary: SqlFragment
  /** What stands in `to` while a row is valid. */
  readonly active: SqlFragment
  isActive(row: SqlFragment): SqlFragment
}

const columnOf = (table: TableSchema, hint: `x-${string}`): ColumnSchema => {
  const column = [...table.columns.values()].find((one) => one.data_type !== undefined && columnHasHint(one, hint))
  if (column !== undefined) return column
  throw new DestinationError(
    `Table "${table.name}" cannot be merged by scd2: none of its columns has the hint "${hint}". Declare the strategy on the resource, which adds the columns of a history.`,
    { kind: 'terminal', context: { table: table.name } },
  )
}

const instantText = (table: TableSchema, text: string): string => {
  const instant = parseIsoTimestamp(text)
  if (instant !== undefined) return formatTimestamp(instant)
  const day = parseIsoDate(text)
  if (day !== undefined) return `${formatDate(day)}T00:00:00+00:00`
  throw new DestinationError(
    `"${text}", given as a timestamp of the history of table "${table.name}", is no date or time. Write it as in "2024-01-02T03:04:05Z".`,
    { kind: 'terminal', context: { table: table.name } },
  )
}

/** A load id is the time at which its package was made, in seconds; a retry has the same. */
const packageTime = (loadId: string): string => {
  const seconds = Number(loadId)
  return formatTimestamp(BigInt(Math.round(Number.isFinite(seconds) ? seconds * 1e6 : Date.now() * 1e3)))
}

const literal = (dialect: SqlDialect, table: TableSchema, column: ColumnSchema, text: string): SqlFragment =>
  sql`CAST(${text} AS ${sqlKeywords(dialect.columnType(column, table))})`

/** What stands in the column that ends the validity of a row while the row is valid; `undefined` for null. */
export const activeLiteralOf = (dialect: SqlDialect, table: TableSchema, to: ColumnSchema): SqlFragment | undefined => {
  const active = to['x-active-record-timestamp']
  return typeof active === 'string' ? literal(dialect, table, to, instantText(table, active)) : undefined
}

/**
 * Reads how a history table tells which rows are valid.
 * @throws DestinationError terminal where a column of a history is missing, or a timestamp cannot be read
 */
export const validityOf = ({ root: { table }, loadId, dialect }: Merge): Validity => {
  const to = columnOf(table, 'x-valid-to')
  const boundary = table['x-boundary-timestamp']
  const at = typeof boundary === 'string' ? instantText(table, boundary) : packageTime(loadId)
  const activeLiteral = activeLiteralOf(dialect, table, to)
  return {
    from: columnOf(table, 'x-valid-from').name,
    to: to.name,
    version: columnOf(table, 'x-row-version').name,
    boundary: literal(dialect, table, to, at),
    active: activeLiteral ?? sql`NULL`,
    isActive: (row) =>
      activeLiteral === undefined ? sql`${cell(row, to.name)} IS NULL` : sql`${cell(row, to.name)} = ${activeLiteral}`,
  }
}
