import type { TableSchema } from '@dlt/schema'

/** Whether a table has had rows (`x-normalizer.seen-data`), so that it exists at the destination. */
export const hasSeenData = (table: TableSchema): boolean => {
  const normalizer = table['x-normalizer']
  return (
    typeof normalizer === 'object' &&
    normalizer !== null &&
    'seen-data' in normalizer &&
    normalizer['seen-data'] === true
  )
}
