import type { MergeStrategy, PreciseDateTime, WriteDisposition } from '@dlt/schema'

/** A point in time: ISO text, a `Date`, or one with microseconds. */
export type DispositionTimestamp = string | Date | PreciseDateTime

/** `append`, `replace` or `skip`, as an object. */
export interface PlainDisposition {
  /** What happens to rows that are there already. */
  readonly disposition: 'append' | 'replace' | 'skip'
}

interface MergeBase {
  readonly disposition: 'merge'
}

interface SourceFilterOption {
  /**
   * SQL condition on the staged root rows, by the names of columns at the destination: rows that do not meet it are left out, with
   * the rows nested in them. Literal braces are doubled. Default: all rows are merged.
   */
  readonly sourceFilter?: string
}

interface DestinationScopeOption {
  /**
   * SQL condition on rows of the destination that this load may delete or retire; takes the place of `mergeKey`. `{table}` and
   * `{staging_table}` stand for the qualified tables, literal braces are doubled. Default: rows are found by their keys.
   */
  readonly destinationScope?: string
}

interface ChangedRowsOptions {
  /** Whether rows that are equal to those at the destination are left alone. Default: false, every row that comes is written. */
  readonly skipUnchangedRows?: boolean
  /**
   * Column that changes whenever its row does: with `skipUnchangedRows` only it is compared. It is made not nullable. Without
   * `skipUnchangedRows` it is ignored with a warning. Default: all columns are compared.
   */
  readonly rowVersionColumnName?: string
}

/**
 * Rows with the same primary key or merge key are deleted, then the new ones are inserted. Of several new rows with one primary key the
 * first one stays, or what a `dedup_sort` column says. Without keys rows are added.
 */
export interface DeleteInsertMerge extends MergeBase, SourceFilterOption, DestinationScopeOption {
  /** Default: the destination's first strategy, which is this one where it exists. */
  readonly strategy?: 'delete-insert'
  /** Whether the new rows have each primary key once, so that nothing needs to look for duplicates. Default: false. */
  readonly deduplicated?: boolean
  /** Belongs to other strategies: without one, types must say so. */
  readonly validityColumnNames?: never
  /** Belongs to other strategies. */
  readonly activeRecordTimestamp?: never
  /** Belongs to other strategies. */
  readonly boundaryTimestamp?: never
  /** Belongs to other strategies. */
  readonly skipUnchangedRows?: never
  /** Belongs to other strategies. */
  readonly rowVersionColumnName?: never
}

/** Rows with a known primary key are updated, others inserted. Needs a primary key; each may come once. */
export interface UpsertMerge extends MergeBase, SourceFilterOption, ChangedRowsOptions {
  readonly strategy: 'upsert'
}

/** Rows with a primary key that is not known yet are inserted, others left out. Needs a primary key. */
export interface InsertOnlyMerge extends MergeBase {
  readonly strategy: 'insert-only'
}

/** As `upsert`, and rows that the load does not have are deleted: those of its merge keys, or all. Needs a primary key. */
export interface CdcMerge extends MergeBase, SourceFilterOption, DestinationScopeOption, ChangedRowsOptions {
  readonly strategy: 'cdc'
}

/**
 * History: a row that changed is closed and its new version is added; one that does not come any more is closed. With a merge key only
 * rows with a key that came are closed.
 */
export interface Scd2Merge extends MergeBase, SourceFilterOption, DestinationScopeOption {
  readonly strategy: 'scd2'
  /** Names of the columns that say from when and until when a version is valid. Default: `_dlt_valid_from`, `_dlt_valid_to`. */
  readonly validityColumnNames?: readonly [from: string, to: string]
  /** What stands in the second validity column of versions that are valid. Default: null. */
  readonly activeRecordTimestamp?: DispositionTimestamp | null
  /** When versions of this load begin and end. Default, and with null: when the load package was made. */
  readonly boundaryTimestamp?: DispositionTimestamp | null
  /**
   * Column that changes whenever its row does. Default: `_dlt_id`, which is then a hash of the row with everything nested in it.
   */
  readonly rowVersionColumnName?: string
}

/** The disposition `merge` with a strategy and its options. */
export type MergeDisposition = DeleteInsertMerge | UpsertMerge | InsertOnlyMerge | CdcMerge | Scd2Merge

/** What happens to rows that are there already: a name, or an object with a strategy and its options. */
export type WriteDispositionHint = WriteDisposition | PlainDisposition | MergeDisposition

/** Every option that a merge can have, for code that reads them all. */
export interface MergeOptions
  extends SourceFilterOption,
    DestinationScopeOption,
    ChangedRowsOptions,
    Pick<DeleteInsertMerge, 'deduplicated'>,
    Pick<Scd2Merge, 'validityColumnNames' | 'activeRecordTimestamp' | 'boundaryTimestamp'> {
  readonly strategy?: MergeStrategy
}

/** The name of a disposition, whether it is given as a name or an object. */
export function dispositionName(hint: WriteDispositionHint): WriteDisposition {
  return typeof hint === 'string' ? hint : hint.disposition
}

/** The strategy and options of a merge; none for other dispositions. */
export function mergeOptions(hint: WriteDispositionHint): MergeOptions {
  return typeof hint === 'string' || hint.disposition !== 'merge' ? {} : hint
}

/** Whether a disposition is known without an item, and replaces what is there: then the resource begins anew. */
export function replaces(hint: WriteDispositionHint | ((item: never) => unknown) | undefined): boolean {
  return hint !== undefined && typeof hint !== 'function' && dispositionName(hint) === 'replace'
}
