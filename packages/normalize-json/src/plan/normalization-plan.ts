import type { ColumnSchema, ContractMode, DataType } from '@dlt/schema'
import type { PackedKind } from '../page/value-kind.ts'
import type { RequiredColumn } from './null-refused.ts'

/**
 * How the documents of one root table become tables, decided for a whole package. Plain data: it can be sent to a worker
 * thread as it is.
 */
export interface NormalizationPlan {
  readonly schemaName: string
  /** Normalized name of the root table. */
  readonly rootTable: string
  /** In the order in which their first rows were met; parents before children, the root first. */
  readonly tables: readonly TablePlan[]
  /** What the destination's types hold where a column does not say. */
  readonly defaults: TypeDefaults
  readonly collisions: readonly NameCollision[]
  readonly warnings: readonly NormalizationWarning[]
}

/** Digits and scale of columns that declare none. */
export interface TypeDefaults {
  readonly decimal: { readonly precision: number; readonly scale: number }
  readonly wei: { readonly precision: number; readonly scale: number }
}

/**
 * Where a number of a row is that a column of doubles takes: raw keys from the row to a list, from each of its items to the next list,
 * and so on, and last from the row or item to the number.
 */
export type DoublePath = readonly (readonly string[])[]

/**
 * Where the ids of a table's rows come from: chance, the containing row, the primary key, or everything in the row. The latter two
 * take the place of chance where a merge needs it.
 */
export type RowIdentity =
  | { readonly kind: 'random' | 'nested' }
  | { readonly kind: 'key'; readonly columns: readonly string[] }
  | { readonly kind: 'row-hash'; readonly doubles: readonly DoublePath[] }

/**
 * What becomes of the rows of a table: they are `loaded`, or the table is left out with all tables in it, because the filters of the
 * schema exclude everything in it (`excluded`) or a contract keeps it out (`refused`).
 */
export type TableFate =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'excluded' }
  | { readonly kind: 'refused'; readonly mode: ContractMode }

/** What becomes of one list path. */
export interface TablePlan {
  readonly fate: TableFate
  /** Raw keys from the containing row to the list; empty for the root. */
  readonly path: readonly string[]
  /** Position of the containing table in the plan; -1 for the root. */
  readonly parent: number
  readonly name: string
  /** Name of the containing table; undefined for root tables, also those that are filled by a list. */
  readonly parentName: string | undefined
  readonly rowIdentity: RowIdentity
  /** By {@link fieldKey}. */
  readonly fields: ReadonlyMap<string, FieldPlan>
  readonly system: SystemColumns
  readonly propagated: readonly PropagatedColumn[]
  /** Columns that must have a value in every row. */
  readonly required: readonly RequiredColumn[]
  /** The order of columns in rows that brought something new. */
  readonly layouts: readonly NovelRow[]
  /** Whether the path's name was taken, so that it must be recorded. */
  readonly renamed: boolean
}

/** The columns that the system adds. */
export interface SystemColumns {
  readonly rowId: ColumnSchema
  /** Root tables only. */
  readonly loadId?: ColumnSchema
  /** Nested tables only, unless every row brings its own id. */
  readonly parentId?: ColumnSchema
  readonly listIndex?: ColumnSchema
}

/** A column whose values come from a row further up. */
export interface PropagatedColumn {
  readonly column: ColumnSchema
  /** Position of the table that has the values. */
  readonly fromTable: number
  /** Name of its column. */
  readonly fromColumn: string
}

/**
 * What a field is to its table: `data`, the user's own row ids (`row-id`), something whose place a column of the system takes, or
 * whose column was dropped (`replaced`), what the filters of the schema leave out (`excluded`), or a new column that a contract keeps
 * out (`refused`).
 */
export type FieldRole = 'data' | 'row-id' | 'replaced' | 'excluded' | 'refused'

/** What becomes of the values at one source path. */
export interface FieldPlan {
  readonly path: readonly string[]
  readonly role: FieldRole
  readonly column: ColumnSchema
  readonly kinds: ReadonlyMap<PackedKind, KindPlan>
  /** What the contract says of the values of a `refused` field: they are discarded, or the rows that have them. */
  readonly refusedBy?: ContractMode
  /** Whether the path's name was taken, so that it must be recorded. */
  readonly renamed: boolean
}

/** What becomes of the values of one kind at one source path. */
export interface KindPlan {
  readonly rule: ConversionRule
  /** Takes the values that `rule` cannot convert; undefined where there are none. */
  readonly variant?: VariantPlan
  /** Takes what `variant` cannot take either, as text; undefined where there is nothing such. */
  readonly overflow?: VariantPlan
  /** What the contract says of values that none of these take; undefined where new columns take all of them. */
  readonly refusedBy?: ContractMode
  /** The column that the contract does not let be made for them. */
  readonly refusedColumn?: string
}

/** A column beside another one, for values that this one cannot hold. */
export interface VariantPlan {
  readonly column: ColumnSchema
  readonly rule: ConversionRule
}

/** Values are stored as they are (`from` equals `to`), or coerced one by one. */
export interface ConversionRule {
  readonly from: DataType
  readonly to: DataType
}

/** A row that was the first one to have a value of some kind at some path. */
export interface NovelRow {
  readonly page: number
  readonly ordinal: number
  /** The row's values in order. */
  readonly values: readonly { readonly field: string; readonly kind: PackedKind }[]
}

/** Two source paths that meet in one name. */
export interface NameCollision {
  readonly table: string
  /** Whether the name is that of a column or of a nested table. */
  readonly what: 'column' | 'table'
  /** Raw keys of the path that gets another name. */
  readonly path: readonly string[]
  /** The name that another path has. */
  readonly wanted: string
  readonly name: string
}

/** Something the user should know of. */
export interface NormalizationWarning {
  readonly kind: 'unsafe-integers' | 'lost-values' | 'null-only'
  readonly table: string
  readonly column: string
  readonly message: string
}

/** Identifies a source path within its table. */
export function fieldKey(path: readonly string[]): string {
  return path.length === 1 ? `.${path[0]}` : JSON.stringify(path)
}
