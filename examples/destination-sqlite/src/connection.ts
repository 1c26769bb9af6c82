import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { CompiledStatement, SqlConnection, SqlRow } from '@dlt/destination/sql'
import { toDestinationError } from './errors.ts'

const isInput = (value: unknown): value is SQLInputValue =>
  value === null || ['string', 'number', 'bigint'].includes(typeof value) || value instanceof Uint8Array

const bound = (value: unknown): SQLInputValue => {
  if (typeof value === 'boolean') return value ? 1 : 0
  return isInput(value) ? value : String(value)
}

/** `CURRENT_TIMESTAMP` is UTC and does not say so. */
const withZone = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) ? `${value}Z` : value

/** A connection to the file of one dataset, attached under the dataset's name. */
export class SqliteConnection implements SqlConnection {
  readonly #database: DatabaseSync

  constructor(path: string, dataset: string) {
    try {
      this.#database = new DatabaseSync(':memory:')
      this.#database.prepare(`ATTACH DATABASE ? AS "${dataset}"`).run(path)
      // Other processes may open the file in the same moment.
      this.#database.exec('PRAGMA busy_timeout = 5000')
      this.#database.exec(`PRAGMA "${dataset}".journal_mode = WAL`)
      // From here on waiting would stop this process, and with it whoever it waits for: the client tries again.
      this.#database.exec('PRAGMA busy_timeout = 0')
    } catch (error) {
      throw toDestinationError(error)
    }
  }

  async execute({ sql, parameters }: CompiledStatement): Promise<number> {
    return this.#attempt(() => {
      const { changes } = this.#database.prepare(sql).run(...parameters.map(bound))
      // Other statements leave the number of the last one.
      return /^\s*(INSERT|UPDATE|DELETE)/i.test(sql) ? Number(changes) : 0
    })
  }

  async query({ sql, parameters }: CompiledStatement): Promise<readonly SqlRow[]> {
    return this.#attempt(() => {
      const statement = this.#database.prepare(sql)
      statement.setReadBigInts(true)
      const rows = statement.all(...parameters.map(bound))
      return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withZone(value)])))
    })
  }

  /** Inserts rows one after another by one statement. */
  async insert(sql: string, rows: AsyncIterable<readonly SQLInputValue[]>): Promise<number> {
    const statement = this.#attempt(() => this.#database.prepare(sql))
    let count = 0
    for await (const row of rows) {
      this.#attempt(() => statement.run(...row))
      count += 1
    }
    return count
  }

  async transaction<Result>(run: (session: SqliteConnection) => Promise<Result>): Promise<Result> {
    this.#attempt(() => this.#database.exec('BEGIN IMMEDIATE'))
    try {
      const result = await run(this)
      this.#attempt(() => this.#database.exec('COMMIT'))
      return result
    } catch (error) {
      // Some errors have ended the transaction.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  #attempt<Result>(run: () => Result): Result {
    try {
      return run()
    } catch (error) {
      throw toDestinationError(error)
    }
  }
}
