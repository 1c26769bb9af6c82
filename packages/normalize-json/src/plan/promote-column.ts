import {
  type ColumnSchema,
  hasRowHashes,
  isCompleteColumn,
  promotedFrom,
  rootTableOf,
  variantColumnName,
} from '@dlt/schema'
import { integerBits } from '../normalize/int64.ts'
import type { FieldOutline } from './package-outline.ts'
import type { PlanContext } from './plan-normalization.ts'
import type { NamedTable } from './table-names.ts'

/**
 * A stored column with a wider type that holds all values of a field; undefined where its own does, or none would.
 *
 * | the column is | and there are | it becomes |
 * |---|---|---|
 * | `bigint` | fractions | `double` |
 * | `bigint` | fractions, and integers that a double may not hold exactly | `decimal` |
 * | `bigint` of fewer bits | integers with more | `bigint` of as many |
 *
 * Keys and rows that are told apart by their hash keep their types: ids of rows that are there follow from them.
 */
export function promoteColumn(
  context: PlanContext,
  table: NamedTable,
  column: ColumnSchema,
  field: FieldOutline,
): ColumnSchema | undefined {
  if (!context.promotes || column.data_type !== 'bigint' || isFixed(context, table, column)) return undefined
  if (field.kinds.has('double')) {
    const isExact = field.kinds.has('bigint') || field.kinds.has('wei')
    return promoted(column, { data_type: isExact ? 'decimal' : 'double' })
  }
  const bits = neededBits(field)
  return bits > integerBits(column) ? promoted(column, bits < 64 ? { precision: bits } : {}) : undefined
}

function promoted(
  { precision: _, scale: __, ...column }: ColumnSchema,
  wider: Pick<ColumnSchema, 'data_type' | 'precision'>,
): ColumnSchema {
  return { ...column, ...wider, [promotedFrom]: 'bigint' }
}

/** Where values that do not fit have gone to a variant column so far, they go on to do so. */
function isFixed({ schema, naming }: PlanContext, { name, stored }: NamedTable, column: ColumnSchema): boolean {
  const { primary_key, merge_key, unique, row_key, parent_key, root_key } = column
  if ([primary_key, merge_key, unique, row_key, parent_key, root_key].includes(true)) return true
  const variant = stored?.columns.get(variantColumnName(naming, column.name, 'double'))
  if (variant !== undefined && isCompleteColumn(variant)) return true
  return stored !== undefined && hasRowHashes(schema, rootTableOf(schema, name))
}

const sizes: readonly number[] = [8, 16, 32]

/** Bits of an integer column, sign included, that hold all integers of a field. */
function neededBits({ kinds }: FieldOutline): number {
  if (kinds.has('bigint')) return 64
  const { minimum = 0, maximum = 0 } = kinds.get('integer') ?? {}
  return sizes.find((bits) => minimum >= -(2 ** (bits - 1)) && maximum < 2 ** (bits - 1)) ?? 64
}
