import type { ColumnData, ColumnSchema, ColumnVector } from '@dlt/schema'
import { type Contribution, type TypedValues, valueCount } from './typed-values.ts'

/** Puts the values of a column in row order, whatever sources they come from; rows without a value are null. */
export function assembleColumn(
  column: ColumnSchema,
  rowCount: number,
  contributions: readonly Contribution[],
): ColumnVector {
  const sources = contributions.filter(({ values }) => valueCount(values) > 0)
  const count = sources.reduce((sum, { values }) => sum + valueCount(values), 0)
  const nullCount = rowCount - count
  const [first] = sources
  if (first === undefined) throw new RangeError(`Column "${column.name}" has no values`)
  const validity = nullCount === 0 ? {} : { validity: validityOf(rowCount, sources) }
  const values = first.ordinals === undefined ? inPlace(first.values) : scatter(rowCount, first.values, sources)
  return { column, nullCount, data: { ...values, ...validity } }
}

/** Values that are there for every row already stand where they belong. */
function inPlace(values: TypedValues): ColumnData {
  switch (values.layout) {
    case 'bool':
      return { layout: 'bool', values: packBits(values.values) }
    case 'utf8':
    case 'binary':
      return { layout: values.layout, offsets: values.offsets, values: values.bytes }
    default:
      return values
  }
}

function packBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(bytes.length / 8))
  for (let row = 0; row < bytes.length; row++) {
    if (bytes[row] === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7))
  }
  return bits
}

function validityOf(rowCount: number, sources: readonly Contribution[]): Uint8Array {
  const validity = new Uint8Array(Math.ceil(rowCount / 8))
  for (const { ordinals } of sources) {
    if (ordinals === undefined) continue
    for (let index = 0; index < ordinals.length; index++) {
      const row = ordinals[index] ?? 0
      validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7))
    }
  }
  return validity
}

function scatter(rowCount: number, shape: TypedValues, sources: readonly Contribution[]): ColumnData {
  switch (shape.layout) {
    case 'bool':
      return { layout: 'bool', values: packBits(scatterBytes(rowCount, 1, sources)) }
    case 'int64':
      return { layout: 'int64', values: new BigInt64Array(scatterBytes(rowCount, 8, sources).buffer) }
    case 'float64':
      return { layout: 'float64', values: scatterNumbers(new Float64Array(rowCount), sources) }
    case 'date32':
      return { layout: 'date32', values: scatterNumbers(new Int32Array(rowCount), sources) }
    case 'decimal128': {
      const { layout, precision, scale } = shape
      return { layout, values: scatterBytes(rowCount, 16, sources), precision, scale }
    }
    default:
      return { layout: shape.layout, ...scatterVarying(rowCount, sources) }
  }
}

function scatterNumbers<T extends Float64Array | Int32Array>(target: T, sources: readonly Contribution[]): T {
  for (const { ordinals, values } of sources) {
    if (ordinals === undefined || (values.layout !== 'float64' && values.layout !== 'date32')) continue
    for (let index = 0; index < ordinals.length; index++) target[ordinals[index] ?? 0] = values.values[index] ?? 0
  }
  return target
}

/** Copies values of a fixed width; eight bytes and more go as 32-bit words. */
function scatterBytes(rowCount: number, width: 1 | 8 | 16, sources: readonly Contribution[]): Uint8Array {
  const target = new Uint8Array(rowCount * width)
  const words = width === 1 ? target : wordsOf(target)
  const step = width === 1 ? 1 : width / 4
  for (const { ordinals, values } of sources) {
    if (ordinals === undefined || !('values' in values)) continue
    const from = width === 1 ? bytesOf(values.values) : wordsOf(values.values)
    for (let index = 0; index < ordinals.length; index++) {
      const to = (ordinals[index] ?? 0) * step
      for (let word = 0; word < step; word++) words[to + word] = from[index * step + word] ?? 0
    }
  }
  return target
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4)
}

interface Varying {
  readonly offsets: Int32Array
  readonly values: Uint8Array
}

function scatterVarying(rowCount: number, sources: readonly Contribution[]): Varying {
  const [only, ...more] = sources
  if (only !== undefined && more.length === 0 && 'offsets' in only.values) {
    return { offsets: spreadOffsets(rowCount, only.ordinals, only.values.offsets), values: only.values.bytes }
  }
  return mergeVarying(rowCount, sources)
}

/** The bytes are in row order already: only rows without a value must be put in between. */
function spreadOffsets(rowCount: number, ordinals: Int32Array | undefined, offsets: Int32Array): Int32Array {
  if (ordinals === undefined) return offsets
  const spread = new Int32Array(rowCount + 1)
  let row = 0
  for (let index = 0; index < ordinals.length; index++) {
    const ordinal = ordinals[index] ?? 0
    const start = offsets[index] ?? 0
    while (row <= ordinal) spread[row++] = start
  }
  const end = offsets[ordinals.length] ?? 0
  while (row <= rowCount) spread[row++] = end
  return spread
}

function mergeVarying(rowCount: number, sources: readonly Contribution[]): Varying {
  const offsets = new Int32Array(rowCount + 1)
  for (const { ordinals, values } of sources) {
    if (ordinals === undefined || !('offsets' in values)) continue
    for (let index = 0; index < ordinals.length; index++) {
      offsets[(ordinals[index] ?? 0) + 1] = (values.offsets[index + 1] ?? 0) - (values.offsets[index] ?? 0)
    }
  }
  for (let row = 0; row < rowCount; row++) offsets[row + 1] = (offsets[row + 1] ?? 0) + (offsets[row] ?? 0)
  const bytes = new Uint8Array(offsets[rowCount] ?? 0)
  for (const { ordinals, values } of sources) {
    if (ordinals === undefined || !('offsets' in values)) continue
    for (let index = 0; index < ordinals.length; index++) {
      const value = values.bytes.subarray(values.offsets[index], values.offsets[index + 1])
      bytes.set(value, offsets[ordinals[index] ?? 0])
    }
  }
  return { offsets, values: bytes }
}
