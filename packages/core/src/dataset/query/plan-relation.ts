import { type SqlFragment, sql } from '@dlt/destination/sql'
import { type ColumnSchema, DltError } from '@dlt/schema'
import { type CatalogTable, type DatasetCatalog, remedy } from '../dataset-catalog.ts'
import { condition } from './condition.ts'
import { filteredTable } from './filtered-table.ts'
import { joinPath } from './join-path.ts'
import type { Direction, RelationStep, RowFilter } from './relation-step.ts'

/** A column that can be seen: how it is written, and what it holds. */
interface PlannedColumn {
  readonly expression: SqlFragment
  readonly schema: ColumnSchema
}

interface PlannedTable {
  readonly table: CatalogTable
  readonly alias: string
}

interface PlannedOrder {
  readonly column: string
  readonly expression: SqlFragment
  readonly direction: Direction
}

/** A query in the making. */
export interface RelationPlan {
  /** Base table first; none behind a limit, where keys may be gone. */
  readonly tables: readonly PlannedTable[]
  readonly aliases: number
  readonly from: SqlFragment
  readonly columns: ReadonlyMap<string, PlannedColumn>
  readonly conditions: readonly SqlFragment[]
  readonly order: readonly PlannedOrder[]
  readonly limit?: { readonly count: number; readonly offset: number }
}

/** What a relation is planned with. */
export interface PlanContext {
  readonly catalog: DatasetCatalog
  readonly filter: RowFilter
  readonly maxParameters: number
  /** For messages. */
  readonly relation: string
}

const reference = (alias: string, column: string): SqlFragment => sql`${sql.id(alias)}.${sql.id(column)}`

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

function visibleColumn(plan: RelationPlan, name: string, { catalog, relation }: PlanContext): PlannedColumn {
  const column = plan.columns.get(name)
  if (column !== undefined) return column
  throw new DltError(
    `${relation} has no column "${name}". ${remedy(name, [...plan.columns.keys()], 'Its table has none.')}`,
    { code: 'SCHEMA', context: { dataset: catalog.datasetName, column: name } },
  )
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

function joined(plan: RelationPlan, step: RelationStep & { step: 'join' }, context: PlanContext): RelationPlan {
  const { catalog, filter } = context
  if (plan.tables.length === 0 || plan.limit !== undefined) {
    throw new DltError(`${context.relation} is joined after a limit. Join first: table(…).join(…).limit(…).`, {
      code: 'UNSUPPORTED',
      context: { table: step.table },
    })
  }
  const target = catalog.table(step.table)
  const keyword = step.kind === 'left' ? sql`LEFT JOIN` : sql`INNER JOIN`
  const tables = [...plan.tables]
  let { from, aliases } = plan
  const add = (table: CatalogTable, equal: (alias: string) => readonly SqlFragment[]): string => {
    const alias = `t${aliases++}`
    const { committedOnly } = filter
    from = sql`${from}\n${keyword} ${filteredTable(catalog, table, { committedOnly })} AS ${sql.id(alias)} ON ${sql.join(equal(alias), sql` AND `)}`
    return alias
  }
  let alias = ''
  if (step.on === undefined) {
    const path = joinPath(
      catalog,
      plan.tables.map(({ table }) => table),
      target,
    )
    alias = plan.tables[path.start]?.alias ?? ''
    for (const { table, on } of path.links) {
      const left = alias
      alias = add(table, (own) =>
        on.map(([column, other]) => sql`${reference(left, column)} = ${reference(own, other)}`),
      )
    }
  } else {
    const pairs = Object.entries(step.on)
    if (pairs.length === 0)
      throw new DltError(`The join with "${step.table}" names no columns in "on".`, { code: 'CONFIGURATION' })
    alias = add(target, (own) =>
      pairs.map(([column, other]) => {
        if (!target.columns.has(other)) throw noColumn(target, other, catalog)
        return sql`${visibleColumn(plan, column, context).expression} = ${reference(own, other)}`
      }),
    )
  }
  tables.push({ table: target, alias })
  return { ...plan, tables, aliases, from, columns: withJoined(plan, target, alias, step, context) }
}

function noColumn(table: CatalogTable, name: string, { datasetName }: DatasetCatalog): DltError {
  return new DltError(
    `The table "${table.name}" has no column "${name}". ${remedy(name, [...table.columns.keys()], 'It has none.')}`,
    { code: 'SCHEMA', context: { dataset: datasetName, table: table.name, column: name } },
  )
}

function withJoined(
  plan: RelationPlan,
  target: CatalogTable,
  alias: string,
  { prefix, kind }: RelationStep & { step: 'join' },
  { relation }: PlanContext,
): ReadonlyMap<string, PlannedColumn> {
  const columns = new Map(plan.columns)
  for (const schema of target.columns.values()) {
    const name = `${prefix}__${schema.name}`
    if (columns.has(name)) {
      throw new DltError(
        `${relation} has a column "${name}" already. Give the columns of "${target.name}" another prefix: join("${target.name}", { as: 'other' }).`,
        { code: 'IDENTIFIER', context: { table: target.name, column: name } },
      )
    }
    const nullable = kind === 'left' ? { nullable: true } : {}
    columns.set(name, { expression: reference(alias, schema.name), schema: { ...schema, ...nullable, name } })
  }
  return columns
}

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
      return joined(before, step, context)
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
