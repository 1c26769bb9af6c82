import type { ColumnAlteration } from '@dlt/schema'
import { sql } from 'kysely'
import { qualifiedName } from './data-definition.ts'
import type { ExistingColumns } from './existing-columns.ts'
import type { SqlExecutor } from './sql-executor.ts'
import type { SqlFragment } from './sql-fragment.ts'

/**
 * Drops and renames columns. What is not there any more, or renamed already, is passed over: so it can be repeated.
 * @throws DestinationError where the database refuses it, for instance because an index needs a column
 */
export const alterColumns = async (
  dataset: string,
  alterations: readonly ColumnAlteration[],
  existing: ExistingColumns,
  executor: SqlExecutor,
): Promise<void> => {
  for (const alteration of alterations) {
    const { tableName, column } = alteration
    if (existing.hasColumn(tableName, column)) await executor.execute(alterStatement(dataset, alteration))
  }
}

const alterStatement = (dataset: string, { tableName, column, to }: ColumnAlteration): SqlFragment => {
  const table = qualifiedName(dataset, tableName)
  return to === undefined
    ? sql`ALTER TABLE ${table}\nDROP COLUMN ${sql.id(column)}`
    : sql`ALTER TABLE ${table}\nRENAME COLUMN ${sql.id(column)} TO ${sql.id(to)}`
}
