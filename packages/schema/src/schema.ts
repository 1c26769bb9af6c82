import type { DataType } from './data-type.ts'

/** What a JSON document can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Keys that begin with `x-` are extensions: kept, hashed and passed on, whoever wrote them. */
export interface Extensions {
  readonly [extension: `x-${string}`]: JsonValue
}

/**
 * A column as it stands in a schema document; the keys keep the document's spelling.
 * Without `data_type` it is incomplete: a hint only, not created at a destination.
 */
export interface ColumnSchema extends Extensions {
  readonly name: string
  readonly data_type?: DataType
  /** Whether nulls are allowed; true when absent. */
  readonly nullable?: boolean
  /** text, binary: longest length. bigint: bits. decimal, wei: digits. timestamp, time: digits of a second's fraction. */
  readonly precision?: number
  /** Digits after the point of a decimal or wei. */
  readonly scale?: number
  /** Whether a timestamp is an instant (true, also when absent) or a wall-clock time (false). */
  readonly timezone?: boolean
  readonly description?: string
  /** Marks a column that takes the values another column's type could not hold. */
  readonly variant?: boolean
  readonly partition?: boolean
  readonly cluster?: boolean
  readonly primary_key?: boolean
  readonly sort?: boolean
  readonly unique?: boolean
  readonly merge_key?: boolean
  readonly row_key?: boolean
  readonly parent_key?: boolean
  readonly root_key?: boolean
  readonly hard_delete?: boolean
  readonly dedup_sort?: 'asc' | 'desc'
  readonly incremental?: boolean
}

/** What happens to rows that are already in a table when new ones arrive. */
export type WriteDisposition = 'append' | 'replace' | 'merge' | 'skip'

/** How rows of a table with the write disposition `merge` join those that are there. */
export type MergeStrategy = 'delete-insert' | 'upsert' | 'insert-only' | 'scd2' | 'cdc'

/** How a table with the write disposition `replace` gets its new rows. */
export type ReplaceStrategy = 'truncate-and-insert' | 'insert-from-staging' | 'staging-optimized'

/** What may change in a schema, for one entity. */
export type ContractMode = 'evolve' | 'freeze' | 'discard_row' | 'discard_value'

/** Contract modes per entity, or one mode for all three. */
export type SchemaContract =
  | ContractMode
  | { readonly tables?: ContractMode; readonly columns?: ContractMode; readonly data_type?: ContractMode }

/** A declared relation to another table. */
export interface TableReference {
  readonly columns: readonly string[]
  readonly referenced_table: string
  readonly referenced_columns: readonly string[]
  readonly label?: string
  readonly cardinality?: string
}

/**
 * A table of a schema. Root tables have `write_disposition` and `resource`, nested tables have `parent`.
 * The order of `columns` is part of the schema's hash.
 */
export interface TableSchema extends Extensions {
  readonly name: string
  readonly columns: ReadonlyMap<string, ColumnSchema>
  readonly write_disposition?: WriteDisposition
  readonly resource?: string
  readonly parent?: string
  readonly variant_name?: string
  readonly description?: string
  readonly schema_contract?: SchemaContract
  readonly table_format?: string
  readonly file_format?: string
  readonly filters?: { readonly excludes?: readonly string[]; readonly includes?: readonly string[] }
  readonly references?: readonly TableReference[]
}

/** Names of the autodetectors, in the order in which they are asked. */
export type Detection =
  | 'timestamp'
  | 'iso_timestamp'
  | 'iso_date'
  | 'large_integer'
  | 'hexbytes_to_text'
  | 'wei_to_double'

/** Hints that default rules may set on new columns. */
export type DefaultHint =
  | 'not_null'
  | 'partition'
  | 'cluster'
  | 'primary_key'
  | 'sort'
  | 'unique'
  | 'merge_key'
  | 'row_key'
  | 'parent_key'
  | 'root_key'
  | 'hard_delete'
  | 'dedup_sort'
  | 'incremental'

/** Rules for new columns. Patterns are exact names, or regular expressions after `re:`. */
export interface SchemaSettings {
  readonly detections?: readonly Detection[]
  readonly default_hints?: { readonly [hint in DefaultHint]?: readonly string[] }
  readonly preferred_types?: { readonly [pattern: string]: DataType }
  readonly schema_contract?: SchemaContract
}

/** Settings of the document normalizer. */
export interface JsonNormalizerConfig {
  /** How many levels are flattened or made into tables; what lies deeper stays JSON. 1000 when absent. */
  readonly max_nesting?: number
  readonly root_key_propagation?: boolean
  readonly propagation?: {
    readonly root?: { readonly [column: string]: string }
    readonly tables?: { readonly [table: string]: { readonly [column: string]: string } }
  }
}

/** Which naming convention and document normalizer a schema uses. */
export interface SchemaNormalizers {
  readonly names: string
  readonly json: { readonly module: string; readonly config?: JsonNormalizerConfig }
  readonly allow_identifier_change_on_table_with_data?: boolean
  readonly use_break_path_on_normalize?: boolean
}

/**
 * A schema: an immutable value with the shape of its stored document. Functions that change it return a new one.
 * `tables` and `columns` are maps, because their keys are data: an object would reorder names that look like integers.
 */
export interface Schema {
  /** Counts changes of the content. */
  readonly version: number
  /** Hash of the content; empty while the schema was never stored. */
  readonly version_hash: string
  readonly engine_version: number
  readonly name: string
  readonly tables: ReadonlyMap<string, TableSchema>
  readonly settings: SchemaSettings
  readonly normalizers: SchemaNormalizers
  /** Earlier hashes, newest first, ten at most. */
  readonly previous_hashes: readonly string[]
  readonly imported_version_hash?: string
  readonly description?: string
}
