import type { ByteSink } from '../byte-sink.ts'
import { writeVarint, zigzag } from './varint.ts'

/** Type codes of Thrift's compact protocol. */
const typeCode = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const

/** Writes one struct: fields in ascending order of their ids. */
export interface StructWriter {
  boolean(id: number, value: boolean): void
  i32(id: number, value: number): void
  i64(id: number, value: number): void
  string(id: number, value: string): void
  struct(id: number, fields: (writer: StructWriter) => void): void
  i32List(id: number, values: readonly number[]): void
  stringList(id: number, values: readonly string[]): void
  structList<Item>(id: number, items: readonly Item[], fields: (writer: StructWriter, item: Item) => void): void
}

/**
 * Writes a struct in Thrift's compact protocol, in which the headers of Parquet files are encoded
 * (apache/thrift, doc/specs/thrift-compact-protocol.md).
 */
export function writeStruct(sink: ByteSink, fields: (writer: StructWriter) => void): void {
  fields(structWriter(sink))
  sink.byte(0)
}

function structWriter(sink: ByteSink): StructWriter {
  let lastId = 0
  const field = (id: number, type: number): void => {
    const delta = id - lastId
    if (delta > 0 && delta < 16) sink.byte((delta << 4) | type)
    else {
      sink.byte(type)
      writeVarint(sink, zigzag(id))
    }
    lastId = id
  }
  const list = <Item>(id: number, type: number, items: readonly Item[], write: (item: Item) => void): void => {
    field(id, typeCode.list)
    if (items.length < 15) sink.byte((items.length << 4) | type)
    else {
      sink.byte(0xf0 | type)
      writeVarint(sink, items.length)
    }
    for (const item of items) write(item)
  }
  return {
    boolean: (id, value) => field(id, value ? typeCode.true : typeCode.false),
    i32: (id, value) => {
      field(id, typeCode.i32)
      writeVarint(sink, zigzag(value))
    },
    i64: (id, value) => {
      field(id, typeCode.i64)
      writeVarint(sink, zigzag(value))
    },
    string: (id, value) => {
      field(id, typeCode.binary)
      writeString(sink, value)
    },
    struct: (id, fields) => {
      field(id, typeCode.struct)
      writeStruct(sink, fields)
    },
    i32List: (id, values) => list(id, typeCode.i32, values, (value) => writeVarint(sink, zigzag(value))),
    stringList: (id, values) => list(id, typeCode.binary, values, (value) => writeString(sink, value)),
    structList: (id, items, fields) =>
      list(id, typeCode.struct, items, (item) => writeStruct(sink, (writer) => fields(writer, item))),
  }
}

function writeString(sink: ByteSink, text: string): void {
  const bytes = Buffer.from(text)
  writeVarint(sink, bytes.byteLength)
  sink.bytes(bytes)
}
