import type { ReadStatement, ResultBatch } from '../dataset-reader.ts'

/** A statement as it is sent: text with placeholders, and the values for them. */
export interface CompiledStatement {
  readonly sql: string
  /** Texts, numbers and bigints, beside what a dialect's own queries hold. */
  readonly parameters: readonly unknown[]
}

/** A row of a result, by column name. 64-bit integers may be `number`, `bigint` or text, timestamps `Date` or text. */
export type SqlRow = Readonly<Record<string, unknown>>

/** What runs statements: a connection outside a transaction, or a transaction. Errors are `DestinationError`s. */
export interface SqlSession {
  /** Runs a statement and says how many rows it inserted, changed or deleted (0 for DDL). */
  execute(statement: CompiledStatement): Promise<number>
  /** Runs a query; meant for few rows. */
  query(statement: CompiledStatement): Promise<readonly SqlRow[]>
}

/** An open connection to a database. Calls are made one after another. A vendor may add to its session what jobs need. */
export interface SqlConnection<Session extends SqlSession = SqlSession> extends SqlSession, AsyncDisposable {
  /** Runs statements in one transaction: committed when `run` returns, rolled back when it throws. Not nested. */
  transaction<Result>(run: (session: Session) => Promise<Result>): Promise<Result>
  /**
   * Runs one query in a read-only transaction of its own, and hands out its rows as they come; see `DatasetReader.read`. Absent where
   * datasets cannot be read back.
   */
  read?(statement: ReadStatement): AsyncIterable<ResultBatch>
}
