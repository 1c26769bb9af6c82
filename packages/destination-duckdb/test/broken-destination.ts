import type { Destination, DestinationClient, DestinationContext, ReadStatement, ResultBatch } from '@dlt/destination'
import type { CompiledStatement, SqlConnection, SqlRow, SqlSession } from '@dlt/destination/sql'
import { type ConformanceCase, type DestinationHarness, runConformance, sqlRowReader } from '@dlt/destination-testkit'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { createDuckDbClient } from '../src/client.ts'
import { DuckDbSqlConnection } from '../src/connection.ts'
import { duckdb } from '../src/index.ts'

/** How a destination is broken: in what its connection does, or in what its client answers. */
export interface Defect {
  readonly sql?: (sql: string) => string
  readonly rows?: (sql: string, rows: readonly SqlRow[]) => readonly SqlRow[]
  readonly count?: (sql: string, rows: number) => number
  readonly error?: (error: unknown) => unknown
  readonly reads?: (
    read: () => AsyncIterable<ResultBatch>,
    statement: ReadStatement,
    session: SqlSession,
  ) => AsyncIterable<ResultBatch>
  readonly withoutTransactions?: boolean
  /** Clients that meet would fail by chance. */
  readonly oneClient?: boolean
  readonly client?: (client: DestinationClient) => Partial<DestinationClient>
}

class DefectiveSession implements SqlSession {
  readonly #session: SqlSession
  readonly #defect: Defect

  constructor(session: SqlSession, defect: Defect) {
    this.#session = session
    this.#defect = defect
  }

  async execute(statement: CompiledStatement): Promise<number> {
    return this.#run(statement, async (changed) => {
      const count = await this.#session.execute(changed)
      return this.#defect.count?.(statement.sql, count) ?? count
    })
  }

  async query(statement: CompiledStatement): Promise<readonly SqlRow[]> {
    return this.#run(statement, async (changed) => {
      const rows = await this.#session.query(changed)
      return this.#defect.rows?.(statement.sql, rows) ?? rows
    })
  }

  async *read(connection: SqlConnection, statement: ReadStatement): AsyncGenerator<ResultBatch> {
    const { sql = (text) => text, reads, error = (one) => one } = this.#defect
    const changed = { ...statement, sql: sql(statement.sql) }
    const read = (): AsyncIterable<ResultBatch> => {
      if (connection.read === undefined) throw new TypeError('The connection has no reader')
      return connection.read(changed)
    }
    try {
      yield* reads === undefined ? read() : reads(read, changed, connection)
    } catch (cause) {
      throw error(cause)
    }
  }

  async #run<Result>(
    statement: CompiledStatement,
    send: (changed: CompiledStatement) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await send({ ...statement, sql: this.#defect.sql?.(statement.sql) ?? statement.sql })
    } catch (error) {
      throw this.#defect.error?.(error) ?? error
    }
  }
}

const defectiveConnection = (connection: SqlConnection, defect: Defect): SqlConnection => {
  const session = new DefectiveSession(connection, defect)
  return {
    execute: (statement) => session.execute(statement),
    query: (statement) => session.query(statement),
    transaction: (run) =>
      defect.withoutTransactions === true
        ? run(session)
        : connection.transaction((inner) => run(new DefectiveSession(inner, defect))),
    read: (statement) => session.read(connection, statement),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}

/** A database in memory with destinations that are broken, each in a dataset of its own. */
export class BrokenDestinations implements Disposable {
  readonly #instance: DuckDBInstance
  readonly #reader: DuckDBConnection
  #datasets = 0

  private constructor(instance: DuckDBInstance, reader: DuckDBConnection) {
    this.#instance = instance
    this.#reader = reader
  }

  static async open(): Promise<BrokenDestinations> {
    const instance = await DuckDBInstance.create(':memory:')
    return new BrokenDestinations(instance, await instance.connect())
  }

  [Symbol.dispose](): void {
    this.#reader.closeSync()
    this.#instance.closeSync()
  }

  /** Names of the cases that a destination with a defect fails. */
  async failures(defect: Defect, cases: readonly ConformanceCase[]): Promise<readonly string[]> {
    const results = await runConformance(cases, duckdb().capabilities, {
      create: async () => this.#create(defect),
      concurrentClients: defect.oneClient !== true,
    })
    return results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)
  }

  /** A destination with a defect in a dataset of its own; the reader of rows has none. */
  #create(defect: Defect): DestinationHarness {
    this.#datasets += 1
    const context: DestinationContext = {
      pipelineName: 'sample',
      datasetName: `data_${this.#datasets}`,
      localDirectory: '.',
    }
    const destination: Destination = {
      ...duckdb(),
      connect: async () => {
        const connection = await this.#instance.connect()
        const inner = new DuckDbSqlConnection(connection, { ofCaller: false, release: () => connection.closeSync() })
        const client = createDuckDbClient(defectiveConnection(inner, defect), {}, context)
        // A client's methods live on its class, so that they are handed on one by one.
        return {
          datasetName: client.datasetName,
          hasDataset: () => client.hasDataset(),
          updateSchema: (schema, tables, refresh) => client.updateSchema(schema, tables, refresh),
          load: (request) => client.load(request),
          isLoaded: (loadId, schemaName) => client.isLoaded(loadId, schemaName),
          storedState: (name) => client.storedState(name),
          storedSchema: (name) => client.storedSchema(name),
          reader: () => client.reader(),
          [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
          ...defect.client?.(client),
        }
      },
    }
    return {
      destination,
      context,
      readRows: sqlRowReader({ query: async (sql) => (await this.#reader.runAndReadAll(sql)).getRowsJS() }),
      cleanup: async () => undefined,
    }
  }
}
