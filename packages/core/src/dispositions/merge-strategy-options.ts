import type { MergeStrategy } from '@dlt/schema'
import type { MergeOptions } from './write-disposition.ts'

/** An option of a merge, beside its strategy. */
export type MergeOption = Exclude<keyof MergeOptions, 'strategy'>

/** All merge strategies. */
export const mergeStrategies: readonly MergeStrategy[] = ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc']

/** Which strategies heed an option. */
export const strategiesOfOption: Readonly<Record<MergeOption, readonly MergeStrategy[]>> = {
  deduplicated: ['delete-insert'],
  sourceFilter: ['delete-insert', 'upsert', 'scd2', 'cdc'],
  destinationScope: ['delete-insert', 'scd2', 'cdc'],
  skipUnchangedRows: ['upsert', 'cdc'],
  rowVersionColumnName: ['upsert', 'scd2', 'cdc'],
  validityColumnNames: ['scd2'],
  activeRecordTimestamp: ['scd2'],
  boundaryTimestamp: ['scd2'],
}

/** All options of merges. */
export const mergeOptionNames: readonly MergeOption[] = [
  'deduplicated',
  'sourceFilter',
  'destinationScope',
  'skipUnchangedRows',
  'rowVersionColumnName',
  'validityColumnNames',
  'activeRecordTimestamp',
  'boundaryTimestamp',
]

/** Strategies that find rows by their primary key. */
export const keyedStrategies: ReadonlySet<MergeStrategy> = new Set(['upsert', 'insert-only', 'cdc'])
