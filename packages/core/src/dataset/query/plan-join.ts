import { type SqlFragment, sql } from '@dlt/destination/sql'
import { DltError } from '@dlt/schema'
import { type CatalogTable, type DatasetCatalog, remedy } from '../dataset-catalog.ts'
import { filteredTable } from './filtered-table.ts'
import { joinPath } from './join-path.ts'
import { type PlanContext, type PlannedColumn, type RelationPlan, reference, visibleColumn } from './relation-plan.ts'
import type { RelationStep } from './relation-step.ts'

type JoinStep = RelationStep & { readonly step: 'join' }

/** Which columns are equal, given how the joined table is written. */
type JoinCondition = (alias: string) => readonly SqlFragment[]

interface JoinedPlan {
  readonly plan: RelationPlan
  /** How the columns of the table that was joined last are written. */
  readonly alias: string
}

function withTable(
  plan: RelationPlan,
  table: CatalogTable,
  condition: JoinCondition,
  { kind }: JoinStep,
  { catalog, filter: { committedOnly } }: PlanContext,
): JoinedPlan {
  const alias = `t${plan.aliases}`
  const keyword = kind === 'left' ? sql`LEFT JOIN` : sql`INNER JOIN`
  const equal = sql.join(condition(alias), sql` AND `)
  const joined = sql`${keyword} ${filteredTable(catalog, table, { committedOnly })} AS ${sql.id(alias)} ON ${equal}`
  return { plan: { ...plan, aliases: plan.aliases + 1, from: sql`${plan.from}\n${joined}` }, alias }
}

function alongSchema(plan: RelationPlan, target: CatalogTable, step: JoinStep, context: PlanContext): JoinedPlan {
  const tables = plan.tables.map(({ table }) => table)
  const { start, links } = joinPath(context.catalog, tables, target)
  const first: JoinedPlan = { plan, alias: plan.tables[start]?.alias ?? '' }
  return links.reduce(({ plan: before, alias: left }, { table, on }) => {
    const condition: JoinCondition = (right) =>
      on.map(([column, other]) => sql`${reference(left, column)} = ${reference(right, other)}`)
    return withTable(before, table, condition, step, context)
  }, first)
}

function onColumns(
  plan: RelationPlan,
  target: CatalogTable,
  on: Readonly<Record<string, string>>,
  step: JoinStep,
  context: PlanContext,
): JoinedPlan {
  const pairs = Object.entries(on)
  if (pairs.length === 0)
    throw new DltError(`The join with "${target.name}" names no columns in "on".`, { code: 'CONFIGURATION' })
  for (const [, other] of pairs) if (!target.columns.has(other)) throw noColumn(target, other, context.catalog)
  const condition: JoinCondition = (alias) =>
    pairs.map(([column, other]) => {
      const { expression } = visibleColumn(plan, column, context)
      return sql`${expression} = ${reference(alias, other)}`
    })
  return withTable(plan, target, condition, step, context)
}

function noColumn(table: CatalogTable, name: string, { datasetName }: DatasetCatalog): DltError {
  return new DltError(
    `The table "${table.name}" has no column "${name}". ${remedy(name, [...table.columns.keys()], 'It has none.')}`,
    { code: 'SCHEMA', context: { dataset: datasetName, table: table.name, column: name } },
  )
}

function withColumns(
  { plan, alias }: JoinedPlan,
  target: CatalogTable,
  { prefix, kind }: JoinStep,
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

/**
 * Joins another table, and those on the way to it, whose columns are not seen.
 * @throws DltError SCHEMA where the tables are not related, UNSUPPORTED behind a limit, IDENTIFIER for a name that is taken
 */
export function planJoin(plan: RelationPlan, step: JoinStep, context: PlanContext): RelationPlan {
  if (plan.tables.length === 0 || plan.limit !== undefined) {
    throw new DltError(`${context.relation} is joined after a limit. Join first: table(…).join(…).limit(…).`, {
      code: 'UNSUPPORTED',
      context: { table: step.table },
    })
  }
  const table = context.catalog.table(step.table)
  const joined =
    step.on === undefined ? alongSchema(plan, table, step, context) : onColumns(plan, table, step.on, step, context)
  return {
    ...joined.plan,
    tables: [...plan.tables, { table, alias: joined.alias }],
    columns: withColumns(joined, table, step, context),
  }
}
