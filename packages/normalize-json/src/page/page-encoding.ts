import { crc32 } from 'node:zlib'
import { DltError } from '@dlt/schema'
import type { ColumnPart, PackedValues, Page, PageSummary, TablePart } from './page.ts'
import type { PackedKind, ValueKind } from './value-kind.ts'

/*
 * A page as bytes: a fixed start, a JSON header, and the raw buffers, each aligned to 8 bytes.
 *
 *   0  "DLTP"   4  format version   8  bytes of the header   12  CRC32 of the header   16  header, padded to 8   …  buffers
 *
 * The header is `{ summary, buffers }`, with the byte length of each buffer. Numbers are little endian.
 * Buffers come table by table: parents and list indices (not for the root), then per column ordinals (only where not every
 * row has a value) and values (for values of varying length: offsets, then bytes). Kind `null` has no buffers.
 */
const magic = 0x50_54_4c_44
const formatVersion = 1
const startLength = 16
const alignment = 8

interface Header {
  readonly summary: PageSummary
  readonly buffers: readonly number[]
}

/** Writes a page as bytes that {@link decodePage} reads. */
export function encodePage(page: Page): Uint8Array {
  const parts = pageParts(page)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let position = 0
  for (const part of parts) {
    bytes.set(part, position)
    position += part.byteLength
  }
  return bytes
}

/** The bytes of {@link encodePage} in consecutive parts: the page's own buffers, of which nothing is copied. */
export function pageParts(page: Page): readonly Uint8Array[] {
  const buffers = pageBuffers(page)
  const header = encodeHeader({ summary: page.summary, buffers: buffers.map((buffer) => buffer.byteLength) })
  return [header, ...buffers.flatMap(padded)]
}

function encodeHeader(content: Header): Uint8Array {
  const header = Buffer.from(JSON.stringify(content), 'utf8')
  const bytes = new Uint8Array(aligned(startLength + header.length))
  const start = new DataView(bytes.buffer)
  start.setUint32(0, magic, true)
  start.setUint32(4, formatVersion, true)
  start.setUint32(8, header.length, true)
  start.setUint32(12, crc32(header), true)
  bytes.set(header, startLength)
  return bytes
}

const padding = new Uint8Array(alignment)

function padded({ buffer, byteOffset, byteLength }: ArrayBufferView): readonly Uint8Array[] {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  const rest = aligned(byteLength) - byteLength
  return rest === 0 ? [bytes] : [bytes, padding.subarray(0, rest)]
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

function pageBuffers(page: Page): readonly ArrayBufferView[] {
  return page.tables.flatMap((table) => [
    ...(table.parents === undefined ? [] : [table.parents]),
    ...(table.listIndices === undefined ? [] : [table.listIndices]),
    ...table.columns.flatMap((column) => (column === undefined ? [] : columnBuffers(column))),
  ])
}

function columnBuffers({ ordinals, values }: ColumnPart): readonly ArrayBufferView[] {
  const packed = ArrayBuffer.isView(values) ? [values] : [values.offsets, values.bytes]
  return ordinals === undefined ? packed : [ordinals, ...packed]
}

/**
 * Reads only the header of a page.
 * @throws DltError `PACKAGE` when the bytes are damaged, cut short or of another version.
 */
export function readPageSummary(bytes: Uint8Array): PageSummary {
  return readHeader(bytes).summary
}

/**
 * Where the header of a page ends, told by its first 16 bytes: reading up to there is enough for {@link readPageSummary}.
 * @throws DltError `PACKAGE` when the bytes do not begin like a page.
 */
export function pageHeaderEnd(bytes: Uint8Array): number {
  return startLength + readStart(bytes).getUint32(8, true)
}

function readStart(bytes: Uint8Array): DataView {
  if (bytes.length < startLength) throw damaged('it is too short')
  const start = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (start.getUint32(0, true) !== magic) throw damaged('it does not begin like one')
  const version = start.getUint32(4, true)
  if (version !== formatVersion) throw damaged(`its format is version ${version}, this is version ${formatVersion}`)
  return start
}

function readHeader(bytes: Uint8Array): Header {
  const start = readStart(bytes)
  const header = bytes.subarray(startLength, startLength + start.getUint32(8, true))
  if (crc32(header) !== start.getUint32(12, true)) throw damaged('the checksum of its header is wrong')
  const parsed: Header = JSON.parse(Buffer.from(header.buffer, header.byteOffset, header.length).toString('utf8'))
  return parsed
}

/**
 * Reads a page. Its values are views on the given bytes; bytes that do not begin at a multiple of 8 in their buffer are copied.
 * @throws DltError `PACKAGE` when the bytes are damaged, cut short or of another version.
 */
export function decodePage(bytes: Uint8Array): Page {
  const whole = bytes.byteOffset % alignment === 0 ? bytes : Uint8Array.from(bytes)
  const { summary, buffers } = readHeader(whole)
  const headerLength = new DataView(whole.buffer, whole.byteOffset).getUint32(8, true)
  const bodyStart = aligned(startLength + headerLength)
  const expected = buffers.reduce((sum, length) => sum + aligned(length), bodyStart)
  if (whole.length !== expected) throw damaged(`it has ${whole.length} bytes instead of ${expected}`)
  const reader = new BufferReader(whole, bodyStart, buffers)
  return { summary, tables: summary.tables.map((table) => readTable(table.parent, table, reader)) }
}

function readTable(parent: number, table: PageSummary['tables'][number], reader: BufferReader): TablePart {
  const rows = parent === -1 ? undefined : { parents: reader.int32(), listIndices: reader.int32() }
  const columns = table.columns.map(({ kind, count }) => readColumn(kind, count === table.rowCount, reader))
  return rows === undefined ? { columns } : { columns, ...rows }
}

function readColumn(kind: ValueKind, dense: boolean, reader: BufferReader): ColumnPart | undefined {
  if (kind === 'null') return undefined
  if (dense) return { kind, values: readValues(kind, reader) }
  const ordinals = reader.int32()
  return { kind, ordinals, values: readValues(kind, reader) }
}

function readValues(kind: PackedKind, reader: BufferReader): PackedValues {
  switch (kind) {
    case 'bool':
      return reader.bytes()
    case 'integer':
    case 'double':
      return reader.float64()
    case 'date':
      return reader.int32()
    case 'bigint':
    case 'timestamp':
    case 'time':
      return reader.int64()
    case 'text':
    case 'wei':
    case 'decimal':
    case 'json':
    case 'binary':
      return { offsets: reader.int32(), bytes: reader.bytes() }
    default:
      throw damaged(`it holds a kind of values that is not known: "${String(kind)}"`)
  }
}

/** Hands out the buffers one after another, as views. */
class BufferReader {
  private readonly page: Uint8Array
  private readonly lengths: readonly number[]
  private position: number
  private index = 0

  constructor(page: Uint8Array, start: number, lengths: readonly number[]) {
    this.page = page
    this.position = start
    this.lengths = lengths
  }

  private next(): { readonly offset: number; readonly length: number } {
    const length = this.lengths[this.index]
    if (length === undefined) throw damaged('buffers are missing')
    this.index += 1
    const offset = this.page.byteOffset + this.position
    this.position += aligned(length)
    return { offset, length }
  }

  bytes(): Uint8Array {
    const { offset, length } = this.next()
    return new Uint8Array(this.page.buffer, offset, length)
  }

  int32(): Int32Array {
    const { offset, length } = this.next()
    return new Int32Array(this.page.buffer, offset, length / 4)
  }

  float64(): Float64Array {
    const { offset, length } = this.next()
    return new Float64Array(this.page.buffer, offset, length / 8)
  }

  int64(): BigInt64Array {
    const { offset, length } = this.next()
    return new BigInt64Array(this.page.buffer, offset, length / 8)
  }
}

function damaged(what: string): DltError {
  const message = `A page of extracted data cannot be read: ${what}. Abort the load package and extract the data again.`
  return new DltError(message, { code: 'PACKAGE' })
}
