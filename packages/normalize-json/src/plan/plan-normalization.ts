import { type ColumnSchema, type MergeStrategy, type NamingConvention, type Schema, schemaNaming } from '@dlt/schema'
import type { PageSummary } from '../page/page.ts'
import type { DecisionCapabilities } from './column-decision.ts'
import { nameFields } from './field-names.ts'
import type { NameCollision, NormalizationPlan, NormalizationWarning, TablePlan } from './normalization-plan.ts'
import { type RequiredColumn, requiredColumn } from './null-refused.ts'
import { outlinePackage, type PackageOutline, type TableOutline } from './package-outline.ts'
import { createPathNames } from './path-names.ts'
import { planFields } from './plan-fields.ts'
import { planPropagation } from './plan-propagation.ts'
import { planRowIdentity, withDoublePaths } from './plan-row-identity.ts'
import { planSystemColumns } from './plan-system-columns.ts'
import { type NamedTable, nameTables } from './table-names.ts'

/** What a plan is made of. */
export interface PlanInput {
  /** The schema as it is before the package. */
  readonly schema: Schema
  /** The table the documents go to; normalized here. */
  readonly rootTable: string
  /** Summaries of all pages of the package for that table, in file order. */
  readonly summaries: Iterable<PageSummary>
  /** The destination's; structurally a part of `DestinationCapabilities`. */
  readonly capabilities: PlanCapabilities
}

/** What a plan must know of a destination. */
export interface PlanCapabilities {
  readonly identifiers: { readonly maxLength: number; readonly maxColumnLength?: number }
  readonly types: DecisionCapabilities
  /** How tables are merged that name no strategy: the first one. Default: `delete-insert`. */
  readonly dispositions?: { readonly mergeStrategies?: readonly MergeStrategy[] }
}

/** What the planning of one table is given. */
export interface PlanContext {
  readonly schema: Schema
  readonly naming: NamingConvention
  readonly capabilities: DecisionCapabilities
  /** How tables are merged that name no strategy. */
  readonly mergeStrategy: MergeStrategy
  readonly collisions: NameCollision[]
  readonly warnings: NormalizationWarning[]
}

/**
 * Decides for all pages of one root table which tables and columns their values go to, and with what types. Pure: the same
 * input gives the same plan.
 *
 * @throws DltError `IDENTIFIER` when nothing is left of a name, `DATA` when a column that must not be null has a null.
 */
export function planNormalization(input: PlanInput): NormalizationPlan {
  const { schema, capabilities } = input
  const { maxLength, maxColumnLength } = capabilities.identifiers
  const naming = schemaNaming(schema, Math.min(maxLength, maxColumnLength ?? maxLength))
  const { types, dispositions } = capabilities
  const mergeStrategy = dispositions?.mergeStrategies?.[0] ?? 'delete-insert'
  const context: PlanContext = { schema, naming, capabilities: types, mergeStrategy, collisions: [], warnings: [] }
  const outline = outlinePackage(input.summaries)
  const names = createPathNames(schema, naming)
  const rootTable = names.table(names.listParts([input.rootTable]))
  const named = nameTables(context, names, outline, rootTable)
  const tables = planTables(context, outline, named)
  return {
    schemaName: schema.name,
    rootTable,
    tables,
    defaults: { decimal: capabilities.types.decimal, wei: capabilities.types.wei },
    collisions: context.collisions,
    warnings: context.warnings,
  }
}

function planTables(context: PlanContext, outline: PackageOutline, named: readonly NamedTable[]): readonly TablePlan[] {
  const plans: TablePlan[] = []
  const propagation = planPropagation(context, plans)
  outline.tables.forEach((table, position) => {
    const name = named[position]
    if (name === undefined) return
    plans.push(planTable(context, table, name, propagation.of(name)))
    propagation.extend(position, name)
  })
  return withDoublePaths(plans)
}

function planTable(
  context: PlanContext,
  outline: TableOutline,
  named: NamedTable,
  propagated: TablePlan['propagated'],
): TablePlan {
  const namedFields = nameFields(context, outline, named)
  const system = planSystemColumns(context, named, namedFields, outline.rowCount)
  const added: readonly ColumnSchema[] = [...propagated.map(({ column }) => column), ...Object.values(system)]
  const { fields, nullOnly } = planFields(context, named, namedFields, new Set(added.map(({ name }) => name)))
  const created = [...fields.values().map(({ column }) => column), ...added]
  for (const column of nullOnly) warnNullOnly(context, named.name, column)
  return {
    path: outline.path,
    parent: outline.parent?.position ?? -1,
    name: named.name,
    parentName: named.parentName,
    rowIdentity: planRowIdentity(context, named),
    fields,
    system,
    propagated,
    required: requiredColumns(context, named, created),
    layouts: outline.novelRows,
    renamed: named.renamed,
  }
}

/** Columns that must have a value in each row: those that exist, and those that this package creates. */
function requiredColumns(
  { schema }: PlanContext,
  { name }: NamedTable,
  created: readonly ColumnSchema[],
): readonly RequiredColumn[] {
  const stored = [...(schema.tables.get(name)?.columns.values() ?? [])].filter(
    (column) => column.data_type !== undefined,
  )
  const required = [...stored, ...created].filter((column) => column.nullable === false)
  return [...new Map(required.map((column) => [column.name, requiredColumn(column)])).values()]
}

function warnNullOnly({ warnings, schema }: PlanContext, table: string, column: string): void {
  const message = `Column "${column}" of table "${table}" (schema "${schema.name}") has only nulls so far, so it was not created. Declare its data type to have it.`
  warnings.push({ kind: 'null-only', table, column, message })
}
