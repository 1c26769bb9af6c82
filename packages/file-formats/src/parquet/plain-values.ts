import type { ColumnData } from '@dlt/schema'
import type { ByteArrayData } from './byte-array-values.ts'
import { isShortDecimal } from './parquet-type.ts'

/** Values that all have the same number of bits. */
export type FixedWidthData = Exclude<ColumnData, ByteArrayData>

/**
 * The values of rows `from` to before `to` in Parquet's PLAIN encoding; nulls have no place in it.
 * Without nulls, numbers and bits are the column's own bytes: nothing is copied. `from` is a multiple of 8.
 */
export function plainValues(data: FixedWidthData, from: number, to: number, hasNulls: boolean): Uint8Array {
  const validity = hasNulls ? data.validity : undefined
  switch (data.layout) {
    case 'bool':
      return validity === undefined
        ? data.values.subarray(from >> 3, (to + 7) >> 3)
        : presentBits(data.values, validity, from, to)
    case 'int64':
    case 'float64':
      return validity === undefined ? bytesOf(data.values, from, to) : presentWords(data.values, validity, from, to, 2)
    case 'date32':
      return validity === undefined ? bytesOf(data.values, from, to) : presentWords(data.values, validity, from, to, 1)
    case 'decimal128':
      return isShortDecimal(data.precision)
        ? shortDecimals(data.values, validity, from, to)
        : longDecimals(data.values, validity, from, to)
  }
}

function bytesOf(values: BigInt64Array | Float64Array | Int32Array, from: number, to: number): Uint8Array {
  const width = values.BYTES_PER_ELEMENT
  return new Uint8Array(values.buffer, values.byteOffset + from * width, (to - from) * width)
}

/** Values are moved as 32 bit words: a `BigInt64Array` would make an object of each. */
function presentWords(
  values: BigInt64Array | Float64Array | Int32Array,
  validity: Uint8Array,
  from: number,
  to: number,
  wordsPerValue: 1 | 2,
): Uint8Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * wordsPerValue)
  const present = new Int32Array((to - from) * wordsPerValue)
  let at = 0
  for (let row = from; row < to; row++) {
    if (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) {
      const word = row * wordsPerValue
      present[at++] = words[word] ?? 0
      if (wordsPerValue === 2) present[at++] = words[word + 1] ?? 0
    }
  }
  return new Uint8Array(present.buffer, 0, at * 4)
}

function presentBits(values: Uint8Array, validity: Uint8Array, from: number, to: number): Uint8Array {
  const present = new Uint8Array((to - from + 7) >> 3)
  let at = 0
  for (let row = from; row < to; row++) {
    if (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) {
      const bit = ((values[row >> 3] ?? 0) >> (row & 7)) & 1
      present[at >> 3] = (present[at >> 3] ?? 0) | (bit << (at & 7))
      at++
    }
  }
  return present.subarray(0, (at + 7) >> 3)
}

/** Eight bytes, lowest first. */
function shortDecimals(values: Uint8Array, validity: Uint8Array | undefined, from: number, to: number): Uint8Array {
  const words = new Int32Array(values.buffer, values.byteOffset, to * 4)
  const present = new Int32Array((to - from) * 2)
  let at = 0
  for (let row = from; row < to; row++) {
    if (validity === undefined || ((validity[row >> 3] ?? 0) >> (row & 7)) & 1) {
      present[at++] = words[row * 4] ?? 0
      present[at++] = words[row * 4 + 1] ?? 0
    }
  }
  return new Uint8Array(present.buffer, 0, at * 4)
}

/** Sixteen bytes, highest first. */
function longDecimals(values: Uint8Array, validity: Uint8Array | undefined, from: number, to: number): Uint8Array {
  const present = new Uint8Array((to - from) * 16)
  let at = 0
  for (let row = from; row < to; row++) {
    if (validity === undefined || ((validity[row >> 3] ?? 0) >> (row & 7)) & 1) {
      const highest = row * 16 + 15
      for (let index = 0; index < 16; index++) present[at++] = values[highest - index] ?? 0
    }
  }
  return present.subarray(0, at)
}
