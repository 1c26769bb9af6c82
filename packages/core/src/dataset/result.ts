import type { ReadStatement, ResultBatch } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import type { DatasetSession } from './dataset-session.ts'
import { columnValues } from './values/column-values.ts'
import { type ResultRow, rowBatches } from './values/result-rows.ts'

/** Opens the dataset that a result is read from. */
export type OpenSession = () => Promise<DatasetSession>

/** A query as it is sent to the database. */
export interface QueryText {
  readonly sql: string
  /** Values for the placeholders, in order. */
  readonly parameters: readonly unknown[]
}

/** How many rows a batch has, where nobody says it. */
const usualBatch = 10_000

/**
 * Rows that are read when they are asked for, anew each time: the dataset is opened, one query is run, the dataset is closed. It is an
 * asynchronous iterable of its rows, so that it is data for `pipeline.run`, too.
 *
 * Values are what state and cursors hold, too: integers are numbers, or `bigint` beyond 2^53; decimals are `Decimal`; instants are
 * `Date`, or `PreciseDateTime` where they have microseconds, wall-clock times always are; dates and times of day are `PlainDate` and
 * `PlainTime`; JSON is parsed, bytes are `Uint8Array`.
 *
 * All methods throw `DestinationError` where the dataset cannot be reached or the query fails, and `DltError` where tables or columns
 * do not exist.
 */
export abstract class Result<Row extends object> implements AsyncIterable<Row> {
  protected readonly open: OpenSession

  constructor(open: OpenSession) {
    this.open = open
  }

  /** The query and its parameters. */
  protected abstract statement(session: DatasetSession): Promise<ReadStatement>

  /** The query as it is sent, with placeholders and their values. */
  async toSql(): Promise<QueryText> {
    await using session = await this.open()
    return await this.statement(session)
  }

  /** All rows at once. */
  async rows(): Promise<Row[]> {
    const rows: Row[] = []
    for await (const batch of this.batches()) for (const row of batch) rows.push(row)
    return rows
  }

  /** The first row; undefined where there is none. */
  async first(): Promise<Row | undefined> {
    for await (const [row] of this.batches(1)) return row
    return undefined
  }

  /** The first value of the first row; undefined where there is no row. */
  async scalar(): Promise<Row[keyof Row] | undefined> {
    for await (const { rowCount, columns } of this.#resultBatches()) {
      const [first] = columns
      if (rowCount === 0 || first === undefined) return undefined
      // The types of rows are those that the caller knows of.
      return columnValues({ ...first, values: first.values.slice(0, 1) })[0] as Row[keyof Row]
    }
    return undefined
  }

  /**
   * The rows in lists, so that memory does not grow with their number. All show the data of one moment. Who stops early ends the query.
   * @param size rows of a batch; the last one may have fewer. Default: 10,000
   */
  async *batches(size: number = usualBatch): AsyncGenerator<Row[], void, undefined> {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new DltError(`A batch has a whole number of rows above 0, it is ${size}.`, { code: 'CONFIGURATION' })
    }
    await using session = await this.open()
    const results = session.reader.read(await this.statement(session))
    // The types of rows are those that the caller knows of.
    for await (const rows of rowBatches(results, size)) yield rows as readonly ResultRow[] as Row[]
  }

  /**
   * The rows as a `Table` of `apache-arrow`, which has to be installed beside dlt. Types are kept: decimals are `Decimal128`, timestamps
   * have microseconds, JSON is text.
   *
   * ```ts
   * import type { Table } from 'apache-arrow'
   * const table = await dataset.table('issues').arrow<Table>()
   * ```
   *
   * @throws MissingPackageError where `apache-arrow` is not installed
   */
  async arrow<Table = unknown>(): Promise<Table> {
    const { arrowTable } = await import('./arrow/arrow-table.ts')
    // The declarations must not need the library: it is optional.
    return (await arrowTable(this.#resultBatches())) as Table
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    for await (const rows of this.batches()) yield* rows
  }

  async *#resultBatches(): AsyncGenerator<ResultBatch> {
    await using session = await this.open()
    yield* session.reader.read(await this.statement(session))
  }
}
