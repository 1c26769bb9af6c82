import type { Page } from '../page/page.ts'
import type { PageRejection } from './rejection.ts'
import { rowDocuments } from './row-document.ts'

/** A row that was discarded, or that a value was discarded of, as a document of the table that keeps such rows. */
export interface QuarantinedRow {
  readonly table_name: string
  readonly column_name?: string
  readonly entity: string
  readonly mode: string
  readonly reason: string
  /** The row with everything that it contains, as JSON. */
  readonly document: string
}

/**
 * The rows that contracts rejected, as documents; rows that are discarded with the row that contains them are part of that one.
 *
 * @param places for each position in the plan the table part of the page
 */
export function* quarantinedRows(
  page: Page,
  places: ReadonlyMap<number, number>,
  rejections: readonly PageRejection[],
): Generator<QuarantinedRow, void, undefined> {
  const document = rowDocuments(page)
  for (const rejection of rejections) {
    const { table, tableName, column, entity, mode, ordinals, isContained } = rejection
    const place = places.get(table)
    if (isContained || place === undefined) continue
    const common = { table_name: tableName, ...(column !== undefined && { column_name: column }), entity, mode }
    for (const ordinal of ordinals) {
      yield { ...common, reason: rejectionReason(rejection), document: document(place, ordinal) }
    }
  }
}

/** A sentence that says why something was not let in. */
export function rejectionReason({ tableName, column, entity, valueType, columnType }: PageRejection): string {
  if (entity === 'tables') return `The data brings the new table "${tableName}".`
  if (entity === 'columns') return `The data brings the new column "${column}" to table "${tableName}".`
  return `Column "${column}" of table "${tableName}" is ${columnType}, and a value of type ${valueType} does not fit.`
}
