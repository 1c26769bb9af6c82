import type { PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import type { Decimal } from 'decimal.js'

/** A row of which nothing is known at compile time. */
export interface UntypedRow {
  readonly [column: string]: unknown
}

/** Tables of which nothing is known at compile time; see `pipeline.writeTypes` for those that are. */
export interface UntypedDatabase {
  readonly [table: string]: UntypedRow
}

/** Names of the tables of a dataset. */
export type TableOf<Database> = keyof Database & string

/** Rows of a table. */
export type RowOf<Database, Table extends keyof Database> = Database[Table] extends object
  ? Database[Table]
  : UntypedRow

/** Names of the columns of rows. */
export type ColumnOf<Row> = keyof Row & string

/** What may be given instead of a value of a column. */
type Spelled<Value> = Value extends Decimal
  ? Decimal | number | bigint | string
  : Value extends Date | PreciseDateTime
    ? Date | PreciseDateTime | PlainDate | string
    : Value extends PlainDate
      ? PlainDate | Date | string
      : Value extends PlainTime
        ? PlainTime | string
        : Value extends number | bigint
          ? number | bigint
          : Value

/** What a column is compared with: its values; dates and times also as ISO text, decimals also as number or text. */
export type ComparedWith<Value> = unknown extends Value
  ? boolean | number | bigint | string | Uint8Array | Date | PreciseDateTime | PlainDate | PlainTime | Decimal
  : Spelled<NonNullable<Value>>

/** Columns of a joined table, with the prefix that tells them apart. */
export type JoinedColumns<Row, Prefix extends string, Kind> = {
  [Column in keyof Row & string as `${Prefix}__${Column}`]: Kind extends 'left' ? Row[Column] | null : Row[Column]
}
