import type { ColumnData, ColumnSchema, ColumnVector, TableBatch } from '@dlt/schema'

/**
 * A value as tests write it. text, json: string · bool: boolean · bigint, timestamp, time: bigint · date: days · double: number ·
 * decimal, wei: the unscaled integer as bigint · binary: bytes.
 */
export type CellValue = string | boolean | bigint | number | Uint8Array | null

/** Rows by column name; a missing key is null. */
export type Row = Readonly<Record<string, CellValue | undefined>>

/** Packs rows into columns, the slow and obvious way. */
export function tableBatch(tableName: string, columns: readonly ColumnSchema[], rows: readonly Row[]): TableBatch {
  return {
    tableName,
    rowCount: rows.length,
    columns: columns.map((column) =>
      columnVector(
        column,
        rows.map((row) => row[column.name] ?? null),
      ),
    ),
  }
}

function columnVector(column: ColumnSchema, cells: readonly CellValue[]): ColumnVector {
  const nullCount = cells.filter((cell) => cell === null).length
  const data = columnData(column, cells)
  return { column, nullCount, data: nullCount === 0 ? data : { ...data, validity: packBits(cells.map(isPresent)) } }
}

function columnData(column: ColumnSchema, cells: readonly CellValue[]): ColumnData {
  switch (column.data_type) {
    case 'bool':
      return { layout: 'bool', values: packBits(cells.map((cell) => cell === true)) }
    case 'bigint':
    case 'timestamp':
    case 'time':
      return { layout: 'int64', values: BigInt64Array.from(cells, (cell) => (typeof cell === 'bigint' ? cell : 0n)) }
    case 'double':
      return { layout: 'float64', values: Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : 0)) }
    case 'date':
      return { layout: 'date32', values: Int32Array.from(cells, (cell) => (typeof cell === 'number' ? cell : 0)) }
    case 'decimal':
    case 'wei':
      return {
        layout: 'decimal128',
        precision: column.precision ?? 38,
        scale: column.scale ?? (column.data_type === 'wei' ? 0 : 9),
        values: packDecimals(cells.map((cell) => (typeof cell === 'bigint' ? cell : 0n))),
      }
    default:
      return { layout: column.data_type === 'binary' ? 'binary' : 'utf8', ...packBytes(cells) }
  }
}

function isPresent(cell: CellValue): boolean {
  return cell !== null
}

function packBits(bits: readonly boolean[]): Uint8Array {
  const packed = new Uint8Array(Math.ceil(bits.length / 8))
  for (const [row, bit] of bits.entries()) {
    if (bit) packed[row >> 3] = (packed[row >> 3] ?? 0) | (1 << (row & 7))
  }
  return packed
}

function packDecimals(unscaled: readonly bigint[]): Uint8Array {
  const words = new BigInt64Array(unscaled.length * 2)
  for (const [row, value] of unscaled.entries()) {
    words[row * 2] = BigInt.asIntN(64, value)
    words[row * 2 + 1] = BigInt.asIntN(64, value >> 64n)
  }
  return new Uint8Array(words.buffer)
}

function packBytes(cells: readonly CellValue[]): { offsets: Int32Array; values: Uint8Array } {
  const parts = cells.map((cell) =>
    cell instanceof Uint8Array ? cell : Buffer.from(typeof cell === 'string' ? cell : ''),
  )
  const offsets = new Int32Array(cells.length + 1)
  for (const [row, part] of parts.entries()) offsets[row + 1] = (offsets[row] ?? 0) + part.length
  return { offsets, values: Uint8Array.from(Buffer.concat(parts)) }
}
