import { type ColumnSchema, type ContractMode, isCompleteColumn, variantColumnName } from '@dlt/schema'
import { integerBits } from '../normalize/int64.ts'
import { kindDataType, type PackedKind } from '../page/value-kind.ts'
import { decideVariantType, newColumn } from './column-decision.ts'
import type { NamedField } from './field-names.ts'
import type { KindPlan, VariantPlan } from './normalization-plan.ts'
import { createPathNames } from './path-names.ts'
import type { PlanContext } from './plan-normalization.ts'
import type { NamedTable } from './table-names.ts'

/** A field whose column cannot hold all of its values. */
export interface FieldVariants {
  readonly context: PlanContext
  readonly table: NamedTable
  readonly field: NamedField
  readonly column: ColumnSchema
  /** Names of the table's other fields. */
  readonly taken: ReadonlySet<string>
}

/**
 * Where the values of a field go that its column cannot hold, by the kinds that may have such.
 * @param newVariant what the contract says of values that need a variant column which does not exist yet
 */
export function planVariants(
  variants: FieldVariants,
  newVariant: ContractMode,
): ReadonlyMap<PackedKind, Omit<KindPlan, 'rule'>> {
  const { field, column, table } = variants
  const kinds = [...field.outline.kinds.keys()].filter((kind) => !neverFails(kind, column))
  const columns = new Map(kinds.map((kind) => [kind, planVariant(variants, kind)]))
  const isRefused = ({ name }: ColumnSchema) => newVariant !== 'evolve' && completeColumn(table, name) === undefined
  return new Map(
    [...columns].map(([kind, variant]): readonly [PackedKind, Omit<KindPlan, 'rule'>] => {
      if (isRefused(variant)) return [kind, { refusedBy: newVariant, refusedColumn: variant.name }]
      const plan = { variant: variantPlan(kind, variant) }
      if (kind === 'text' || neverFails(kind, variant)) return [kind, plan]
      const overflow = planOverflow(variants, columns.get('text'))
      if (isRefused(overflow)) return [kind, { ...plan, refusedBy: newVariant, refusedColumn: overflow.name }]
      return [kind, { ...plan, overflow: variantPlan(kind, overflow) }]
    }),
  )
}

function variantPlan(kind: PackedKind, column: ColumnSchema): VariantPlan {
  const from = kindDataType(kind)
  return { column, rule: { from, to: column.data_type ?? from } }
}

/** Whether a column takes every value of a kind; its own type may have too few digits or bits. */
function neverFails(kind: PackedKind, column: ColumnSchema): boolean {
  if (kindDataType(kind) !== column.data_type || kind === 'decimal' || kind === 'wei') return false
  return column.data_type !== 'bigint' || integerBits(column) === 64
}

function planVariant(variants: FieldVariants, kind: PackedKind): ColumnSchema {
  const { context, table, field, column } = variants
  const from = kindDataType(kind)
  const name = freeName(variants, variantName(context, table, field.name, kind), from)
  const stored = table.stored?.columns.get(name)
  if (stored !== undefined && isCompleteColumn(stored)) return stored
  const outline = field.outline.kinds.get(kind)
  const type = outline === undefined ? from : decideVariantType(context.schema, kind, outline, column.data_type ?? from)
  return newColumn(context.schema, name, type, stored, context.capabilities, { variant: true })
}

/** The text variant, or one of another name where that one was detected to be of another type. */
function planOverflow(variants: FieldVariants, ofTexts: ColumnSchema | undefined): ColumnSchema {
  const { context, table, field, taken } = variants
  const wanted = freeName(variants, variantColumnName(context.naming, field.name, 'text'), 'text')
  const usual = ofTexts ?? completeColumn(table, wanted)
  if (usual?.data_type === 'text') return usual
  const names = createPathNames(context.schema, context.naming)
  const replaced = (): string =>
    names.replacement(wanted, [field.outline.path, 'text', 'overflow'], (candidate) => taken.has(candidate))
  const name = usual === undefined ? wanted : replaced()
  return (
    completeColumn(table, name) ??
    newColumn(context.schema, name, 'text', table.stored?.columns.get(name), context.capabilities, { variant: true })
  )
}

function completeColumn(table: NamedTable, name: string): ColumnSchema | undefined {
  const stored = table.stored?.columns.get(name)
  return stored !== undefined && isCompleteColumn(stored) ? stored : undefined
}

/** A variant's name, unless another field has it. */
function freeName({ context, field, taken }: FieldVariants, wanted: string, type: string): string {
  if (!taken.has(wanted)) return wanted
  const names = createPathNames(context.schema, context.naming)
  return names.replacement(wanted, [field.outline.path, type], (candidate) => taken.has(candidate))
}

function variantName({ naming }: PlanContext, table: NamedTable, name: string, kind: PackedKind): string {
  if (kind === 'json') {
    // Tables of old versions have such a column under the former name of the type.
    const former = naming.shortenFragments(name, 'v_complex')
    if (table.stored?.columns.get(former)?.variant === true) return former
  }
  return variantColumnName(naming, name, kindDataType(kind))
}
