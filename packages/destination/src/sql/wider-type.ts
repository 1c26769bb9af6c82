import type { DestinationCapabilities } from '../capabilities.ts'
import type { SqlDialect } from './sql-dialect.ts'

/** What {@link widerType} goes by. */
export interface WiderTypeInput {
  readonly dialect: Pick<SqlDialect, 'integerTypes'>
  readonly capabilities: Pick<DestinationCapabilities, 'types'>
}

/**
 * The type that a column shall get which has one type and is wanted with another; undefined where it has what it needs. Two pipelines may
 * have widened one column in different ways: it then gets room for both, and never less than it has.
 */
export const widerType = (
  { dialect, capabilities }: WiderTypeInput,
  existing: string,
  wanted: string,
): string | undefined => {
  if (existing.toUpperCase() === wanted.toUpperCase()) return undefined
  const sizes = [...dialect.integerTypes]
  const rank = sizes.indexOf(existing.toUpperCase())
  const wantedRank = sizes.indexOf(wanted.toUpperCase())
  // What holds other values than integers may have some.
  if (wantedRank !== -1) return rank !== -1 && rank < wantedRank ? wanted : undefined
  const [has, needs] = [decimalOf(existing), decimalOf(wanted)]
  if (has === undefined || needs === undefined) return wanted
  const scale = Math.max(has.scale, needs.scale)
  const precision = Math.max(has.precision - has.scale, needs.precision - needs.scale) + scale
  if (precision === has.precision && scale === has.scale) return undefined
  const { precision: usual, maxPrecision = usual } = capabilities.types.decimal
  // Where there is no type for both, the database says whether the rows that are there fit.
  return precision > maxPrecision ? wanted : `${needs.name}(${precision},${scale})`
}

interface Decimal {
  readonly name: string
  readonly precision: number
  readonly scale: number
}

/** A type of decimals with its digits, for instance `DECIMAL(10,2)`. */
export const decimalOf = (type: string): Decimal | undefined => {
  const [, name, precision, scale] = /^(DECIMAL|NUMERIC)\((\d+),\s*(\d+)\)$/i.exec(type) ?? []
  return name === undefined ? undefined : { name, precision: Number(precision), scale: Number(scale) }
}
