import type { ColumnSchema, TableSchema } from '@dlt/schema'
import { DestinationError } from '../destination-error.ts'

/** A column for which a database has no type. */
export interface MissingType {
  /** The database, as people call it. */
  readonly database: string
  /** The kind of the destination, for the error's context. */
  readonly destination: string
  readonly column: ColumnSchema
  readonly table: TableSchema
  /** What to declare instead, as a sentence. */
  readonly remedy: string
}

/** The error of `SqlDialect.columnType` for a precision or scale that no type holds: terminal, with the column's place. */
export const missingTypeError = ({ database, destination, column, table, remedy }: MissingType): DestinationError =>
  new DestinationError(
    `${database} has no type for column "${column.name}" of table "${table.name}": ${describeType(column)}. ${remedy}`,
    { kind: 'terminal', context: { destination, table: table.name, column: column.name } },
  )

const describeType = ({ data_type: type, precision, scale }: ColumnSchema): string =>
  [
    type,
    ...(precision === undefined ? [] : [`precision ${precision}`]),
    ...(scale === undefined ? [] : [`scale ${scale}`]),
  ].join(' ')
