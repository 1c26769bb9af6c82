import { createLiteralWriter, type LiteralStyle, type LiteralWriter } from '@dlt/destination'
import { type ColumnVector, DltError, type TableBatch } from '@dlt/schema'
import { FileColumns } from '../file-columns.ts'
import type { FileWriter, FileWriterOptions, WrittenFile } from '../file-writer.ts'
import { type CellWriter, isNull, rowCell } from './row-cells.ts'
import { scalarText } from './scalar-text.ts'
import { TextFile } from './text-file.ts'

/**
 * Writes an INSERT statement, one row a line: `INSERT INTO {}("a","b")`, `VALUES`, `(1,E'x'),` … `(2,NULL);`.
 * The loader puts the table's name for `{}`, and can cut the file at line ends, because literals contain no line breaks.
 * A file without rows has no row between `VALUES` and `;`.
 */
export class InsertValuesWriter implements FileWriter {
  readonly #file: TextFile
  readonly #columns: FileColumns
  readonly #literals: LiteralWriter
  #hasHeader = false

  constructor(options: FileWriterOptions) {
    this.#file = new TextFile(options)
    this.#columns = new FileColumns(options.tableName, options.columns, 'fixed')
    this.#literals = createLiteralWriter(requireStyle(options))
  }

  accepts(batch: TableBatch): boolean {
    return this.#columns.accepts(batch)
  }

  async write(batch: TableBatch): Promise<void> {
    const vectors = this.#columns.align(batch)
    const cells = vectors.map((vector) => vector && rowCell(vector, literalValue(vector, this.#literals)))
    this.#writeHeader()
    await this.#file.writeRows(batch.rowCount, (sink, row) => {
      sink.ascii(this.#file.rowCount === 0 ? '(' : ',\n(')
      for (const [index, cell] of cells.entries()) {
        if (index > 0) sink.ascii(',')
        if (cell === undefined || isNull(cell, row)) sink.ascii('NULL')
        else cell.write(sink, row)
      }
      sink.ascii(')')
    })
  }

  async close(): Promise<WrittenFile> {
    this.#writeHeader()
    this.#file.write(';\n')
    return this.#file.close(this.#columns.names)
  }

  async abort(): Promise<void> {
    await this.#file.abort()
  }

  #writeHeader(): void {
    if (this.#hasHeader) return
    this.#hasHeader = true
    const names = this.#columns.names.map((name) => `"${name.replaceAll('"', '""')}"`)
    this.#file.write(`INSERT INTO {}(${names.join(',')})\nVALUES\n`)
  }
}

function requireStyle(options: FileWriterOptions): LiteralStyle {
  if (options.literals !== undefined) return options.literals
  throw new DltError(
    `A file of INSERT values for table "${options.tableName}" needs to know how the destination spells literals. ` +
      'Give the "literals" of its load capabilities, or choose another file format.',
    { code: 'CONFIGURATION', context: { table: options.tableName, file: options.path } },
  )
}

function literalValue(vector: ColumnVector, literals: LiteralWriter): CellWriter {
  const { column, data } = vector
  if (data.layout === 'utf8') {
    const values = Buffer.from(data.values.buffer, data.values.byteOffset, data.values.byteLength)
    return (sink, row) =>
      sink.bytes(Buffer.from(literals.text(values.toString('utf8', data.offsets[row], data.offsets[row + 1]))))
  }
  const text = scalarText(vector, (bytes) => literals.binary(bytes))
  if (data.layout === 'float64') return (sink, row) => sink.ascii(doubleLiteral(text(row)))
  if (data.layout === 'decimal128' && data.scale === mostDigits) return (sink, row) => sink.ascii(fraction(text(row)))
  const isBare = data.layout === 'bool' || data.layout === 'decimal128' || data.layout === 'binary'
  if (isBare || column.data_type === 'bigint') return (sink, row) => sink.ascii(text(row))
  return (sink, row) => sink.ascii(`'${text(row)}'`)
}

/** With an exponent the literal is a floating point number everywhere; without one DuckDB reads a decimal and rounds twice. */
function doubleLiteral(text: string): string {
  if (text === 'NaN' || text.endsWith('Infinity')) return `'${text}'`
  return text.includes('e') ? text : `${text}e0`
}

/** Digits of a decimal at most. */
const mostDigits = 38

/** The zero before the point would be the 39th digit, which makes the literal a floating point number in DuckDB. */
function fraction(text: string): string {
  return text.replace(/^(-?)0\./, '$1.')
}
