import type { ColumnSchema, DataType, ScalarValue } from '@dlt/schema'
import { packBytes, packStrings } from '../page/pack-strings.ts'
import type { TypeDefaults } from '../plan/normalization-plan.ts'
import { decimalText, fitsDecimal128, packDecimal128, unscaledDecimal } from './decimal128.ts'
import { fitsBits, integerBits } from './int64.ts'
import type { TypedValues } from './typed-values.ts'

/** Collects coerced values of one data type. */
export interface ValueBuilder {
  /** Adds a value; false when the type cannot hold it. */
  push(value: ScalarValue): boolean
  finish(): TypedValues
}

/** A builder for values of a column. `from` is the type they had before coercion. */
export function createValueBuilder(
  column: ColumnSchema,
  to: DataType,
  from: DataType,
  defaults: TypeDefaults,
): ValueBuilder {
  switch (to) {
    case 'text':
    case 'json':
      return textBuilder()
    case 'binary':
      return binaryBuilder()
    case 'bool':
      return boolBuilder()
    case 'double':
      return doubleBuilder()
    case 'date':
      return dateBuilder()
    case 'decimal':
    case 'wei':
      return decimalBuilder(column, to, from, defaults)
    default:
      return int64Builder(integerBits(column))
  }
}

function textBuilder(): ValueBuilder {
  const texts: string[] = []
  return {
    push: (value) => typeof value === 'string' && texts.push(value) > 0,
    finish: () => ({ layout: 'utf8', ...packStrings(texts) }),
  }
}

function binaryBuilder(): ValueBuilder {
  const values: Uint8Array[] = []
  return {
    push: (value) => value instanceof Uint8Array && values.push(value) > 0,
    finish: () => ({ layout: 'binary', ...packBytes(values) }),
  }
}

function boolBuilder(): ValueBuilder {
  const values: number[] = []
  return {
    push: (value) => typeof value === 'boolean' && values.push(value ? 1 : 0) > 0,
    finish: () => ({ layout: 'bool', values: Uint8Array.from(values) }),
  }
}

function doubleBuilder(): ValueBuilder {
  const values: number[] = []
  return {
    push: (value) => typeof value === 'number' && values.push(value) > 0,
    finish: () => ({ layout: 'float64', values: Float64Array.from(values) }),
  }
}

function dateBuilder(): ValueBuilder {
  const values: number[] = []
  return {
    push: (value) => typeof value === 'number' && values.push(value) > 0,
    finish: () => ({ layout: 'date32', values: Int32Array.from(values) }),
  }
}

function int64Builder(bits: number): ValueBuilder {
  const values: bigint[] = []
  return {
    push: (value) => typeof value === 'bigint' && fitsBits(value, bits) && values.push(value) > 0,
    finish: () => ({ layout: 'int64', values: BigInt64Array.from(values) }),
  }
}

/** Digits that do not fit are refused; only the fractions of a double, which is never exact, are rounded. */
function decimalBuilder(
  column: ColumnSchema,
  to: 'decimal' | 'wei',
  from: DataType,
  defaults: TypeDefaults,
): ValueBuilder {
  const { precision, scale } = decimalShape(column, to, defaults)
  const rounding = from === 'double' && scale > 0 ? 'nearest' : 'exact'
  const values: bigint[] = []
  return {
    push: (value) => {
      const unscaled = typeof value === 'string' ? unscaledDecimal(value, precision, scale, rounding) : undefined
      return unscaled !== undefined && values.push(unscaled) > 0
    },
    finish: () =>
      fitsDecimal128(precision)
        ? { layout: 'decimal128', values: packDecimal128(values), precision, scale }
        : { layout: 'utf8', ...packStrings(values.map((value) => decimalText(value, scale))) },
  }
}

/** Digits and scale of a decimal or wei column. */
export function decimalShape(
  column: ColumnSchema,
  type: 'decimal' | 'wei',
  defaults: TypeDefaults,
): { readonly precision: number; readonly scale: number } {
  const { precision, scale } = defaults[type]
  return { precision: column.precision ?? precision, scale: column.scale ?? scale }
}
