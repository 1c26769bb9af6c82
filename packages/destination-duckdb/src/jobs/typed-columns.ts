import { createLiteralWriter } from '@dlt/destination'
import { type JobTarget, type SqlFragment, sql, sqlTextLiteral } from '@dlt/destination/sql'
import type { ColumnSchema } from '@dlt/schema'
import { duckdbLiterals } from '../capabilities.ts'
import { duckdbColumnType } from '../type-mapper.ts'

const literals = createLiteralWriter(duckdbLiterals)

/** Text formats carry bytes as text. */
const readType = (column: ColumnSchema, target: JobTarget): string =>
  column.data_type === 'binary' ? 'VARCHAR' : duckdbColumnType(column, target.table)

/** The `columns` parameter of DuckDB's readers: `{'name': 'TYPE', …}`; it takes no parameters of a statement. */
export const columnTypes = (target: JobTarget): SqlFragment => {
  const entries = target.columns.map(
    (column) => sql`${sqlTextLiteral(literals, column.name)}: ${sqlTextLiteral(literals, readType(column, target))}`,
  )
  return sql`{${sql.join(entries)}}`
}

/** The columns of a text file as expressions of the target's types. */
export const columnExpressions = (target: JobTarget, binary: (name: SqlFragment) => SqlFragment): SqlFragment =>
  sql.join(target.columns.map(({ name, data_type }) => (data_type === 'binary' ? binary(sql.id(name)) : sql.id(name))))

/** The names of the columns. */
export const columnNames = (target: JobTarget): SqlFragment => sql.join(target.columns.map(({ name }) => sql.id(name)))
