import { type ColumnSchema, type DataType, isCompleteColumn, type NamingConvention } from '@dlt/schema'
import { newColumn } from './column-decision.ts'
import type { NamedField } from './field-names.ts'
import type { SystemColumns } from './normalization-plan.ts'
import type { PlanContext } from './plan-normalization.ts'
import type { NamedTable } from './table-names.ts'

/** Names of the columns that the system adds, under a naming convention. */
export interface SystemNames {
  readonly rowId: string
  readonly loadId: string
  readonly parentId: string
  readonly listIndex: string
}

/** The names of the system's columns. */
export function systemNames(naming: NamingConvention): SystemNames {
  return {
    rowId: naming.normalizeIdentifier('_dlt_id'),
    loadId: naming.normalizeIdentifier('_dlt_load_id'),
    parentId: naming.normalizeIdentifier('_dlt_parent_id'),
    listIndex: naming.normalizeIdentifier('_dlt_list_idx'),
  }
}

/** The columns that the system adds to a table. */
export function planSystemColumns(
  context: PlanContext,
  table: NamedTable,
  fields: readonly NamedField[],
  rowCount: number,
): SystemColumns {
  const names = systemNames(context.naming)
  const column = (name: string, type: DataType): ColumnSchema => systemColumn(context, table, name, type)
  const rowId = column(names.rowId, 'text')
  if (table.parentName === undefined) return { rowId, loadId: column(names.loadId, 'text') }
  const ownIds = fields.some(
    ({ name, outline }) => name === names.rowId && outline.kinds.get('text')?.count === rowCount,
  )
  // Rows that bring their ids also bring, or do without, the link to their parents.
  const needed = (name: string): boolean =>
    !ownIds || (table.stored?.columns.has(name) === true && !fields.some((field) => field.name === name))
  return {
    rowId,
    ...(needed(names.parentId) && { parentId: column(names.parentId, 'text') }),
    ...(needed(names.listIndex) && { listIndex: column(names.listIndex, 'bigint') }),
  }
}

function systemColumn(context: PlanContext, table: NamedTable, name: string, type: DataType): ColumnSchema {
  const stored = table.stored?.columns.get(name)
  if (stored !== undefined && isCompleteColumn(stored)) return stored
  return newColumn(context.schema, name, type, stored, context.capabilities)
}
