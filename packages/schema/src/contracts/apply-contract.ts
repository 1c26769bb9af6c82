import { isCompleteColumn } from '../evolution/column-properties.ts'
import { settlePromotion } from '../evolution/promoted-column.ts'
import { isDltTable } from '../evolution/table-tree.ts'
import type { ColumnSchema, ContractMode, Schema, TableSchema } from '../schema.ts'
import { type ContractEntity, type ContractModes, evolvesFreely } from './contract-modes.ts'
import { DataValidationError } from './data-validation-error.ts'
import { evolvesColumnsOnce, isNewTable } from './table-contract.ts'

/** What a contract leaves of a declared table. */
export interface ContractedTable {
  /** The table without the columns that may not join; undefined when the table itself may not. */
  readonly table: TableSchema | undefined
  /** The mode under which the table is left out. */
  readonly refusedBy?: ContractMode
}

const typeProperties = ['data_type', 'nullable', 'precision', 'scale', 'timezone'] as const

/**
 * Applies a contract to a declared table that is about to join a schema: hints that would change more than the contract allows
 * are left out.
 *
 * @param table the declared table, names normalized
 * @throws DataValidationError for a change that is frozen
 */
export function applyContract(schema: Schema, modes: ContractModes, table: TableSchema): ContractedTable {
  if (evolvesFreely(modes)) return { table }
  const existing = schema.tables.get(table.name)
  const isNew = isNewTable(existing)
  if (isNew && modes.tables !== 'evolve') {
    if (modes.tables === 'freeze') throw frozenTable(schema.name, table.name)
    return { table: undefined, refusedBy: modes.tables }
  }
  const columnMode = isNew || evolvesColumnsOnce(existing) ? 'evolve' : modes.columns
  const judge = { schema: schema.name, table: table.name, columns: columnMode, data_type: modes.data_type }
  const kept = [...table.columns].filter(([name, column]) => allows(judge, column, existing?.columns.get(name)))
  return { table: kept.length === table.columns.size ? table : { ...table, columns: new Map(kept) } }
}

interface Judge {
  readonly schema: string
  readonly table: string
  readonly columns: ContractMode
  readonly data_type: ContractMode
}

function allows(judge: Judge, column: ColumnSchema, existing: ColumnSchema | undefined): boolean {
  const { name } = column
  if (isDltTable(name)) return true
  const isVariant = column.variant === true
  const isNew = existing === undefined || !isCompleteColumn(existing)
  const entity = changedEntity(column, existing, { isVariant, isNew })
  if (entity === undefined || judge[entity] === 'evolve') return true
  if (judge[entity] !== 'freeze') return false
  const { schema, table } = judge
  const reason = isNew
    ? `The hints for table "${table}" declare the new column "${name}".`
    : changedHint(judge, column, existing)
  throw new DataValidationError({ schema, table, column: name, entity, mode: 'freeze', reason })
}

function changedEntity(
  column: ColumnSchema,
  existing: ColumnSchema | undefined,
  { isVariant, isNew }: { readonly isVariant: boolean; readonly isNew: boolean },
): Exclude<ContractEntity, 'tables'> | undefined {
  if (isVariant) return 'data_type'
  if (isNew) return 'columns'
  // The former type of a promoted column is no change: the promotion lasts.
  const [, settled] = existing === undefined ? [undefined, column] : settlePromotion(existing, column)
  const changes = typeProperties.some((property) => property in settled && settled[property] !== existing?.[property])
  return changes ? 'data_type' : undefined
}

function changedHint({ table }: Judge, column: ColumnSchema, existing: ColumnSchema | undefined): string {
  const changed = typeProperties.filter((property) => property in column && column[property] !== existing?.[property])
  const names = changed.map((property) => `"${property}"`).join(' and ')
  return `The hints for table "${table}" change ${names} of the column "${column.name}".`
}

/** The error for a table that a contract keeps out. */
export function frozenTable(schema: string, table: string): DataValidationError {
  const reason = `The data brings the new table "${table}".`
  return new DataValidationError({ schema, table, entity: 'tables', mode: 'freeze', reason })
}
