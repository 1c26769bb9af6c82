import { createTable } from '../evolution/create-table.ts'
import type { NamingConvention } from '../naming/naming-convention.ts'
import type { ColumnSchema, TableSchema } from '../schema.ts'

/** Name of the table that keeps what contracts discard; it begins as names of the system do, so that no contract holds for it. */
export const rejectedTableName = '_dlt_rejected'

const columns: readonly ColumnSchema[] = [
  {
    name: 'table_name',
    data_type: 'text',
    nullable: false,
    description: 'The table that the row or value was meant for',
  },
  {
    name: 'column_name',
    data_type: 'text',
    nullable: true,
    description: 'The column that was refused, or whose type was',
  },
  { name: 'entity', data_type: 'text', nullable: false, description: 'tables, columns or data_type' },
  { name: 'mode', data_type: 'text', nullable: false, description: 'discard_row or discard_value' },
  { name: 'reason', data_type: 'text', nullable: false },
  { name: 'document', data_type: 'json', nullable: true, description: 'The row with everything in it' },
]

/** The table that keeps what contracts discard; written only by pipelines that ask for it. */
export function rejectedTable(naming: NamingConvention): TableSchema {
  const name = naming.normalizeTableIdentifier(rejectedTableName)
  return {
    ...createTable(name, {
      writeDisposition: 'append',
      columns: columns.map((column) => ({ ...column, name: naming.normalizeIdentifier(column.name) })),
    }),
    description: 'Rows and values that schema contracts discarded',
  }
}
