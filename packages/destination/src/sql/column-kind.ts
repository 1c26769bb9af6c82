import type { SqlDialect } from './sql-dialect.ts'
import { decimalOf } from './wider-type.ts'

/** What kind of values a type holds that is neither for integers nor for decimals, as far as it can lose some that are put into it. */
export type TypeKind =
  | { readonly kind: 'boolean' | 'single' | 'double' | 'date' | 'time' }
  | { readonly kind: 'timestamp'; readonly fractionDigits: number }

/** What kind of values the type of an existing column holds. */
export type ColumnKind =
  | TypeKind
  | { readonly kind: 'integer' | 'other' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }

/** The kind of a type, as the database tells the types of existing columns. */
export const columnKind = (
  { integerTypes, typeKinds }: Pick<SqlDialect, 'integerTypes' | 'typeKinds'>,
  type: string,
): ColumnKind => {
  const name = type.toUpperCase()
  if (integerTypes.has(name)) return { kind: 'integer' }
  const decimal = decimalOf(name)
  if (decimal !== undefined) return { kind: 'decimal', precision: decimal.precision, scale: decimal.scale }
  const [parameter = '', digits] = /\s*\((\d+)\)/.exec(name) ?? []
  const known = typeKinds.get(name.replace(parameter, ''))
  if (known?.kind === 'timestamp' && digits !== undefined) return { ...known, fractionDigits: Number(digits) }
  return known ?? { kind: 'other' }
}
