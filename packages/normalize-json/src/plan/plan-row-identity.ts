import { hasRowHashes, hintColumns, type MergeStrategy, mergeStrategyOf } from '@dlt/schema'
import type { DoublePath, FieldPlan, RowIdentity, TablePlan } from './normalization-plan.ts'
import type { PlanContext } from './plan-normalization.ts'
import type { NamedTable } from './table-names.ts'

const keyedStrategies: ReadonlySet<string | undefined> = new Set<MergeStrategy>(['upsert', 'insert-only', 'cdc'])

/** Where the ids of a table's rows come from: for root rows that are merged it depends on how. */
export function planRowIdentity(context: PlanContext, { parentName, stored }: NamedTable): RowIdentity {
  if (parentName !== undefined) return { kind: 'nested' }
  const strategy = stored && mergeStrategyOf(context.schema, stored, context.mergeStrategy)
  if (stored !== undefined && keyedStrategies.has(strategy)) {
    return { kind: 'key', columns: hintColumns(stored, 'primary_key') }
  }
  const isHash = stored !== undefined && hasRowHashes(context.schema, stored)
  return isHash ? { kind: 'row-hash', doubles: [] } : { kind: 'random' }
}

/** The tables, with the numbers noted that count as doubles when rows are hashed: they are known when all tables are planned. */
export function withDoublePaths(tables: readonly TablePlan[]): readonly TablePlan[] {
  return tables.map((table, position) =>
    table.rowIdentity.kind === 'row-hash'
      ? { ...table, rowIdentity: { kind: 'row-hash', doubles: doublePaths(tables, position) } }
      : table,
  )
}

function doublePaths(tables: readonly TablePlan[], hashed: number): readonly DoublePath[] {
  return tables.flatMap((table, position) => {
    const lists = listsBetween(tables, hashed, position)
    if (lists === undefined) return []
    return [...table.fields.values()].filter(takesIntegersAsDoubles).map(({ path }) => [...lists, path])
  })
}

function takesIntegersAsDoubles({ role, kinds }: FieldPlan): boolean {
  return role === 'data' && kinds.get('integer')?.rule.to === 'double'
}

/** The lists on the way from the rows of one table to those of another; undefined where these are not nested in the first. */
function listsBetween(
  tables: readonly TablePlan[],
  above: number,
  position: number,
): readonly (readonly string[])[] | undefined {
  if (position === above) return []
  const table = tables[position]
  const lists = table === undefined ? undefined : listsBetween(tables, above, table.parent)
  return table === undefined || lists === undefined ? undefined : [...lists, table.path]
}
