import type { ColumnVector } from '@dlt/schema'
import { type ScalarBytes, scalarBytes } from '../scalar-bytes.ts'
import { escapeCount, writeEscaped } from './escapes.ts'
import { type RowBlock, sharedPlaces } from './row-block.ts'

/** Makes the texts of a column for the rows from `from` to before `to`, and says where they stand. */
export type ColumnEncoder = (block: RowBlock, column: number, from: number, to: number) => void

type Validity = Uint8Array | undefined
type Texts = Extract<ColumnVector['data'], { readonly layout: 'utf8' | 'binary' }>

const [backslash, letterX] = [0x5c, 0x78]
const hexDigits = Buffer.from('0123456789abcdef')
const { null: absent, true: yes, false: no } = sharedPlaces

/** Prepares a column; one that a batch lacks is null in all rows. */
export function columnEncoder(vector: ColumnVector | undefined): ColumnEncoder {
  if (vector === undefined) return encodeNothing
  const { data, nullCount } = vector
  const validity = nullCount > 0 ? data.validity : undefined
  switch (data.layout) {
    case 'utf8':
      return textEncoder(data, validity)
    case 'binary':
      return binaryEncoder(data, validity)
    case 'bool':
      return truthEncoder(data.values, validity)
    default:
      return scalarEncoder(scalarBytes(vector), validity)
  }
}

const encodeNothing: ColumnEncoder = (block, column, from, to) => {
  for (let row = from; row < to; row++) block.place(row - from, column, absent.start, absent.end)
}

function isNull(validity: Validity, row: number): boolean {
  return validity !== undefined && (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0
}

function truthEncoder(values: Uint8Array, validity: Validity): ColumnEncoder {
  return (block, column, from, to) => {
    for (let row = from; row < to; row++) {
      const isTrue = ((values[row >> 3] ?? 0) >> (row & 7)) & 1
      const { start, end } = isNull(validity, row) ? absent : isTrue ? yes : no
      block.place(row - from, column, start, end)
    }
  }
}

function scalarEncoder({ longest, write }: ScalarBytes, validity: Validity): ColumnEncoder {
  return (block, column, from, to) => {
    writeValues(block, column, from, to, validity, block.room((to - from) * longest), write)
  }
}

function binaryEncoder({ values, offsets }: Texts, validity: Validity): ColumnEncoder {
  const write: ScalarBytes['write'] = (bytes, start, row) => {
    bytes[start] = backslash
    bytes[start + 1] = backslash
    bytes[start + 2] = letterX
    let at = start + 3
    const end = offsets[row + 1] ?? 0
    for (let index = offsets[row] ?? 0; index < end; index++) {
      const byte = values[index] ?? 0
      bytes[at++] = hexDigits[byte >> 4] ?? 0
      bytes[at++] = hexDigits[byte & 15] ?? 0
    }
    return at
  }
  return (block, column, from, to) => {
    const room = block.room(3 * (to - from) + 2 * ((offsets[to] ?? 0) - (offsets[from] ?? 0)))
    writeValues(block, column, from, to, validity, room, write)
  }
}

/** Most columns have nothing to escape: their bytes are taken over at once. */
function textEncoder({ values, offsets }: Texts, validity: Validity): ColumnEncoder {
  const write: ScalarBytes['write'] = (bytes, at, row) =>
    writeEscaped(bytes, at, values, offsets[row] ?? 0, offsets[row + 1] ?? 0)
  return (block, column, from, to) => {
    const first = offsets[from] ?? 0
    const texts = values.subarray(first, offsets[to])
    const escapes = escapeCount(texts)
    if (escapes > 0) {
      writeValues(block, column, from, to, validity, block.room(texts.length + escapes), write)
      return
    }
    const shift = block.append(texts) - first
    for (let row = from; row < to; row++) {
      if (isNull(validity, row)) block.place(row - from, column, absent.start, absent.end)
      else block.place(row - from, column, (offsets[row] ?? 0) + shift, (offsets[row + 1] ?? 0) + shift)
    }
  }
}

/** Writes the values that are not null into a buffer with room for them. */
function writeValues(
  block: RowBlock,
  column: number,
  from: number,
  to: number,
  validity: Validity,
  bytes: Uint8Array,
  write: ScalarBytes['write'],
): void {
  let at = block.length
  for (let row = from; row < to; row++) {
    if (isNull(validity, row)) block.place(row - from, column, absent.start, absent.end)
    else {
      const start = at
      at = write(bytes, at, row)
      block.place(row - from, column, start, at)
    }
  }
  block.keep(at)
}
