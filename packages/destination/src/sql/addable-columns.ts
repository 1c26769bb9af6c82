import { type ColumnSchema, columnHasHint, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { qualifiedName } from './data-definition.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'

const withNulls = (column: ColumnSchema): ColumnSchema => ({ ...column, nullable: true })

/** Rows without an id, a parent or a load are nobody's: such columns are not added with nulls. */
const isOfDlt = ({ name }: ColumnSchema, { tables: { prefix } }: Pick<SchemaUpdate, 'tables'>): boolean =>
  name.startsWith(prefix)

/**
 * Columns as they are added to a table that may have rows, which have no values for them: the schema says what may not be null from now on.
 * So a table can be merged by a key that it did not have before, and its former rows stay, without that key. Ids of root rows may be missing for
 * good, where rows have lost their parents. Columns that somebody dropped are not added with nulls: to merge by such a key would double rows.
 *
 * @param isStored whether the dataset has had this schema before, so that what is missing was dropped
 */
export const addableColumns = async (
  update: Pick<SchemaUpdate, 'dataset' | 'tables' | 'capabilities'>,
  table: TableSchema,
  { columns, isStored }: { readonly columns: readonly ColumnSchema[]; readonly isStored: boolean },
  executor: SqlExecutor,
): Promise<readonly ColumnSchema[]> => {
  if (update.capabilities.ddl.addsNotNullColumns === false) return columns.map(withNulls)
  const added = columns.map((column) => (columnHasHint(column, 'root_key') ? withNulls(column) : column))
  const isOptional = (column: ColumnSchema) => column.nullable !== false || isOfDlt(column, update)
  if (isStored || added.every(isOptional)) return added
  const rows = await executor.query(sql`SELECT 1 AS found FROM ${qualifiedName(update.dataset, table.name)} LIMIT 1`)
  return rows.length === 0 ? added : added.map((column) => (isOptional(column) ? column : withNulls(column)))
}
