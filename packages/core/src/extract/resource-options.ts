import type { ColumnSchema, Schema, WriteDisposition } from '@dlt/schema'

/** What is known of a column before any data: any key of a column in a schema document, spelled as there. */
export type ColumnHint = Omit<Partial<ColumnSchema>, 'name'> & {
  /** Name of the column, where it is not the key of a record. Normalized with the schema's naming convention. */
  readonly name?: string
}

/**
 * Columns declared for a table, as a list of columns with names or as a record by name.
 * Declared columns come first in the table, in this order (use a list where names look like integers: records put those first).
 * One without `data_type` is a hint: it becomes a column with the
 * first value.
 */
export type ColumnHints =
  | readonly (ColumnHint & { readonly name: string })[]
  | { readonly [columnName: string]: ColumnHint }

/**
 * The name of a table, or a function that gives it for an item.
 * (Declared as a method, so that a list may hold resources of different items.)
 */
export type TableNameHint<Item> = string | { tableName(item: Item): string }['tableName']

/** What is known of a table before any data. All hints are optional. */
export interface TableHints<Item = unknown> {
  /** Name of the table, or a function of the item where items go to different tables. Default: the resource's name. */
  readonly tableName?: TableNameHint<Item>
  /**
   * What happens to rows that are in the table already: `append` (default) keeps them, `replace` removes them in the same
   * transaction, `skip` loads nothing. `merge` is refused with an `UNSUPPORTED` error.
   */
  readonly writeDisposition?: WriteDisposition
  /** Types and hints of columns. Default: none, everything is inferred from data. */
  readonly columns?: ColumnHints
  /** Name or names of the columns that identify a row. Marked as `primary_key` and not nullable. Default: none. */
  readonly primaryKey?: string | readonly string[]
}

/** How a resource is called and where its rows go. */
export interface ResourceOptions<Item = unknown> extends TableHints<Item> {
  /** Name of the resource, unique in a run; also the name of its table unless `tableName` is given. */
  readonly name: string
  /**
   * How many levels of nested objects and lists become columns and tables; what lies deeper is stored as JSON.
   * Default: the schema's setting, 1000 when it has none. 0 keeps every object and list as JSON.
   */
  readonly maxTableNesting?: number
  /** The schema that the tables belong to. Default: the pipeline's default schema. */
  readonly schema?: Schema
}
