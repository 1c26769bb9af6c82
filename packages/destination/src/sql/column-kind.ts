import type { SqlDialect } from './sql-dialect.ts'
import { decimalOf } from './wider-type.ts'

/** What kind of values a type of a database holds, as far as it can lose some that are put into it. */
export type ColumnKind =
  | { readonly kind: 'integer' | 'boolean' | 'single' | 'double' | 'date' | 'time' | 'other' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'timestamp'; readonly fractionDigits: number }

const usualFractionDigits = 6

/** Types with a unit in their name, as DuckDB has them. */
const namedUnits: { readonly [unit: string]: number } = { S: 0, MS: 3, NS: 9 }

const named: readonly (readonly [RegExp, 'boolean' | 'single' | 'double' | 'date' | 'time'])[] = [
  [/^BOOL(?:EAN)?$/, 'boolean'],
  [/^(?:REAL|FLOAT|FLOAT4)$/, 'single'],
  [/^(?:DOUBLE|DOUBLE PRECISION|FLOAT8)$/, 'double'],
  [/^DATE$/, 'date'],
  [/^TIME\b/, 'time'],
]

/** The kind of a type, as the database tells the types of existing columns. */
export const columnKind = ({ integerTypes }: Pick<SqlDialect, 'integerTypes'>, type: string): ColumnKind => {
  const name = type.toUpperCase()
  if (integerTypes.has(name)) return { kind: 'integer' }
  const decimal = decimalOf(name)
  if (decimal !== undefined) return { kind: 'decimal', precision: decimal.precision, scale: decimal.scale }
  const [isTimestamp, unit, digits] = /^TIMESTAMP(?:TZ)?(?:_(S|MS|NS))?(?:\((\d)\))?/.exec(name) ?? []
  if (isTimestamp !== undefined)
    return { kind: 'timestamp', fractionDigits: Number(digits ?? namedUnits[unit ?? ''] ?? usualFractionDigits) }
  return { kind: named.find(([pattern]) => pattern.test(name))?.[1] ?? 'other' }
}
