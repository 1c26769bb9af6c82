import type { MergeStrategy } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import { dispositionName, mergeOptions } from '../dispositions/write-disposition.ts'

const keyed: ReadonlySet<MergeStrategy | undefined> = new Set([undefined, 'delete-insert', 'upsert', 'insert-only'])

/**
 * Whether rows of a resource that are loaded once more take the place of those that are there, and of nothing else, whatever the items
 * are. A merge key or a scope can stand for more rows than come again.
 */
export function mergesOnPrimaryKey({ options }: Resource): boolean {
  const { writeDisposition, primaryKey, mergeKey } = options
  if (writeDisposition === undefined || typeof writeDisposition === 'function') return false
  if (dispositionName(writeDisposition) !== 'merge') return false
  const { strategy, destinationScope } = mergeOptions(writeDisposition)
  if (!keyed.has(strategy) || destinationScope !== undefined || mergeKey !== undefined) return false
  return typeof primaryKey === 'string' ? primaryKey !== '' : Array.isArray(primaryKey) && primaryKey.length > 0
}
