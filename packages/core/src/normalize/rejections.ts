import { type PageRejection, rejectionReason } from '@dlt/normalize-json'
import { DataValidationError } from '@dlt/schema'
import type { RejectedData } from '../items/rejected-data.ts'

/** Counts what contracts discarded, by table, column, entity and mode. */
export function countRejections(rejections: Iterable<PageRejection>): readonly RejectedData[] {
  const counted = new Map<string, RejectedData>()
  for (const { tableName, column, entity, mode, unit, ordinals } of rejections) {
    const key = JSON.stringify([tableName, column, entity, mode, unit])
    const count = (counted.get(key)?.[unit] ?? 0) + ordinals.length
    counted.set(key, { table: tableName, ...(column !== undefined && { column }), entity, mode, [unit]: count })
  }
  return [...counted.values()]
}

/**
 * Fails when a value is refused by a contract that freezes.
 * @throws DataValidationError for the first table, and in it the first column, that has such a value
 */
export function refuseFrozen(schema: string, rejections: readonly PageRejection[], columnOrder: ColumnOrder): void {
  const frozen = rejections.filter(({ mode }) => mode === 'freeze')
  const [first] = frozen.toSorted((left, right) => left.table - right.table || columnOrder(left) - columnOrder(right))
  if (first === undefined) return
  const { tableName, column, newColumn = column, entity, mode, valueType } = first
  throw new DataValidationError({
    schema,
    table: tableName,
    ...(newColumn !== undefined && { column: newColumn }),
    entity,
    mode,
    ...(valueType !== undefined && { valueType }),
    reason: rejectionReason(first),
  })
}

/** Where the column of a rejection stands in its table: the order in which pages come must not show. */
export type ColumnOrder = (rejection: PageRejection) => number
