import type { Schema } from '@dlt/schema'
import type { Kysely } from 'kysely'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import { DatasetSchemas, type ReadOptions } from './dataset-options.ts'
import type { DatasetSession } from './dataset-session.ts'
import type { FinishedLoad } from './loads.ts'
import { type QueryInput, QueryResult } from './query-result.ts'
import { Relation } from './relation.ts'
import type { RowOf, TableOf, UntypedDatabase, UntypedRow } from './row-types.ts'

/** Options of `tables` and `rowCounts`. */
export interface TablesOptions {
  /** Whether dlt's own tables count, too. Default: false. */
  readonly system?: boolean
}

/** Options of `rowCounts`. */
export interface RowCountsOptions<Database> extends TablesOptions {
  /** Only these tables. Default: all of them. */
  readonly tables?: readonly TableOf<Database>[]
  /** Only rows that this load brought. Tables whose rows know no load are left out, unless they are named. Default: all rows. */
  readonly loadId?: string
}

/** Resolves where a dataset is. */
export type ResolveTarget = () => Promise<PipelineTarget>

/**
 * A dataset at a destination, for reading. Nothing is opened before something is asked for, and everything is closed again after it;
 * nothing is ever created or changed.
 *
 * ```ts
 * const dataset = pipeline.dataset()
 * console.log(await dataset.rowCounts())
 * console.log(await dataset.table('issues').where('state', '=', 'open').count())
 * ```
 */
export class Dataset<Database extends object = UntypedDatabase> {
  readonly #resolve: ResolveTarget
  readonly #options: ReadOptions
  readonly #schemas: DatasetSchemas

  constructor(resolve: ResolveTarget, options: ReadOptions = {}) {
    this.#resolve = resolve
    this.#options = options
    this.#schemas = new DatasetSchemas(options.schema)
  }

  /** Name of the dataset at the destination, normalized: what stands before the tables in SQL. */
  async datasetName(): Promise<string> {
    await using session = await this.#open()
    return session.datasetName
  }

  /** The schemas of the dataset. @throws DestinationError `undefined-entity` where the dataset does not exist */
  async schemas(): Promise<readonly Schema[]> {
    await using session = await this.#open()
    return (await session.catalog()).schemas
  }

  /** Names of the tables with data, in the order of the schemas. */
  async tables(options: TablesOptions = {}): Promise<readonly string[]> {
    const { tablesOf } = await import('./row-counts.ts')
    await using session = await this.#open()
    return tablesOf(await session.catalog(), options)
  }

  /** The number of rows of each table. */
  async rowCounts(options: RowCountsOptions<Database> = {}): Promise<Readonly<Record<string, number>>> {
    const { readRowCounts } = await import('./row-counts.ts')
    await using session = await this.#open()
    return await readRowCounts(session, { ...options, ...this.#filter })
  }

  /** The rows of a table. That it exists is looked up when they are read. */
  table<Name extends TableOf<Database>>(name: Name): Relation<RowOf<Database, Name>, Database> {
    return new Relation({ open: () => this.#open(), table: name, steps: [], filter: this.#filter })
  }

  /**
   * The rows of a query of your own: a text with the database's placeholders and their values, or a fragment of Kysely's `sql` template.
   * Tables are written with the dataset's name. Statements that change something are refused by the database.
   *
   * ```ts
   * const [row] = await dataset.query('SELECT max(id) AS last FROM github.issues WHERE state = ?', ['open']).rows()
   * ```
   */
  query<Row extends object = UntypedRow>(query: QueryInput, parameters: readonly unknown[] = []): QueryResult<Row> {
    return new QueryResult<Row>(() => this.#open(), query, parameters)
  }

  /**
   * An instance of Kysely on the dataset. It keeps the dataset open until it is destroyed: `await using db = await dataset.kysely()`.
   * Types come from `pipeline.writeTypes`. Names with dots, white space or `%` are spelled as there: `a.b` is `a%2Eb`.
   */
  async kysely<Tables = Database>(): Promise<Kysely<Tables>> {
    const { createReadingKysely } = await import('@dlt/destination/sql')
    const { rowBatches } = await import('./values/result-rows.ts')
    const session = await this.#open()
    return createReadingKysely<Tables>({
      compiler: session.reader.compiler,
      datasetName: session.datasetName,
      readRows: (statement, size) => rowBatches(session.reader.read(statement), size),
      close: () => session[Symbol.asyncDispose](),
    })
  }

  /** The loads that are complete, in the order in which they were. */
  async loads(): Promise<readonly FinishedLoad[]> {
    const { readLoads } = await import('./loads.ts')
    await using session = await this.#open()
    return await readLoads(session)
  }

  /** The id of the latest complete load; undefined where there is none. */
  async latestLoadId(): Promise<string | undefined> {
    const { latestLoadId } = await import('../packages/load-id.ts')
    return latestLoadId((await this.loads()).map(({ loadId }) => loadId))
  }

  /** Writes the types of the tables into a file; see `pipeline.writeTypes`. */
  async writeTypes(path: string): Promise<void> {
    const { writeDatabaseTypes } = await import('./types/write-types.ts')
    await writeDatabaseTypes(path, await this.schemas())
  }

  get #filter(): Pick<ReadOptions, 'committedOnly'> {
    const { committedOnly } = this.#options
    return committedOnly === undefined ? {} : { committedOnly }
  }

  async #open(): Promise<DatasetSession> {
    const { openSession } = await import('./dataset-session.ts')
    return openSession(await this.#resolve(), this.#schemas)
  }
}
