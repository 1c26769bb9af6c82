import { randomFillSync } from 'node:crypto'
import { nestedRowId } from '@dlt/schema'

const idLength = 14
const randomBytes = 10
const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')

/** The ids of the rows of one table part, as UTF-8 text. */
export interface RowIds {
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
}

/** Random ids: 10 random bytes each, in base64 without padding. */
export function randomRowIds(count: number): RowIds {
  const random = randomFillSync(new Uint8Array(count * randomBytes))
  const bytes = new Uint8Array(count * idLength)
  for (let row = 0; row < count; row++) writeBase64(random, row * randomBytes, bytes, row * idLength)
  return { offsets: evenOffsets(count, idLength), bytes }
}

function writeBase64(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
  let at = to
  for (let group = from; group < from + 9; group += 3) {
    const bits = ((source[group] ?? 0) << 16) | ((source[group + 1] ?? 0) << 8) | (source[group + 2] ?? 0)
    target[at] = alphabet[bits >> 18] ?? 0
    target[at + 1] = alphabet[(bits >> 12) & 63] ?? 0
    target[at + 2] = alphabet[(bits >> 6) & 63] ?? 0
    target[at + 3] = alphabet[bits & 63] ?? 0
    at += 4
  }
  const last = source[from + 9] ?? 0
  target[at] = alphabet[last >> 2] ?? 0
  target[at + 1] = alphabet[(last & 3) << 4] ?? 0
}

/** Offsets of values that all have the same length. */
export function evenOffsets(count: number, length: number): Int32Array {
  const offsets = new Int32Array(count + 1)
  for (let row = 1; row <= count; row++) offsets[row] = row * length
  return offsets
}

/** Ids that are made one by one. */
export function idsOf(count: number, make: (row: number) => string): RowIds {
  const bytes = Buffer.alloc(count * idLength)
  for (let row = 0; row < count; row++) bytes.write(make(row), row * idLength, 'latin1')
  return { offsets: evenOffsets(count, idLength), bytes }
}

/** Ids that follow from the containing row, the table and the position in the list. */
export function nestedRowIds(
  parentIds: RowIds,
  parents: Int32Array,
  listIndices: Int32Array,
  tableName: string,
): RowIds {
  const parentText = idReader(parentIds)
  let parent = -1
  let parentId = ''
  return idsOf(parents.length, (row) => {
    if (parents[row] !== parent) {
      parent = parents[row] ?? 0
      parentId = parentText(parent)
    }
    return nestedRowId(parentId, tableName, listIndices[row] ?? 0)
  })
}

/** Reads ids as strings. */
export function idReader({ offsets, bytes }: RowIds): (row: number) => string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (row) => buffer.toString('utf8', offsets[row], offsets[row + 1])
}

/** Copies ids to other rows: row `i` of the result has the id of row `rows[i]`. */
export function gatherIds({ offsets, bytes }: RowIds, rows: Int32Array): RowIds {
  const gathered = new Int32Array(rows.length + 1)
  for (let row = 0; row < rows.length; row++) {
    const source = rows[row] ?? 0
    gathered[row + 1] = (gathered[row] ?? 0) + (offsets[source + 1] ?? 0) - (offsets[source] ?? 0)
  }
  const target = new Uint8Array(gathered[rows.length] ?? 0)
  for (let row = 0; row < rows.length; row++) {
    const source = rows[row] ?? 0
    const end = offsets[source + 1] ?? 0
    let to = gathered[row] ?? 0
    for (let from = offsets[source] ?? 0; from < end; from++) target[to++] = bytes[from] ?? 0
  }
  return { offsets: gathered, bytes: target }
}

/** Ids where some rows brought their own; an empty text counts as none. */
export function withOwnIds(ids: RowIds, own: RowIds & { readonly ordinals: Int32Array | undefined }): RowIds {
  const count = ids.offsets.length - 1
  const ownCount = own.offsets.length - 1
  const source = new Int32Array(count).fill(-1)
  for (let index = 0; index < ownCount; index++) {
    const empty = own.offsets[index] === own.offsets[index + 1]
    if (!empty) source[own.ordinals?.[index] ?? index] = index
  }
  const slices = Array.from(source, (index, row) =>
    index === -1
      ? ids.bytes.subarray(ids.offsets[row], ids.offsets[row + 1])
      : own.bytes.subarray(own.offsets[index], own.offsets[index + 1]),
  )
  const offsets = new Int32Array(count + 1)
  slices.forEach((slice, row) => {
    offsets[row + 1] = (offsets[row] ?? 0) + slice.length
  })
  return { offsets, bytes: Buffer.concat(slices) }
}
