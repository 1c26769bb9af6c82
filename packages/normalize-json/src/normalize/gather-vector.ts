import type { ColumnData, ColumnSchema, ColumnVector } from '@dlt/schema'
import { assembleColumn } from './assemble.ts'
import { gatherIds } from './row-ids.ts'
import type { TypedValues } from './typed-values.ts'

/** A column whose row `i` has the value that row `rows[i]` of another has; undefined when all of them are null. */
export function gatherVector(column: ColumnSchema, { data }: ColumnVector, rows: Int32Array): ColumnVector | undefined {
  const { validity } = data
  if (validity === undefined)
    return assembleColumn(column, rows.length, [{ ordinals: undefined, values: gather(data, rows) }])
  const ordinals = Int32Array.from(rows.keys()).filter((index) => isSet(validity, rows[index] ?? 0))
  if (ordinals.length === 0) return undefined
  const values = gather(
    data,
    ordinals.map((index) => rows[index] ?? 0),
  )
  return assembleColumn(column, rows.length, [{ ordinals, values }])
}

function isSet(bits: Uint8Array, row: number): boolean {
  return ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
}

function gather(data: ColumnData, rows: Int32Array): TypedValues {
  switch (data.layout) {
    case 'utf8':
    case 'binary':
      return { layout: data.layout, ...gatherIds({ offsets: data.offsets, bytes: data.values }, rows) }
    case 'bool':
      return { layout: 'bool', values: Uint8Array.from(rows, (row) => (isSet(data.values, row) ? 1 : 0)) }
    case 'int64':
      return { layout: 'int64', values: BigInt64Array.from(rows, (row) => data.values[row] ?? 0n) }
    case 'float64':
      return { layout: 'float64', values: Float64Array.from(rows, (row) => data.values[row] ?? 0) }
    case 'date32':
      return { layout: 'date32', values: Int32Array.from(rows, (row) => data.values[row] ?? 0) }
    case 'decimal128':
      return {
        layout: 'decimal128',
        values: gatherWide(data.values, rows),
        precision: data.precision,
        scale: data.scale,
      }
    default:
      throw new RangeError('Unknown layout')
  }
}

function gatherWide(values: Uint8Array, rows: Int32Array): Uint8Array {
  const width = 16
  const gathered = new Uint8Array(rows.length * width)
  rows.forEach((row, index) => {
    gathered.set(values.subarray(row * width, (row + 1) * width), index * width)
  })
  return gathered
}
