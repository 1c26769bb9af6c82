import { type ColumnSchema, type Extensions, type JsonValue, plainJson } from '@dlt/schema'
import {
  type DispositionTimestamp,
  type MergeOptions,
  mergeOptions,
  type WriteDispositionHint,
} from './write-disposition.ts'

const defaultValidityColumns = ['_dlt_valid_from', '_dlt_valid_to'] as const

const rowId = '_dlt_id'

/** The keys under which a table keeps how it is merged; those and their order are the reference system's. */
export function mergeExtensions(hint: WriteDispositionHint): Extensions {
  const options = mergeOptions(hint)
  const { strategy, deduplicated, sourceFilter, destinationScope, skipUnchangedRows, boundaryTimestamp } = options
  return {
    ...(strategy !== undefined && { 'x-merge-strategy': strategy }),
    ...(deduplicated === true && { 'x-stage-data-deduplicated': true }),
    ...(isGiven(sourceFilter) && { 'x-merge-source-filter': sourceFilter }),
    ...(isGiven(destinationScope) && { 'x-merge-destination-scope': destinationScope }),
    ...(skipUnchangedRows === true && { 'x-merge-skip-unchanged-rows': true }),
    ...(boundaryTimestamp !== undefined && { 'x-boundary-timestamp': timestampValue(boundaryTimestamp) }),
  }
}

/**
 * Marks the columns that a merge needs: validity columns and the row version. One that was declared keeps its place; declared settings
 * stay only where the version of rows is compared, and nothing else depends on it.
 */
export function markMergeColumns(columns: Map<string, ColumnSchema>, hint: WriteDispositionHint): void {
  const options = mergeOptions(hint)
  const { strategy, rowVersionColumnName: name, skipUnchangedRows } = options
  if (strategy === 'scd2') markHistoryColumns(columns, options)
  else if (name !== undefined && skipUnchangedRows === true) {
    columns.set(name, { ...columns.get(name), name, nullable: false, 'x-row-version': true })
  }
}

function markHistoryColumns(columns: Map<string, ColumnSchema>, options: MergeOptions): void {
  const { validityColumnNames = defaultValidityColumns, activeRecordTimestamp = null } = options
  const { rowVersionColumnName: version = rowId } = options
  const [from, to] = validityColumnNames
  // They are filled when the version of a row joins the table, so the staged rows have none.
  const validity = { data_type: 'timestamp', nullable: true } as const
  columns.set(from, { name: from, ...validity, 'x-valid-from': true })
  columns.set(to, {
    name: to,
    ...validity,
    'x-valid-to': true,
    'x-active-record-timestamp': timestampValue(activeRecordTimestamp),
  })
  // Content that goes and comes back has the same version twice.
  columns.set(version, { name: version, nullable: false, 'x-row-version': true, unique: false, row_key: false })
}

function timestampValue(timestamp: DispositionTimestamp | null): JsonValue {
  return typeof timestamp === 'object' ? JSON.parse(plainJson(timestamp)) : timestamp
}

function isGiven(condition: string | undefined): condition is string {
  return condition !== undefined && condition !== ''
}
