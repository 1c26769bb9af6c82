import type { ColumnData } from '@dlt/schema'
import { packDeltas } from './packed-deltas.ts'

/** Texts and bytes. */
export type ByteArrayData = Extract<ColumnData, { readonly offsets: Int32Array }>

/**
 * The values of rows `from` to before `to`: their lengths, and then all bytes as they stand in the column; nothing is copied
 * (apache/parquet-format, Encodings.md, DELTA_LENGTH_BYTE_ARRAY). Nulls have no place in it.
 */
export function byteArrayValues(data: ByteArrayData, from: number, to: number, hasNulls: boolean): Uint8Array[] {
  const validity = hasNulls ? data.validity : undefined
  const lengths = lengthsOf(data.offsets, validity, from, to)
  const bytes = data.values.subarray(data.offsets[from], data.offsets[to])
  const isWhole = validity === undefined || sum(lengths) === bytes.byteLength
  return [packDeltas(lengths), isWhole ? bytes : presentBytes(data, validity, from, to)]
}

function lengthsOf(offsets: Int32Array, validity: Uint8Array | undefined, from: number, to: number): Int32Array {
  return validity === undefined ? allLengths(offsets, from, to) : presentLengths(offsets, validity, from, to)
}

function allLengths(offsets: Int32Array, from: number, to: number): Int32Array {
  const lengths = new Int32Array(to - from)
  let start = offsets[from] ?? 0
  for (let row = from; row < to; row++) {
    const end = offsets[row + 1] ?? 0
    lengths[row - from] = end - start
    start = end
  }
  return lengths
}

function presentLengths(offsets: Int32Array, validity: Uint8Array, from: number, to: number): Int32Array {
  const lengths = new Int32Array(to - from)
  let at = 0
  for (let row = from; row < to; row++) {
    if (isPresent(validity, row)) lengths[at++] = (offsets[row + 1] ?? 0) - (offsets[row] ?? 0)
  }
  return lengths.subarray(0, at)
}

/** A row that is null may have bytes all the same. */
function presentBytes({ values, offsets }: ByteArrayData, validity: Uint8Array, from: number, to: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (let row = from; row < to; row++) {
    if (isPresent(validity, row)) parts.push(values.subarray(offsets[row], offsets[row + 1]))
  }
  return Buffer.concat(parts)
}

function isPresent(validity: Uint8Array, row: number): boolean {
  return (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1
}

function sum(lengths: Int32Array): number {
  let total = 0
  for (let index = 0; index < lengths.length; index++) total += lengths[index] ?? 0
  return total
}
