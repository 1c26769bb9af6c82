import { type ColumnSchema, type DataType, inferColumn, isCompleteColumn, variantColumnName } from '@dlt/schema'
import { kindDataType, type PackedKind } from '../page/value-kind.ts'
import { decideColumn, decideVariantType, newColumn } from './column-decision.ts'
import type { NamedField } from './field-names.ts'
import type { FieldPlan, FieldRole, KindPlan } from './normalization-plan.ts'
import { nullRefused } from './null-refused.ts'
import type { FieldOutline, KindOutline } from './package-outline.ts'
import { createPathNames } from './path-names.ts'
import type { PlanContext } from './plan-normalization.ts'
import { systemNames } from './plan-system-columns.ts'
import type { NamedTable } from './table-names.ts'

/** The fields of a table that have values, and the columns that had nulls only. */
export interface PlannedFields {
  readonly fields: ReadonlyMap<string, FieldPlan>
  readonly nullOnly: readonly string[]
}

/** Decides the columns of a table's source paths. */
export function planFields(
  context: PlanContext,
  table: NamedTable,
  named: readonly NamedField[],
  replaced: ReadonlySet<string>,
): PlannedFields {
  const { rowId } = systemNames(context.naming)
  const taken = new Set(named.map(({ name }) => name))
  const fields = new Map<string, FieldPlan>()
  const nullOnly: string[] = []
  for (const field of named) {
    const role = fieldRole(field.name, rowId, replaced)
    if (field.outline.kinds.size > 0) fields.set(field.key, planField(context, table, field, role, taken))
    else if (role === 'data' && !isCreated(table, field.name)) nullOnly.push(field.name)
    if (field.outline.hasNulls && role === 'data') refuseNull(context, table, field.name, fields.get(field.key)?.column)
  }
  return { fields, nullOnly }
}

function fieldRole(name: string, rowId: string, replaced: ReadonlySet<string>): FieldRole {
  if (name === rowId) return 'row-id'
  return replaced.has(name) ? 'replaced' : 'data'
}

function isCreated(table: NamedTable, name: string): boolean {
  const column = table.stored?.columns.get(name)
  return column !== undefined && isCompleteColumn(column)
}

function refuseNull(context: PlanContext, table: NamedTable, name: string, decided: ColumnSchema | undefined): void {
  const stored = table.stored?.columns.get(name)
  const column = decided ?? stored ?? inferColumn(context.schema, name, 'text')
  if (column.nullable !== false) return
  const incomplete = decided === undefined && stored !== undefined && !isCompleteColumn(stored)
  // A column that was never given a type is reported at the end, with the remedy for that.
  if (!incomplete) throw nullRefused(context.schema.name, table.name, name)
}

function planField(
  context: PlanContext,
  table: NamedTable,
  { key, outline, name, renamed }: NamedField,
  role: FieldRole,
  taken: ReadonlySet<string>,
): FieldPlan {
  const column = decideFieldColumn(context, table, name, outline, role)
  const kinds = new Map<PackedKind, KindPlan>()
  for (const [kind, kindOutline] of outline.kinds) {
    kinds.set(kind, planKind(context, table, { key, outline, name, renamed }, column, kind, kindOutline, role, taken))
  }
  if (role === 'data') warnUnsafe(context, table.name, name, outline)
  return { path: outline.path, role, column, kinds, renamed }
}

/** The user's values for the system's columns take the types that those have. */
function decideFieldColumn(
  context: PlanContext,
  table: NamedTable,
  name: string,
  outline: FieldOutline,
  role: FieldRole,
): ColumnSchema {
  const stored = table.stored?.columns.get(name)
  if (role === 'data' || (stored !== undefined && isCompleteColumn(stored))) {
    return decideColumn(context.schema, name, outline, stored, context.capabilities)
  }
  return newColumn(context.schema, name, 'text', stored, context.capabilities)
}

function planKind(
  context: PlanContext,
  table: NamedTable,
  field: NamedField,
  column: ColumnSchema,
  kind: PackedKind,
  outline: KindOutline,
  role: FieldRole,
  taken: ReadonlySet<string>,
): KindPlan {
  const from = kindDataType(kind)
  const to = column.data_type ?? from
  if (role !== 'data' || neverFails(kind, to)) return { rule: { from, to } }
  const variant = planVariant(context, table, field, kind, outline, to, taken)
  return { rule: { from, to }, variant: { column: variant, rule: { from, to: variant.data_type ?? from } } }
}

/** Whether a type takes every value of a kind; decimals may have too many digits for their own type. */
function neverFails(kind: PackedKind, to: DataType): boolean {
  return kindDataType(kind) === to && kind !== 'decimal' && kind !== 'wei'
}

function planVariant(
  context: PlanContext,
  table: NamedTable,
  { name, outline: { path } }: NamedField,
  kind: PackedKind,
  outline: KindOutline,
  columnType: DataType,
  taken: ReadonlySet<string>,
): ColumnSchema {
  const from = kindDataType(kind)
  const wanted = variantName(context, table, name, kind)
  const names = createPathNames(context.schema, context.naming)
  const free = !taken.has(wanted)
  const variant = free ? wanted : names.replacement(wanted, [path, from], (candidate) => taken.has(candidate))
  const stored = table.stored?.columns.get(variant)
  if (stored !== undefined && isCompleteColumn(stored)) return stored
  const type = decideVariantType(context.schema, kind, outline, columnType)
  return newColumn(context.schema, variant, type, stored, context.capabilities, { variant: true })
}

function variantName({ naming }: PlanContext, table: NamedTable, name: string, kind: PackedKind): string {
  if (kind === 'json') {
    // Tables of old versions have such a column under the former name of the type.
    const former = naming.shortenFragments(name, 'v_complex')
    if (table.stored?.columns.get(former)?.variant === true) return former
  }
  return variantColumnName(naming, name, kindDataType(kind))
}

function warnUnsafe({ warnings, schema }: PlanContext, table: string, column: string, outline: FieldOutline): void {
  const integers = outline.kinds.get('integer')
  const largest = Math.max(Math.abs(integers?.minimum ?? 0), Math.abs(integers?.maximum ?? 0))
  if (largest <= Number.MAX_SAFE_INTEGER) return
  const message = `Column "${column}" of table "${table}" (schema "${schema.name}") has numbers beyond 2^53, which may have lost digits before they came here. Yield them as bigint, or as text.`
  warnings.push({ kind: 'unsafe-integers', table, column, message })
}
