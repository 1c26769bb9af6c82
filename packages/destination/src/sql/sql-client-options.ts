import type { ColumnSchema, NamingConvention, ReplaceStrategy, TableSchema } from '@dlt/schema'
import type { DestinationCapabilities } from '../capabilities.ts'
import type { LoadJob, LoadRequest } from '../destination.ts'
import type { RetryPolicy } from './retry-conflicts.ts'
import type { SqlConnection, SqlSession } from './sql-connection.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlExecutor } from './sql-executor.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** The table that a job loads into. */
export interface JobTarget {
  readonly table: TableSchema
  /** Qualified name. */
  readonly name: SqlFragment
  /** Schemas of the columns in the job's file, in the file's order. */
  readonly columns: readonly ColumnSchema[]
  /**
   * Whether it matters which rows came first: of several rows with one key that wait to be merged, the order says which one counts. Rows that
   * are only added may lie in any order.
   */
  readonly insertionOrder: InsertionOrder
}

/** Whether the order of a table's rows matters. */
export type InsertionOrder = 'kept' | 'any'

/** What a job runs with, inside the transaction of its package. */
export interface JobSession<Session extends SqlSession> extends SqlExecutor {
  /** The vendor's own session, for what is not a statement (a copy stream). */
  readonly session: Session
}

/** How a vendor loads files, and what it locks. */
export interface SqlLoader<Session extends SqlSession = SqlSession> {
  /**
   * Told of a package before its transaction begins, again when missing tables were created for it; may bring its rows near to where they
   * belong. What is wrong with a file is thrown by `loadJob`. Nothing happens when absent.
   */
  prepareLoad?(request: LoadRequest): Promise<void>
  /** Told that the transaction was committed or given up, to clear away what `prepareLoad` has made. Nothing happens when absent. */
  finishLoad?(request: LoadRequest): Promise<void>
  /**
   * Loads a file into its table and says how many rows the database took.
   * @throws DestinationError; the transaction is then rolled back, and tried again where the error is a conflict
   */
  loadJob(job: LoadJob, target: JobTarget, session: JobSession<Session>): Promise<number>
  /**
   * Loads several files into their table at once and says how many rows the database took, where that is faster than one after another:
   * files of one format and with columns of the same names, though not in the same order. Undefined where none of them was loaded and they
   * are to be loaded one by one, as they are when absent.
   * @throws DestinationError like `loadJob`
   */
  loadTogether?(jobs: readonly LoadJob[], target: JobTarget, session: JobSession<Session>): Promise<number | undefined>
  /**
   * Writes the rows of a package, as `write` does, inside its transaction; may make their tables ready for them before, and as they were
   * after. What it does becomes visible with the rows. Only `write` is called when absent.
   */
  writeRows?<Result>(request: LoadRequest, session: JobSession<Session>, write: () => Promise<Result>): Promise<Result>
  /** Takes a lock on a load id until the transaction ends, where the database has such locks. */
  lockLoad?(loadId: string, session: JobSession<Session>): Promise<void>
  /**
   * Runs a load while no other one of the same package runs, and none that changes rows of the same tables. For databases where two
   * transactions that each insert one row, or delete and insert it, do not notice each other; absent where the database has locks, see
   * `lockLoad` and `SqlDialect.lockTable`.
   */
  whileLocked?<Result>(locks: LoadLocks, run: () => Promise<Result>): Promise<Result>
}

/** What a load needs for itself. */
export interface LoadLocks {
  readonly loadId: string
  /** Names of the root tables of which rows are changed, in their order; none where rows are only added. */
  readonly tables: readonly string[]
}

/** What a {@link SqlDestinationClient} works with. */
export interface SqlClientOptions<Session extends SqlSession = SqlSession> {
  /** Owned by the client: closed with it, once, however often the client is closed. */
  readonly connection: SqlConnection<Session>
  readonly dialect: SqlDialect
  readonly capabilities: DestinationCapabilities
  /** Name of the dataset at the destination, normalized. */
  readonly datasetName: string
  /** Names staging tables, together with the load id. */
  readonly pipelineName: string
  /** How tables are replaced; the first strategy of the capabilities when absent. */
  readonly replaceStrategy?: ReplaceStrategy
  /** Convention through which the names of dlt's own tables pass where no schema is at hand. */
  readonly naming: NamingConvention
  readonly loader: SqlLoader<Session>
  /** How conflicts are waited out; {@link defaultRetryPolicy} when absent. */
  readonly retry?: RetryPolicy
}
