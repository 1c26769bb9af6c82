import { type SqlFragment, sql } from '@dlt/destination/sql'
import type { ColumnSchema } from '@dlt/schema'
import { condition } from './condition.ts'
import { filteredTable } from './filtered-table.ts'
import { planJoin } from './plan-join.ts'
import { type PlanContext, type RelationPlan, reference, visibleColumn } from './relation-plan.ts'
import type { RelationStep } from './relation-step.ts'

function baseTable({ catalog, filter }: PlanContext, name: string): RelationPlan {
  const table = catalog.table(name)
  const columns = [...table.columns.values()].map(
    (schema) => [schema.name, { expression: reference('t0', schema.name), schema }] as const,
  )
  return {
    tables: [{ table, alias: 't0' }],
    aliases: 1,
    from: sql`${filteredTable(catalog, table, filter)} AS ${sql.id('t0')}`,
    columns: new Map(columns),
    conditions: [],
    order: [],
  }
}

const selected = ({ columns }: RelationPlan): SqlFragment =>
  columns.size === 0
    ? sql`1`
    : sql.join([...columns].map(([name, { expression }]) => sql`${expression} AS ${sql.id(name)}`))

const ordered = ({ order }: RelationPlan): SqlFragment =>
  order.length === 0
    ? sql``
    : sql`\nORDER BY ${sql.join(order.map(({ expression, direction }) => sql`${expression} ${direction === 'asc' ? sql`ASC` : sql`DESC`}`))}`

function limited({ limit }: RelationPlan): SqlFragment {
  if (limit === undefined) return sql``
  const offset = limit.offset === 0 ? sql`` : sql` OFFSET ${sql.raw(String(limit.offset))}`
  return sql`\nLIMIT ${sql.raw(String(limit.count))}${offset}`
}

/** The query of a plan. */
export function planStatement(plan: RelationPlan): SqlFragment {
  const where = plan.conditions.length === 0 ? sql`` : sql`\nWHERE ${sql.join(plan.conditions, sql` AND `)}`
  return sql`SELECT ${selected(plan)}\nFROM ${plan.from}${where}${ordered(plan)}${limited(plan)}`
}

/** The same rows as a table: what comes next works on what a limit left. */
function wrapped(plan: RelationPlan): RelationPlan {
  const alias = 'q'
  const columns = [...plan.columns].map(
    ([name, { schema }]) => [name, { expression: reference(alias, name), schema }] as const,
  )
  const { limit: _, ...rest } = plan
  return {
    ...rest,
    tables: [],
    from: sql`(${planStatement(plan)}) AS ${sql.id(alias)}`,
    columns: new Map(columns),
    conditions: [],
    order: plan.order.flatMap((order) =>
      plan.columns.get(order.column)?.expression === order.expression
        ? [{ ...order, expression: reference(alias, order.column) }]
        : [],
    ),
  }
}

const behindLimit = (plan: RelationPlan): RelationPlan => (plan.limit === undefined ? plan : wrapped(plan))

function aggregated(
  plan: RelationPlan,
  { aggregate, column }: RelationStep & { step: 'aggregate' },
  context: PlanContext,
): RelationPlan {
  const inner = wrapped({ ...plan, order: plan.limit === undefined ? [] : plan.order })
  const name = aggregate
  if (aggregate === 'count' || column === undefined) {
    const schema: ColumnSchema = { name, data_type: 'bigint' }
    return { ...inner, order: [], columns: new Map([[name, { expression: sql`count(*)`, schema }]]) }
  }
  const { expression, schema } = visibleColumn(inner, column, context)
  const call = aggregate === 'min' ? sql`min(${expression})` : sql`max(${expression})`
  return { ...inner, order: [], columns: new Map([[name, { expression: call, schema: { ...schema, name } }]]) }
}

function withStep(before: RelationPlan, step: RelationStep, context: PlanContext): RelationPlan {
  switch (step.step) {
    case 'select':
      return {
        ...before,
        columns: new Map(step.columns.map((name) => [name, visibleColumn(before, name, context)])),
      }
    case 'where': {
      const plan = behindLimit(before)
      const { expression, schema } = visibleColumn(plan, step.column, context)
      const { comparison, value } = step
      const column = { ...schema, name: step.column }
      const { maxParameters } = context
      return {
        ...plan,
        conditions: [...plan.conditions, condition({ expression, column, comparison, value, maxParameters })],
      }
    }
    case 'order': {
      const plan = behindLimit(before)
      const { expression } = visibleColumn(plan, step.column, context)
      const kept = before.limit === undefined ? plan.order : []
      return { ...plan, order: [...kept, { column: step.column, expression, direction: step.direction }] }
    }
    case 'limit':
      return { ...behindLimit(before), limit: { count: step.count, offset: step.offset } }
    case 'join':
      return planJoin(before, step, context)
    case 'aggregate':
      return aggregated(before, step, context)
  }
}

/**
 * Plans a relation: looks up tables and columns, and turns values into those of the columns.
 * @throws DltError SCHEMA for a name that does not exist, DATA for a value that a column cannot hold
 */
export function planRelation(table: string, steps: readonly RelationStep[], context: PlanContext): RelationPlan {
  return steps.reduce((plan, step) => withStep(plan, step, context), baseTable(context, table))
}
