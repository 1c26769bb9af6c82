import { type ColumnData, type ColumnSchema, type ColumnVector, DltError } from '@dlt/schema'
import type { FooterChunk, FooterColumn } from './file-footer.ts'
import { type EncodedPage, encodeNullPage, encodePage } from './page.ts'
import type { PageCodec } from './page-codec.ts'
import { type ParquetType, parquetType } from './parquet-type.ts'

/** About how many bytes of values a page has at most: readers take a page at a time. */
const pageBytes = 4 * 1024 * 1024

/** Lengths in a page header are signed 32 bit numbers. */
const longestPage = 0x7fff_ffff

/** The pages of one column, collected until their row group is written. */
export class ColumnChunk {
  readonly name: string
  readonly #column: ColumnSchema
  readonly #codec: PageCodec
  readonly #nullable: boolean
  #layout: string | undefined
  #type: ParquetType | undefined
  #pages: EncodedPage[] = []
  #byteCount = 0

  constructor(column: ColumnSchema, codec: PageCodec) {
    this.name = column.name
    this.#column = column
    this.#codec = codec
    this.#nullable = column.nullable !== false
  }

  /** Encoded bytes that wait to be written. */
  get byteCount(): number {
    return this.#byteCount
  }

  /** Whether values of a batch are laid out like the ones before. */
  accepts(vector: ColumnVector | undefined): boolean {
    return vector === undefined || this.#layout === undefined || layoutName(vector.data) === this.#layout
  }

  /** Encodes the column's values of a batch; without them all of its rows are null. */
  add(vector: ColumnVector | undefined, rowCount: number): void {
    if (rowCount === 0) return
    if (vector === undefined) {
      this.#push(encodeNullPage(rowCount, this.#codec))
      return
    }
    this.#fixType(vector)
    const step = rowsPerPage(vector.data, rowCount)
    for (let from = 0; from < rowCount; from += step) {
      this.#push(encodePage(vector, from, Math.min(from + step, rowCount), this.#nullable, this.#codec))
    }
  }

  /** Hands over the pages, which begin at `offset` in the file. */
  takePages(offset: number): { readonly parts: readonly Uint8Array[]; readonly place: FooterChunk } {
    const pages = this.#pages
    const byteCount = this.#byteCount
    this.#pages = []
    this.#byteCount = 0
    return {
      parts: pages.flatMap((page) => page.parts),
      place: {
        offset,
        byteCount,
        uncompressedByteCount: pages.reduce((sum, page) => sum + page.uncompressedByteCount, 0),
      },
    }
  }

  /** The column as it stands in the footer. */
  footerColumn(): FooterColumn {
    return {
      name: this.name,
      nullable: this.#nullable,
      type: this.#type ?? parquetType(this.#column, emptyData(this.#column)),
    }
  }

  #fixType(vector: ColumnVector): void {
    const layout = layoutName(vector.data)
    if (this.#layout !== undefined && this.#layout !== layout) {
      throw new DltError(
        `Column "${this.name}" is stored as ${this.#layout} in the file, a batch has it as ${layout}. Start a new file for the batch.`,
        { code: 'SCHEMA', context: { column: this.name } },
      )
    }
    this.#layout = layout
    this.#type ??= parquetType(this.#column, vector.data)
  }

  #push(page: EncodedPage): void {
    if (page.uncompressedByteCount > longestPage) {
      throw new DltError(
        `Column "${this.name}" has ${page.rowCount} rows with more than 2 GiB of values, too much for a Parquet page. Load fewer rows at a time.`,
        { code: 'DATA', context: { column: this.name } },
      )
    }
    this.#pages.push(page)
    this.#byteCount += page.byteCount
  }
}

/** Whole bytes of validity bits belong to a page, hence multiples of 8. */
function rowsPerPage(data: ColumnData, rowCount: number): number {
  const bytesPerRow = data.values.byteLength / rowCount
  return Math.max(8, Math.floor(pageBytes / Math.max(bytesPerRow, 1) / 8) * 8)
}

function layoutName(data: ColumnData): string {
  return data.layout === 'decimal128' ? `decimal(${data.precision}, ${data.scale})` : data.layout
}

/** No values, in the layout that values of a column usually have. */
function emptyData(column: ColumnSchema): ColumnData {
  switch (column.data_type) {
    case 'bool':
      return { layout: 'bool', values: new Uint8Array() }
    case 'bigint':
    case 'timestamp':
    case 'time':
      return { layout: 'int64', values: new BigInt64Array() }
    case 'double':
      return { layout: 'float64', values: new Float64Array() }
    case 'date':
      return { layout: 'date32', values: new Int32Array() }
    case 'decimal':
    case 'wei':
      return {
        layout: 'decimal128',
        values: new Uint8Array(),
        precision: column.precision ?? 38,
        scale: column.scale ?? 0,
      }
    case 'binary':
      return { layout: 'binary', offsets: new Int32Array(1), values: new Uint8Array() }
    default:
      return { layout: 'utf8', offsets: new Int32Array(1), values: new Uint8Array() }
  }
}
