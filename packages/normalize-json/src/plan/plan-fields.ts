import { type ColumnSchema, DataValidationError, inferColumn, isCompleteColumn, isDltTable } from '@dlt/schema'
import { kindDataType, type PackedKind } from '../page/value-kind.ts'
import { decideColumn, newColumn } from './column-decision.ts'
import type { NamedField } from './field-names.ts'
import type { FieldPlan, FieldRole, KindPlan } from './normalization-plan.ts'
import { nullRefused, requiredColumn } from './null-refused.ts'
import type { FieldOutline } from './package-outline.ts'
import type { PlanContext } from './plan-normalization.ts'
import { systemNames } from './plan-system-columns.ts'
import { planVariants } from './plan-variants.ts'
import { promoteColumn } from './promote-column.ts'
import { refuseValidity } from './refuse-validity.ts'
import type { TableGate } from './table-gate.ts'
import type { NamedTable } from './table-names.ts'

/** The fields of a table that have values, and the columns that had nulls only. */
export interface PlannedFields {
  readonly fields: ReadonlyMap<string, FieldPlan>
  readonly nullOnly: readonly string[]
}

/** What the fields of a table are planned from. */
export interface FieldsInput {
  readonly context: PlanContext
  readonly table: NamedTable
  readonly gate: TableGate
  /** Takes the error of a new column where columns are frozen. */
  readonly refuse: (error: DataValidationError) => void
  /** Columns by source path that were decided before rows were discarded. */
  readonly decided: ReadonlyMap<string, ColumnSchema> | undefined
  readonly named: readonly NamedField[]
  /** Names of columns that the system fills. */
  readonly replaced: ReadonlySet<string>
}

/** Decides the columns of a table's source paths. */
export function planFields(input: FieldsInput): PlannedFields {
  const { context, table, named } = input
  const taken = new Set(named.map(({ name }) => name))
  const fields = new Map<string, FieldPlan>()
  const nullOnly: string[] = []
  for (const field of named) {
    const role = fieldRole(input, field)
    if (field.outline.kinds.size > 0) refuseValidity(context.schema.name, table.stored, field.name)
    if (field.outline.kinds.size > 0) fields.set(field.key, planField(input, field, role, taken))
    else if (role === 'data' && !isCreated(table, field.name)) nullOnly.push(field.name)
    if (role === 'data') warnLost(context, table.name, field)
    if (field.outline.hasNulls && role === 'data') refuseNull(context, table, field.name, fields.get(field.key)?.column)
  }
  return { fields, nullOnly }
}

function fieldRole({ context, table, gate, replaced }: FieldsInput, { key, name, outline }: NamedField): FieldRole {
  if (name === systemNames(context.naming).rowId) return 'row-id'
  if (replaced.has(name)) return 'replaced'
  if (context.filter?.(table.name, name) === true) return 'excluded'
  if (outline.kinds.size === 0 || isDltTable(name) || isCreated(table, name)) return 'data'
  return gate.newColumn(key) === 'evolve' ? 'data' : 'refused'
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
  if (!incomplete) throw nullRefused(context.schema.name, table.name, requiredColumn({ ...column, name }))
}

function planField(input: FieldsInput, field: NamedField, role: FieldRole, taken: ReadonlySet<string>): FieldPlan {
  const { context, table, gate, decided } = input
  const { key, outline, name, renamed } = field
  const own = decided?.get(key) ?? decideFieldColumn(context, table, name, outline, role)
  const mayChange = role === 'data' && gate.newType === 'evolve'
  const column = (mayChange ? promoteColumn(context, table, own, outline) : undefined) ?? own
  if (role === 'refused') return refusedField(input, field, column)
  const variants = role === 'data' ? planVariants({ context, table, field, column, taken }, gate.newType) : undefined
  const kinds = new Map<PackedKind, KindPlan>()
  for (const kind of outline.kinds.keys()) {
    const from = kindDataType(kind)
    kinds.set(kind, { rule: { from, to: column.data_type ?? from }, ...variants?.get(kind) })
  }
  if (role === 'data') warnUnsafe(context, table.name, name, outline)
  return { path: outline.path, role, column, kinds, renamed }
}

function refusedField(
  { context: { schema }, table, gate, refuse }: FieldsInput,
  { key, outline, name }: NamedField,
  column: ColumnSchema,
): FieldPlan {
  const mode = gate.newColumn(key)
  if (mode === 'freeze') {
    const [kind] = outline.kinds.keys()
    const error = new DataValidationError({
      schema: schema.name,
      table: table.name,
      column: name,
      entity: 'columns',
      mode,
      ...(kind !== undefined && { valueType: kindDataType(kind) }),
      reason: `The data brings the new column "${name}" to table "${table.name}".`,
    })
    refuse(error)
  }
  return { path: outline.path, role: 'refused', column, kinds: new Map(), refusedBy: mode, renamed: false }
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

function warnLost({ warnings, schema }: PlanContext, table: string, { name, outline }: NamedField): void {
  const { lost } = outline
  if (lost === 0) return
  const values = lost === 1 ? 'a value that is' : `${lost} values that are`
  const message = `Column "${name}" of table "${table}" (schema "${schema.name}") has ${values} NaN, an infinity or an invalid date: null is stored. Correct this at the source, or yield text.`
  warnings.push({ kind: 'lost-values', table, column: name, message })
}

function warnUnsafe({ warnings, schema }: PlanContext, table: string, column: string, outline: FieldOutline): void {
  const integers = outline.kinds.get('integer')
  const largest = Math.max(Math.abs(integers?.minimum ?? 0), Math.abs(integers?.maximum ?? 0))
  if (largest <= Number.MAX_SAFE_INTEGER) return
  const message = `Column "${column}" of table "${table}" (schema "${schema.name}") has numbers beyond 2^53, which may have lost digits before they came here. Yield them as bigint, or as text.`
  warnings.push({ kind: 'unsafe-integers', table, column, message })
}
