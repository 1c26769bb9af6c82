import { DestinationError, type ReadStatement, type ResultBatch } from '@dlt/destination'
import type { CompiledStatement, SqlConnection, SqlRow, SqlSession } from '@dlt/destination/sql'
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import { toDestinationError } from './errors.ts'
import type { FileLoad } from './file-load.ts'

const isBindable = (value: unknown): value is DuckDBValue =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  typeof value === 'boolean'

const boundValues = (parameters: readonly unknown[]): DuckDBValue[] =>
  parameters.map((value) => {
    if (isBindable(value)) return value
    throw new TypeError(`A value of type ${typeof value} cannot be a parameter of a statement`)
  })

/**
 * Whether a connection is in a transaction. Outside of one every statement has a transaction of its own, with an id of its own;
 * a trial `BEGIN` would tell too, but abort the caller's transaction.
 */
const isInTransaction = async (connection: DuckDBConnection): Promise<boolean> => {
  const currentId = async (): Promise<unknown> => {
    const [{ id } = {}] = (await connection.runAndReadAll('SELECT txid_current() AS id')).getRowObjects()
    return id
  }
  try {
    const first = await currentId()
    return first === (await currentId())
  } catch (error) {
    if (error instanceof Error && error.message.includes('Current transaction is aborted')) return true
    throw toDestinationError(error)
  }
}

/** @throws DestinationError where a connection of the caller is in a transaction */
export const refuseOpenTransaction = async (connection: DuckDBConnection): Promise<void> => {
  if (!(await isInTransaction(connection))) return
  throw new DestinationError(
    'The DuckDB connection given as credentials is in a transaction, and a load needs one of its own. Commit or roll back first.',
    { kind: 'terminal', context: { destination: 'duckdb' } },
  )
}

const beginReading = 'BEGIN TRANSACTION READ ONLY'

/** How a connection is used and let go. */
export interface DuckDbConnectionOptions {
  /** Whether the connection is the caller's, who may be in a transaction. */
  readonly ofCaller: boolean
  /** How files are loaded; only where the database is a file that was opened for the connection. */
  readonly fileLoad?: FileLoad
  /** Called once when the client is closed. */
  release(): void
}

/**
 * A connection of `@duckdb/node-api` as SQL clients use it. Closing waits for statements that still run: the driver works on
 * threads of its own, and a connection closed under it brings the process down.
 */
export class DuckDbSqlConnection implements SqlConnection {
  readonly #connection: DuckDBConnection
  readonly #options: DuckDbConnectionOptions
  #running: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(connection: DuckDBConnection, options: DuckDbConnectionOptions) {
    this.#connection = connection
    this.#options = options
  }

  /** How files are loaded, where that is the connection's business. */
  get fileLoad(): FileLoad | undefined {
    return this.#options.fileLoad
  }

  async execute({ sql, parameters }: CompiledStatement): Promise<number> {
    const result = await this.#send(sql, () => this.#connection.run(sql, boundValues(parameters)))
    return result.rowsChanged
  }

  async query({ sql, parameters }: CompiledStatement): Promise<readonly SqlRow[]> {
    const reader = await this.#send(sql, () => this.#connection.runAndReadAll(sql, boundValues(parameters)))
    return reader.getRowObjectsJS()
  }

  async transaction<Result>(run: (session: SqlSession) => Promise<Result>): Promise<Result> {
    if (this.#options.ofCaller) await refuseOpenTransaction(this.#connection)
    await this.#command('BEGIN TRANSACTION')
    let result: Result
    try {
      result = await run(this)
    } catch (error) {
      // A rollback fails only where the database or the connection is gone, and then the first error says why.
      await this.#command('ROLLBACK').catch(() => undefined)
      throw error
    }
    try {
      await this.#commit()
    } catch (error) {
      // A COMMIT that fails has rolled back, and nothing is left to do; one that was not sent has not.
      await this.#command('ROLLBACK').catch(() => undefined)
      throw error
    }
    return result
  }

  async #commit(): Promise<void> {
    const commit = (): Promise<void> => this.#command('COMMIT')
    await (this.fileLoad === undefined ? commit() : this.fileLoad.commit(commit))
  }

  async *read(statement: ReadStatement): AsyncGenerator<ResultBatch> {
    const { batchesOf, startQuery } = await import('./reading/query-result.ts')
    const { ofCaller } = this.#options
    if (ofCaller) await refuseOpenTransaction(this.#connection)
    const start = (): Promise<DuckDBResult> =>
      this.#send(statement.sql, () => startQuery(this.#connection, statement, { materialize: ofCaller }))
    const fetch = (result: DuckDBResult) => this.#send(statement.sql, () => result.fetchChunk())
    await this.#command(beginReading)
    if (ofCaller) {
      // Its owner uses the connection while the result is read, so that the transaction must not last as long.
      yield* batchesOf(await this.#thenEndReading(start), fetch)
      return
    }
    let result: DuckDBResult | undefined
    try {
      result = await start()
      yield* batchesOf(result, fetch)
    } finally {
      if (result !== undefined) await this.#giveUp(result)
      await this.#endReading()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#running
    this.#options.release()
  }

  async #thenEndReading<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run()
    } finally {
      await this.#endReading()
    }
  }

  /**
   * Ends a result that was not read to its end. Only one that is empty lets go of the database: others keep the file open until they
   * are collected as garbage.
   */
  async #giveUp(result: DuckDBResult): Promise<void> {
    this.#connection.interrupt()
    try {
      for (let rest = await result.fetchChunk(); rest !== null && rest.rowCount > 0; ) rest = await result.fetchChunk()
    } catch {
      // Interrupted: that is how it ends.
    }
  }

  /** Fails only where the database or the connection is gone, and then there is nothing to end. */
  async #endReading(): Promise<void> {
    await this.#command('ROLLBACK').catch(() => undefined)
  }

  async #command(sql: string): Promise<void> {
    await this.execute({ sql, parameters: [] })
  }

  async #send<Result>(statement: string, start: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new DestinationError('The DuckDB client is closed. Connect again.', { kind: 'terminal' })
    try {
      const running = start()
      // Not with their results: a chain of them would keep every chunk that was read.
      this.#running = Promise.allSettled([this.#running, running]).then(() => undefined)
      return await running
    } catch (error) {
      throw toDestinationError(error, { statement })
    }
  }
}
