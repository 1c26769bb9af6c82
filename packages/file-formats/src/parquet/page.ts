import type { ColumnData, ColumnVector } from '@dlt/schema'
import { ByteSink } from '../byte-sink.ts'
import { byteArrayValues } from './byte-array-values.ts'
import type { PageCodec } from './page-codec.ts'
import { plainValues } from './plain-values.ts'
import { writeStruct } from './thrift-compact-writer.ts'
import { writeVarint } from './varint.ts'

/** Numbers of parquet.thrift: `PageType`, `Encoding`. */
const dataPage = 0
/** Values as they are. */
export const plainEncoding = 0
/** The lengths of all values, then their bytes. */
export const deltaLengthEncoding = 6
/** Runs and packed bits: how definition levels (null or not) are stored. */
export const rleEncoding = 3

/** A page of a column, ready to be written: header, definition levels, values. */
export interface EncodedPage {
  readonly parts: readonly Uint8Array[]
  readonly rowCount: number
  readonly byteCount: number
  readonly uncompressedByteCount: number
}

/** Encodes rows `from` to before `to` of a column; `from` is a multiple of 8. Nullable columns have definition levels. */
export function encodePage(
  vector: ColumnVector,
  from: number,
  to: number,
  nullable: boolean,
  codec: PageCodec,
): EncodedPage {
  const hasNulls = vector.nullCount > 0
  const { encoding, parts } = encodeValues(vector.data, from, to, hasNulls)
  const validity = hasNulls ? vector.data.validity : undefined
  if (!nullable) return finishPage(encoding, parts, to - from, codec)
  const levels = validity === undefined ? runLevels(to - from, 1) : bitLevels(validity, from, to)
  return finishPage(encoding, [...levels, ...parts], to - from, codec)
}

interface EncodedValues {
  readonly encoding: number
  readonly parts: readonly Uint8Array[]
}

function encodeValues(data: ColumnData, from: number, to: number, hasNulls: boolean): EncodedValues {
  return 'offsets' in data
    ? { encoding: deltaLengthEncoding, parts: byteArrayValues(data, from, to, hasNulls) }
    : { encoding: plainEncoding, parts: [plainValues(data, from, to, hasNulls)] }
}

/** A page of nothing but nulls. */
export function encodeNullPage(rowCount: number, codec: PageCodec): EncodedPage {
  return finishPage(plainEncoding, runLevels(rowCount, 0), rowCount, codec)
}

/** One run: every row has the same level. */
function runLevels(rowCount: number, level: 0 | 1): Uint8Array[] {
  const run = new ByteSink(16)
  writeVarint(run, rowCount * 2)
  run.byte(level)
  const bytes = run.written
  return [lengthOf(bytes.byteLength), bytes]
}

/** Packed bits, eight rows a byte, lowest first: a column's validity bits are that already. */
function bitLevels(validity: Uint8Array, from: number, to: number): Uint8Array[] {
  const bits = validity.subarray(from >> 3, (to + 7) >> 3)
  const header = new ByteSink(16)
  writeVarint(header, bits.byteLength * 2 + 1)
  const headerBytes = header.written
  return [lengthOf(headerBytes.byteLength + bits.byteLength), headerBytes, bits]
}

function lengthOf(byteCount: number): Uint8Array {
  return new Uint8Array([byteCount, byteCount >> 8, byteCount >> 16, byteCount >> 24])
}

function finishPage(
  encoding: number,
  plainBody: readonly Uint8Array[],
  rowCount: number,
  codec: PageCodec,
): EncodedPage {
  const plainByteCount = totalBytes(plainBody)
  const body = codec.compress(plainBody)
  const byteCount = totalBytes(body)
  const header = pageHeader(encoding, rowCount, plainByteCount, byteCount)
  return {
    parts: [header, ...body],
    rowCount,
    byteCount: header.byteLength + byteCount,
    uncompressedByteCount: header.byteLength + plainByteCount,
  }
}

function pageHeader(encoding: number, rowCount: number, uncompressedByteCount: number, byteCount: number): Uint8Array {
  const sink = new ByteSink(64)
  writeStruct(sink, (header) => {
    header.i32(1, dataPage)
    header.i32(2, uncompressedByteCount)
    header.i32(3, byteCount)
    header.struct(5, (data) => {
      data.i32(1, rowCount)
      data.i32(2, encoding)
      data.i32(3, rleEncoding)
      data.i32(4, rleEncoding)
    })
  })
  return sink.written
}

function totalBytes(parts: readonly Uint8Array[]): number {
  let total = 0
  for (const part of parts) total += part.byteLength
  return total
}
