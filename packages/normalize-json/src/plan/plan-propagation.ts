import { DltError, isCompleteColumn } from '@dlt/schema'
import { newColumn } from './column-decision.ts'
import type { PropagatedColumn, TablePlan } from './normalization-plan.ts'
import type { PlanContext } from './plan-normalization.ts'
import type { NamedTable } from './table-names.ts'

/** Where a propagated value comes from. */
interface Origin {
  readonly table: number
  readonly column: string
}

/** Follows which values tables hand down to those nested in them. */
export interface Propagation {
  /** The columns that a table gets from above. */
  of(table: NamedTable): readonly PropagatedColumn[]
  /** Adds what a table, whose plan is complete, hands down. */
  extend(position: number, table: NamedTable): void
}

/**
 * Reads the rules `normalizers.json.config.propagation` of the schema.
 *
 * @param plans the plans of the tables, filled while this is used.
 */
export function planPropagation(context: PlanContext, plans: readonly TablePlan[]): Propagation {
  const handedDown = new Map<number, ReadonlyMap<string, Origin>>()
  const fromAbove = ({ container }: NamedTable): ReadonlyMap<string, Origin> => handedDown.get(container) ?? new Map()
  return {
    of: (table) =>
      [...fromAbove(table)].flatMap(([to, origin]) => propagatedColumn(context, table, to, origin, plans) ?? []),
    extend: (position, table) => {
      const extended = new Map(fromAbove(table))
      const plan = plans[position]
      for (const [from, to] of rulesFor(context, table)) {
        if (plan !== undefined && columnOf(plan, from) !== undefined)
          extended.set(to, { table: position, column: from })
      }
      handedDown.set(position, extended)
    },
  }
}

function rulesFor({ schema }: PlanContext, table: NamedTable): readonly (readonly [string, string])[] {
  const propagation = schema.normalizers.json.config?.propagation
  const root = table.parentName === undefined ? Object.entries(propagation?.root ?? {}) : []
  const tables = propagation?.tables
  const own = tables !== undefined && Object.hasOwn(tables, table.name) ? Object.entries(tables[table.name] ?? {}) : []
  return [...root, ...own]
}

function columnOf(plan: TablePlan, name: string): TablePlan['system']['rowId'] | undefined {
  const candidates = [...Object.values(plan.system), ...plan.propagated.map(({ column }) => column)]
  const loaded = plan.fields.values().filter(({ role }) => role !== 'excluded' && role !== 'refused')
  const fields = loaded.map(({ column }) => column)
  return [...candidates, ...fields].find((column) => column.name === name)
}

function propagatedColumn(
  context: PlanContext,
  table: NamedTable,
  to: string,
  origin: Origin,
  plans: readonly TablePlan[],
): PropagatedColumn | undefined {
  const plan = plans[origin.table]
  const source = plan && columnOf(plan, origin.column)
  if (source?.data_type === undefined) return undefined
  const stored = table.stored?.columns.get(to)
  const place = { fromTable: origin.table, fromColumn: origin.column }
  if (stored === undefined || !isCompleteColumn(stored)) {
    return { column: newColumn(context.schema, to, source.data_type, stored, context.capabilities), ...place }
  }
  if (stored.data_type === source.data_type) return { column: stored, ...place }
  const message = `Column "${to}" of table "${table.name}" is ${stored.data_type}, but column "${origin.column}" of table "${plan?.name}", which is copied into it, is ${source.data_type}. Declare both with one data type.`
  throw new DltError(message, {
    code: 'SCHEMA',
    context: { schema: context.schema.name, table: table.name, column: to },
  })
}
