import { ByteSink } from '../byte-sink.ts'
import { writeVarint, zigzag } from './varint.ts'

const valuesOfBlock = 128
const valuesOfMiniblock = 32
const miniblocksOfBlock = valuesOfBlock / valuesOfMiniblock

/** More bits than that, and what waits for its byte to be full would not fit in a word: whole words are written instead. */
const mostPackedBits = 24

const mostBytesOfMiniblock = 4 * valuesOfMiniblock

/**
 * Numbers of 32 bits as differences, each in as few bits as the widest of its 32 neighbours needs
 * (apache/parquet-format, Encodings.md, DELTA_BINARY_PACKED).
 */
export function packDeltas(values: Int32Array): Uint8Array {
  const sink = new ByteSink(values.length + 64)
  writeVarint(sink, valuesOfBlock)
  writeVarint(sink, miniblocksOfBlock)
  writeVarint(sink, values.length)
  writeVarint(sink, zigzag(values[0] ?? 0))
  const deltas = new Int32Array(valuesOfBlock)
  for (let from = 1; from < values.length; from += valuesOfBlock) {
    const count = Math.min(valuesOfBlock, values.length - from)
    const least = takeDeltas(values, from, count, deltas)
    writeVarint(sink, zigzag(least))
    sink.fill(miniblocksOfBlock * (1 + mostBytesOfMiniblock), (bytes, at) => packBlock(deltas, count, least, bytes, at))
  }
  return sink.written
}

/** Puts the differences of some values from the ones before into a block, and returns the least of them. */
function takeDeltas(values: Int32Array, from: number, count: number, deltas: Int32Array): number {
  let before = values[from - 1] ?? 0
  let least = 2 ** 31 - 1
  for (let index = 0; index < count; index++) {
    const value = values[from + index] ?? 0
    const delta = (value - before) | 0
    before = value
    deltas[index] = delta
    if (delta < least) least = delta
  }
  // What fills up the last block is no difference at all.
  deltas.fill(least, count)
  return least
}

/** Writes the widths of the miniblocks and what is in them; returns the place behind. */
function packBlock(deltas: Int32Array, count: number, least: number, bytes: Uint8Array, start: number): number {
  let at = start + miniblocksOfBlock
  for (let miniblock = 0; miniblock < miniblocksOfBlock; miniblock++) {
    const from = miniblock * valuesOfMiniblock
    const width = widthOf(deltas, from, least)
    bytes[start + miniblock] = width
    // Nothing is written of a miniblock without values, nor of one whose differences are all the same.
    if (width > 0 && from < count) at = packMiniblock(deltas, from, least, width, bytes, at)
  }
  return at
}

/** Bits that the differences of a miniblock need, above the least of the block. */
function widthOf(deltas: Int32Array, from: number, least: number): number {
  let bits = 0
  for (let index = from; index < from + valuesOfMiniblock; index++) bits |= (deltas[index] ?? 0) - least
  const width = 32 - Math.clz32(bits)
  return width > mostPackedBits ? 32 : width
}

function packMiniblock(
  deltas: Int32Array,
  from: number,
  least: number,
  width: number,
  bytes: Uint8Array,
  start: number,
): number {
  let at = start
  let waiting = 0
  let bits = 0
  for (let index = from; index < from + valuesOfMiniblock; index++) {
    // A word finds nothing waiting: all before it were words.
    waiting |= ((deltas[index] ?? 0) - least) << bits
    bits += width
    for (; bits >= 8; bits -= 8) {
      bytes[at++] = waiting
      waiting >>>= 8
    }
  }
  return at
}
