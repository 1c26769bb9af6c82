import { ByteSink } from '../byte-sink.ts'
import { deltaLengthEncoding, plainEncoding, rleEncoding } from './page.ts'
import { type ParquetType, physicalTypes } from './parquet-type.ts'
import { type StructWriter, writeStruct } from './thrift-compact-writer.ts'

/** What stands at both ends of a Parquet file. */
export const magic: Uint8Array = Buffer.from('PAR1')

/** A column of the file. */
export interface FooterColumn {
  readonly name: string
  readonly nullable: boolean
  readonly type: ParquetType
}

/** Where the pages of one column of a row group are. */
export interface FooterChunk {
  readonly offset: number
  readonly byteCount: number
  readonly uncompressedByteCount: number
}

/** Rows whose columns stand together; one chunk a column. */
export interface FooterRowGroup {
  readonly rowCount: number
  readonly chunks: readonly FooterChunk[]
}

/** Numbers of parquet.thrift, `FieldRepetitionType`. */
const repetitions = { required: 0, optional: 1 } as const

/** The end of a Parquet file: its metadata (parquet.thrift, `FileMetaData`), their length, and the magic bytes. */
export function encodeFooter(
  columns: readonly FooterColumn[],
  rowGroups: readonly FooterRowGroup[],
  codecCode: number,
): Uint8Array {
  const sink = new ByteSink()
  writeStruct(sink, (file) => {
    file.i32(1, 1)
    file.structList(2, [undefined, ...columns], (element, column) =>
      column === undefined ? writeRoot(element, columns.length) : writeElement(element, column),
    )
    file.i64(
      3,
      rowGroups.reduce((sum, group) => sum + group.rowCount, 0),
    )
    file.structList(4, rowGroups, (element, group) => writeRowGroup(element, group, columns, codecCode))
    file.string(6, 'dlt for TypeScript')
  })
  const length = sink.length
  for (const shift of [0, 8, 16, 24]) sink.byte((length >>> shift) & 0xff)
  sink.bytes(magic)
  return sink.written
}

function writeRoot(element: StructWriter, columnCount: number): void {
  element.string(4, 'schema')
  element.i32(5, columnCount)
}

function writeElement(element: StructWriter, { name, nullable, type }: FooterColumn): void {
  element.i32(1, type.physicalType)
  if (type.typeLength !== undefined) element.i32(2, type.typeLength)
  element.i32(3, nullable ? repetitions.optional : repetitions.required)
  element.string(4, name)
  if (type.convertedType !== undefined) element.i32(6, type.convertedType)
  if (type.decimal !== undefined) {
    element.i32(7, type.decimal.scale)
    element.i32(8, type.decimal.precision)
  }
  if (type.logicalType !== undefined) element.struct(10, type.logicalType)
}

function writeRowGroup(
  element: StructWriter,
  group: FooterRowGroup,
  columns: readonly FooterColumn[],
  codecCode: number,
): void {
  const pairs = columns.flatMap((column, index) => {
    const chunk = group.chunks[index]
    return chunk === undefined ? [] : [{ column, chunk }]
  })
  element.structList(1, pairs, (columnChunk, { column, chunk }) => {
    columnChunk.i64(2, chunk.offset)
    columnChunk.struct(3, (metadata) => writeChunk(metadata, column, chunk, group.rowCount, codecCode))
  })
  element.i64(
    2,
    group.chunks.reduce((sum, chunk) => sum + chunk.uncompressedByteCount, 0),
  )
  element.i64(3, group.rowCount)
}

function writeChunk(
  metadata: StructWriter,
  column: FooterColumn,
  chunk: FooterChunk,
  rowCount: number,
  codecCode: number,
): void {
  metadata.i32(1, column.type.physicalType)
  metadata.i32List(2, encodingsOf(column.type))
  metadata.stringList(3, [column.name])
  metadata.i32(4, codecCode)
  metadata.i64(5, rowCount)
  metadata.i64(6, chunk.uncompressedByteCount)
  metadata.i64(7, chunk.byteCount)
  metadata.i64(9, chunk.offset)
}

/** Pages of nothing but nulls are plain ones. */
function encodingsOf({ physicalType }: ParquetType): readonly number[] {
  const ofTexts = physicalType === physicalTypes.byteArray ? [deltaLengthEncoding] : []
  return [...ofTexts, plainEncoding, rleEncoding]
}
