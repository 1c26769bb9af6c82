import { DltError, type TableSchema } from '@dlt/schema'

/**
 * Refuses values for a column that says since when or until when a version of a history is valid: the load fills it.
 *
 * @param table as it is stored; absent where it is new
 * @throws DltError `DATA`
 */
export function refuseValidity(schema: string, table: TableSchema | undefined, name: string): void {
  if (table === undefined || table['x-merge-strategy'] !== 'scd2' || table.write_disposition !== 'merge') return
  const column = table.columns.get(name)
  if (column?.['x-valid-from'] !== true && column?.['x-valid-to'] !== true) return
  throw new DltError(
    `Column "${name}" of table "${table.name}" says when versions of rows are valid. The load fills it, but the data has values for it, which would be lost. Leave the field out of the data, or give other validityColumnNames.`,
    { code: 'DATA', context: { schema, table: table.name, column: name } },
  )
}
