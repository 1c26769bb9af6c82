/**
 * Values of one data type without nulls, in the layouts of `ColumnData`; bools take a byte each here.
 * `positions` of the rows they belong to are kept beside them, see {@link Contribution}.
 */
export type TypedValues =
  | { readonly layout: 'bool'; readonly values: Uint8Array }
  | { readonly layout: 'int64'; readonly values: BigInt64Array }
  | { readonly layout: 'float64'; readonly values: Float64Array }
  | { readonly layout: 'date32'; readonly values: Int32Array }
  | { readonly layout: 'decimal128'; readonly values: Uint8Array; readonly precision: number; readonly scale: number }
  | { readonly layout: 'utf8' | 'binary'; readonly offsets: Int32Array; readonly bytes: Uint8Array }

/** Values that a column gets from one source. */
export interface Contribution {
  /** Rows of the values, ascending; undefined when there is one for every row. */
  readonly ordinals: Int32Array | undefined
  readonly values: TypedValues
}

/** How many values there are. */
export function valueCount(values: TypedValues): number {
  switch (values.layout) {
    case 'utf8':
    case 'binary':
      return values.offsets.length - 1
    case 'decimal128':
      return values.values.length / 16
    default:
      return values.values.length
  }
}
