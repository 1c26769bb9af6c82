import {
  type ColumnSchema,
  type DataType,
  hasRowHashes,
  isCompleteColumn,
  promotedFrom,
  rootTableOf,
  variantColumnName,
} from '@dlt/schema'
import { integerBits } from '../normalize/int64.ts'
import { decimalShape } from '../normalize/value-builder.ts'
import { wholeDigits } from '../page/measure-values.ts'
import { kindDataType } from '../page/value-kind.ts'
import type { FieldOutline, KindOutline } from './package-outline.ts'
import type { PlanContext } from './plan-normalization.ts'
import type { NamedTable } from './table-names.ts'

/**
 * A column with a wider type that holds all values of a field; undefined where its own does, or none would.
 *
 * | the column is | and there are | it becomes |
 * |---|---|---|
 * | `bigint` | fractions | `double` |
 * | `bigint` | fractions, and integers that a double may not hold exactly | `decimal` |
 * | `bigint` of fewer bits | integers with more | `bigint` of as many |
 * | `decimal` of few digits | numbers with more, before or after the point | `decimal` of as many |
 * | `text` of a length that the destination keeps to | longer ones | `text` of any length |
 *
 * Numbers are promoted in columns that are stored: before that, variant columns take what a declared type does not. Keys and rows that are
 * told apart by their hash keep their types: ids of rows that are there follow from them. Texts are what they are at any length.
 */
export function promoteColumn(
  context: PlanContext,
  table: NamedTable,
  column: ColumnSchema,
  field: FieldOutline,
): ColumnSchema | undefined {
  if (!context.promotes) return undefined
  if (column.data_type === 'text') return promoteText(context, column, field)
  if (!isStored(table, column.name) || isFixed(context, table, column, field)) return undefined
  if (column.data_type === 'decimal') return promoteDecimal(context, column, field)
  return column.data_type === 'bigint' ? promoteInteger(column, field) : undefined
}

function promoteInteger(column: ColumnSchema, field: FieldOutline): ColumnSchema | undefined {
  if (field.kinds.has('double')) {
    const isExact = field.kinds.has('bigint') || field.kinds.has('wei')
    return promoted(column, { data_type: isExact ? 'decimal' : 'double' })
  }
  const bits = neededBits(field)
  return bits > integerBits(column) ? promoted(column, bits < 64 ? { precision: bits } : {}) : undefined
}

function promoteDecimal(
  { capabilities }: PlanContext,
  column: ColumnSchema,
  field: FieldOutline,
): ColumnSchema | undefined {
  const { precision, scale } = decimalShape(column, 'decimal', capabilities)
  const needed = [...field.kinds].map(([kind, outline]) => digitsOf(kind, outline))
  const whole = Math.max(precision - scale, ...needed.map((digits) => digits.whole))
  const fraction = Math.max(scale, ...needed.map((digits) => digits.fraction))
  const digits = whole + fraction
  if (digits === precision || digits > (capabilities.decimal.maxPrecision ?? capabilities.decimal.precision))
    return undefined
  return promoted(column, { precision: digits, scale: fraction })
}

function promoteText(
  { capabilities: { textPrecision } }: PlanContext,
  column: ColumnSchema,
  { kinds }: FieldOutline,
): ColumnSchema | undefined {
  const longest = textPrecision === undefined ? undefined : kinds.get('text')?.longest?.[textPrecision]
  const { precision } = column
  return longest === undefined || precision === undefined || longest <= precision ? undefined : promoted(column, {})
}

/** A column remembers the first of its former types: that is the one which hints declare. */
function promoted(
  { precision: _, scale: __, ...column }: ColumnSchema,
  wider: Pick<ColumnSchema, 'data_type' | 'precision' | 'scale'>,
): ColumnSchema {
  return { ...column, ...wider, [promotedFrom]: column[promotedFrom] ?? column.data_type ?? 'text' }
}

function isStored({ stored }: NamedTable, name: string): boolean {
  const column = stored?.columns.get(name)
  return column !== undefined && isCompleteColumn(column)
}

const numberTypes: ReadonlySet<DataType> = new Set(['bigint', 'double', 'decimal', 'wei'])

/** Where values that do not fit have gone to a variant column so far, they go on to do so. */
function isFixed(
  { schema, naming }: PlanContext,
  table: NamedTable,
  column: ColumnSchema,
  { kinds }: FieldOutline,
): boolean {
  const { primary_key, merge_key, unique, row_key, parent_key, root_key } = column
  if ([primary_key, merge_key, unique, row_key, parent_key, root_key].includes(true)) return true
  const ofNumbers = [...kinds.keys()].map(kindDataType).filter((type) => numberTypes.has(type))
  if (ofNumbers.some((type) => isStored(table, variantColumnName(naming, column.name, type)))) return true
  return table.stored !== undefined && hasRowHashes(schema, rootTableOf(schema, table.name))
}

const sizes: readonly number[] = [8, 16, 32]

/** Bits of an integer column, sign included, that hold all integers of a field. */
function neededBits({ kinds }: FieldOutline): number {
  if (kinds.has('bigint')) return 64
  const { minimum = 0, maximum = 0 } = kinds.get('integer') ?? {}
  return sizes.find((bits) => minimum >= -(2 ** (bits - 1)) && maximum < 2 ** (bits - 1)) ?? 64
}

/** Most digits that numbers of a kind have; none for other kinds. */
function digitsOf(kind: string, { digits, minimum = 0, maximum = 0 }: KindOutline): NonNullable<KindOutline['digits']> {
  if (kind === 'integer') return { whole: wholeDigits(Math.max(-minimum, maximum)), fraction: 0 }
  return digits ?? { whole: 0, fraction: 0 }
}
