import { isCompleteColumn } from '../evolution/column-properties.ts'
import { isDltTable } from '../evolution/table-tree.ts'
import type { JsonValue, Schema, SchemaContract, TableSchema } from '../schema.ts'
import { type ContractModes, evolveAll, expandContract } from './contract-modes.ts'

/**
 * The contract that holds for a table: its own, else that of the nearest table that it is nested in, else that of the schema.
 * Tables of the system evolve in any case.
 *
 * @param table a table that the schema does not have yet, or that is to take the place of one; then its name is not looked up
 */
export function contractOf(
  schema: Schema,
  table: Pick<TableSchema, 'name' | 'parent' | 'schema_contract'>,
): ContractModes {
  if (isDltTable(table.name)) return evolveAll
  return expandContract(inherited(schema, table) ?? schema.settings.schema_contract)
}

function inherited(schema: Schema, table: Pick<TableSchema, 'parent' | 'schema_contract'>): SchemaContract | undefined {
  const seen = new Set<string>()
  let current: Pick<TableSchema, 'parent' | 'schema_contract'> | undefined = table
  while (current !== undefined) {
    if (current.schema_contract !== undefined) return current.schema_contract
    const { parent } = current
    if (parent === undefined || seen.has(parent)) return undefined
    seen.add(parent)
    current = schema.tables.get(parent)
  }
  return undefined
}

/** Whether a table is new to a contract: nobody has seen it, or it has nothing but hints of columns without a type. */
export function isNewTable(table: TableSchema | undefined): boolean {
  return table === undefined || !table.columns.values().some(isCompleteColumn)
}

/** The mark, in `x-normalizer`, of a table whose columns may evolve until it has rows, whatever its contract says. */
export const evolveColumnsOnce = 'evolve-columns-once'

/** Whether columns may still be added because the table has had no rows since it was made. */
export function evolvesColumnsOnce(table: TableSchema | undefined): boolean {
  const marks: JsonValue | undefined = table?.['x-normalizer']
  return (
    typeof marks === 'object' &&
    marks !== null &&
    evolveColumnsOnce in marks &&
    Boolean(Reflect.get(marks, evolveColumnsOnce))
  )
}
