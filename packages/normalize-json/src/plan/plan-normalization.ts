import {
  type ColumnSchema,
  type ContractMode,
  type DataValidationError,
  droppedColumns,
  type FieldFilter,
  fieldFilter,
  type MergeStrategy,
  type NameLimit,
  type NamingConvention,
  type Schema,
  schemaNaming,
} from '@dlt/schema'
import type { PageSummary } from '../page/page.ts'
import type { DecisionCapabilities } from './column-decision.ts'
import { nameFields } from './field-names.ts'
import type {
  NameCollision,
  NormalizationPlan,
  NormalizationWarning,
  TableFate,
  TablePlan,
} from './normalization-plan.ts'
import { type RequiredColumn, requiredColumn } from './null-refused.ts'
import { outlinePackage, type PackageOutline, type TableOutline } from './package-outline.ts'
import { createPathNames } from './path-names.ts'
import { planFields } from './plan-fields.ts'
import { planPropagation } from './plan-propagation.ts'
import { planRowIdentity, withDoublePaths } from './plan-row-identity.ts'
import { planSystemColumns, systemNames } from './plan-system-columns.ts'
import { listKey, openGate, openToAll, type TableGate } from './table-gate.ts'
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
  /** Whether stored columns get wider types where values need it, see `promoteColumn`. Default: false, variant columns take those. */
  readonly promotes?: boolean
  /** The mode of the contract that kept the root table out of the schema in extract. Default: it is in. */
  readonly refusedRoot?: ContractMode
  /**
   * Takes what contracts freeze, with the list path of the table that it is in; nothing is thrown then. Default: it is thrown.
   */
  readonly refuse?: (error: DataValidationError, list: string) => void
  /** Columns that were decided before rows were discarded, see {@link DecidedColumns}. Default: none. */
  readonly decided?: DecidedColumns
}

/**
 * Columns by source path, by the list path of their table. Rows that a contract discards have taken part in deciding them, as they do
 * where rows are read one by one; so they must not be decided again without those rows.
 */
export type DecidedColumns = ReadonlyMap<string, ReadonlyMap<string, ColumnSchema>>

/** What a plan must know of a destination. */
export interface PlanCapabilities {
  readonly identifiers: NameLimit & { readonly maxColumnLength?: number }
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
  /** Whether stored columns may get wider types. */
  readonly promotes: boolean
  readonly decided: DecidedColumns
  readonly refusedRoot: ContractMode | undefined
  readonly refuse: (error: DataValidationError, list: string) => void
  readonly filter: FieldFilter | undefined
  readonly collisions: NameCollision[]
  readonly warnings: NormalizationWarning[]
}

/**
 * Decides for all pages of one root table which tables and columns their values go to, and with what types. Pure: the same
 * input gives the same plan.
 *
 * @throws DltError `IDENTIFIER` when nothing is left of a name, `DATA` when a column that must not be null has a null.
 * @throws DataValidationError for a new table or column that a contract freezes
 */
export function planNormalization(input: PlanInput): NormalizationPlan {
  const { schema, capabilities } = input
  const { maxLength, maxColumnLength = maxLength } = capabilities.identifiers
  const naming = schemaNaming(schema, { ...capabilities.identifiers, maxLength: Math.min(maxLength, maxColumnLength) })
  const { types, dispositions } = capabilities
  const context: PlanContext = {
    schema,
    naming,
    capabilities: types,
    mergeStrategy: dispositions?.mergeStrategies?.[0] ?? 'delete-insert',
    promotes: input.promotes ?? false,
    decided: input.decided ?? new Map(),
    refusedRoot: input.refusedRoot,
    refuse: input.refuse ?? throwAtOnce,
    filter: fieldFilter(schema, naming),
    collisions: [],
    warnings: [],
  }
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

function throwAtOnce(error: DataValidationError): never {
  throw error
}

function planTables(context: PlanContext, outline: PackageOutline, named: readonly NamedTable[]): readonly TablePlan[] {
  const plans: TablePlan[] = []
  const gates: TableGate[] = []
  const propagation = planPropagation(context, plans)
  outline.tables.forEach((table, position) => {
    const name = named[position]
    if (name === undefined) return
    const container = plans[name.container]
    const excluded = container?.fate.kind === 'excluded' || isExcluded(context, table, name)
    const gate = excluded ? openToAll : gateOf(context, table, name, gates[name.container])
    gates.push(gate)
    const fate = tableFate(excluded, gate)
    plans.push(
      fate.kind === 'loaded'
        ? planTable(context, table, name, gate, propagation.of(name))
        : leftOut(context, table, name, fate),
    )
    if (fate.kind === 'loaded') propagation.extend(position, name)
  })
  return withDoublePaths(plans)
}

function gateOf(
  context: PlanContext,
  outline: TableOutline,
  table: NamedTable,
  container: TableGate | undefined,
): TableGate {
  const { schema, refusedRoot } = context
  const list = listKey(outline)
  const decided = context.decided.get(list)
  return openGate({
    schema,
    table,
    outline,
    container,
    refusedRoot,
    refuse: (error) => context.refuse(error, list),
    decided: decided && new Set(decided.keys()),
  })
}

function tableFate(excluded: boolean, { refusedBy }: TableGate): TableFate {
  if (excluded) return { kind: 'excluded' }
  return refusedBy === undefined ? { kind: 'loaded' } : { kind: 'refused', mode: refusedBy }
}

/** Whether the filters of the schema leave nothing of a table, not even the columns of the system. */
function isExcluded(context: PlanContext, outline: TableOutline, table: NamedTable): boolean {
  const { filter, schema, naming } = context
  if (filter === undefined) return false
  const { rowId, loadId, parentId, listIndex } = systemNames(naming)
  const system = table.parentName === undefined ? [loadId, rowId] : [parentId, listIndex, rowId]
  const names = createPathNames(schema, naming)
  const fields = outline.fields.values().map(({ path }) => names.column(path))
  return [...system, ...fields].every((name) => filter(table.name, name))
}

/** A table that nothing is loaded into. */
function leftOut(context: PlanContext, outline: TableOutline, named: NamedTable, fate: TableFate): TablePlan {
  return {
    fate,
    path: outline.path,
    parent: outline.parent?.position ?? -1,
    name: named.name,
    parentName: named.parentName,
    rowIdentity: { kind: 'random' },
    fields: new Map(),
    system: planSystemColumns(context, named, [], outline.rowCount),
    propagated: [],
    required: [],
    layouts: [],
    renamed: false,
  }
}

function planTable(
  context: PlanContext,
  outline: TableOutline,
  named: NamedTable,
  gate: TableGate,
  propagated: TablePlan['propagated'],
): TablePlan {
  const namedFields = nameFields(context, outline, named)
  const system = planSystemColumns(context, named, namedFields, outline.rowCount)
  const added: readonly ColumnSchema[] = [...propagated.map(({ column }) => column), ...Object.values(system)]
  const { fields, nullOnly } = planFields({
    context,
    table: named,
    gate,
    refuse: (error) => context.refuse(error, listKey(outline)),
    decided: context.decided.get(listKey(outline)),
    replaced: new Set([...added.map(({ name }) => name), ...droppedColumns(named.stored)]),
    named: namedFields,
  })
  const loaded = fields.values().filter(({ role }) => role === 'data' || role === 'row-id')
  const created = [...loaded.map(({ column }) => column), ...added]
  for (const column of nullOnly) warnNullOnly(context, named.name, column)
  return {
    fate: { kind: 'loaded' },
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
