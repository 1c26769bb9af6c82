import type { ColumnAlteration } from '@dlt/schema'
import { sql } from 'kysely'
import type { AlteredColumn, AppliedSchemaChange } from '../destination.ts'
import { qualifiedName } from './data-definition.ts'
import type { ExistingColumns } from './existing-columns.ts'
import type { SqlExecutor } from './sql-executor.ts'
import type { SqlFragment } from './sql-fragment.ts'

/**
 * Drops and renames columns. What is not there any more, or renamed already, is passed over: so it can be repeated.
 * @returns what was done, by table
 * @throws DestinationError where the database refuses it, for instance because an index needs a column
 */
export const alterColumns = async (
  dataset: string,
  alterations: readonly ColumnAlteration[],
  existing: ExistingColumns,
  executor: SqlExecutor,
): Promise<readonly AppliedSchemaChange[]> => {
  const open = alterations.filter(({ tableName, column }) => existing.hasColumn(tableName, column))
  for (const alteration of open) await executor.execute(alterStatement(dataset, alteration))
  return [...new Set(open.map(({ tableName }) => tableName))].map((tableName) => {
    const ofTable = open.filter((alteration) => alteration.tableName === tableName)
    return { tableName, created: false, columns: [], alteredColumns: ofTable.map(alteredColumn) }
  })
}

const alteredColumn = ({ column, to }: ColumnAlteration): AlteredColumn =>
  to === undefined ? { change: 'drop', column } : { change: 'rename', column, to }

const alterStatement = (dataset: string, { tableName, column, to }: ColumnAlteration): SqlFragment => {
  const table = qualifiedName(dataset, tableName)
  return to === undefined
    ? sql`ALTER TABLE ${table}\nDROP COLUMN ${sql.id(column)}`
    : sql`ALTER TABLE ${table}\nRENAME COLUMN ${sql.id(column)} TO ${sql.id(to)}`
}
