import type { ColumnSchema, Schema, SchemaContract, TableReference } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { WriteDispositionHint } from '../dispositions/write-disposition.ts'
import type { IncrementalOptions } from '../incremental/untyped-options.ts'

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
 * A hint, or a function that gives it for an item.
 * (Declared as a method, so that a list may hold resources of different items.)
 */
export type Hint<Item, Value> = Value | { hint(item: Item): Value }['hint']

/** The name of a table, or a function that gives it for an item. */
export type TableNameHint<Item> = Hint<Item, string>

/** A reference to another table: columns of this one hold what columns of that one hold. Names as in the data. */
export type ReferenceHint = TableReference

/** What is known of a table that holds a list of items, beside what its root table says. */
export interface NestedTableHints {
  /**
   * What happens to rows that are there already. Default: as the root table. One that differs from the root table's belongs to a
   * table with keys of its own.
   */
  readonly writeDisposition?: WriteDispositionHint
  /** Types and hints of columns. Default: none. */
  readonly columns?: ColumnHints
  /** Columns that identify a row. With a key the table stands on its own: it is no longer tied to the rows of its parent. */
  readonly primaryKey?: string | readonly string[]
  /** Columns that say what a merge replaces; with a key the table stands on its own. */
  readonly mergeKey?: string | readonly string[]
  /** References to other tables. Default: none. */
  readonly references?: readonly ReferenceHint[]
  /** What data may change in this table and in those nested in it. Default: what the table that contains it says. */
  readonly schemaContract?: SchemaContract
}

/**
 * Hints for the tables of nested lists, by the key of the list, or by the path of keys with dots between them
 * (`'purchases.coupons'`). A list of pairs takes paths as lists of keys: `[[['purchases', 'coupons'], { … }]]`.
 * All lists on the way to a nested one must be named too, unless it has keys of its own or its parent's table is known from earlier data.
 */
export type NestedHints =
  | { readonly [path: string]: NestedTableHints }
  | readonly (readonly [path: readonly string[], hints: NestedTableHints])[]

/** What is known of a table before any data. All hints are optional, and each but `columns` as a schema may be a function of the item. */
export interface TableHints<Item = unknown> {
  /** Name of the table, or a function of the item where items go to different tables. Default: the resource's name. */
  readonly tableName?: TableNameHint<Item>
  /**
   * What happens to rows that are in the table already: `append` (default) keeps them, `replace` removes them in the same
   * transaction, `merge` replaces those with the same keys, `skip` loads nothing. An object says more of a merge:
   * `{ disposition: 'merge', strategy: 'scd2' }`. What a destination cannot do is refused before anything is read.
   */
  readonly writeDisposition?: Hint<Item, WriteDispositionHint>
  /**
   * Types and hints of columns, or a Standard Schema (valibot, zod, ArkType, ...): then every item is checked with it, and columns
   * follow from it where it can be read. Default: none, everything is inferred from data.
   */
  readonly columns?: Hint<Item, ColumnHints> | StandardSchemaV1
  /** Name or names of the columns that identify a row. Marked as `primary_key` and not nullable. Default: none. */
  readonly primaryKey?: Hint<Item, string | readonly string[]>
  /** Name or names of the columns that say which rows a merge replaces. Marked as `merge_key` and not nullable. Default: none. */
  readonly mergeKey?: Hint<Item, string | readonly string[]>
  /** References to other tables, noted in the schema. Default: none. */
  readonly references?: Hint<Item, readonly ReferenceHint[]>
  /** Hints for the tables of nested lists. Default: none. */
  readonly nestedHints?: Hint<Item, NestedHints>
  /**
   * What data may change in the table and in those nested in it: new `tables`, new `columns`, or the `data_type` of columns; one mode
   * for all three, or one for each. `evolve` (default) allows it, `freeze` fails with a `DataValidationError`, `discard_row` leaves
   * the row out, `discard_value` the value. The contract of a run wins, then this one, then the source's.
   */
  readonly schemaContract?: Hint<Item, SchemaContract>
}

/** What a resource can be told beside its name. */
export interface ResourceSettings<Item = unknown> extends TableHints<Item> {
  /**
   * How many levels of nested objects and lists become columns and tables; what lies deeper is stored as JSON.
   * Default: the schema's setting, 1000 when it has none. 0 keeps every object and list as JSON.
   */
  readonly maxTableNesting?: number
  /** The schema that the tables belong to. Default: the source's, or the pipeline's default schema. */
  readonly schema?: Schema
  /** Whether items are loaded. When false, a resource only feeds transformers. Default: true. */
  readonly selected?: boolean
  /**
   * Whether promises that a generator yields are worked on ahead, as many at once as `extract.max_parallel_items` says; their items keep
   * the order. Default: false, one after another. Asynchronous resources are read beside others of their source in any case.
   */
  readonly parallelized?: boolean
  /** Loads only what is new. Default: everything. */
  readonly incremental?: IncrementalOptions
  /** Where configuration of a resource outside of a source is looked up: `sources.<section>.<name>`. Default: the name. */
  readonly section?: string
}

/** How a resource is called and where its rows go. */
export interface ResourceOptions<Item = unknown, Name extends string = string> extends ResourceSettings<Item> {
  /** Name of the resource, unique in its source; also the name of its table unless `tableName` is given. */
  readonly name: Name
}
