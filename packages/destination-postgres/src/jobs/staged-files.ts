import { stat } from 'node:fs/promises'
import type { LoadJob, LoadRequest } from '@dlt/destination'
import {
  compileSql,
  type JobTarget,
  type QueryCompiler,
  qualifiedName,
  type SqlFragment,
  sql,
  stagingPrefix,
} from '@dlt/destination/sql'
import { postgresCapabilities } from '../capabilities.ts'
import type { PostgresConnection, PostgresSession } from '../connection/connection.ts'
import { toDestinationError } from '../errors/errors.ts'
import { copyFile, copyStatement } from './copy-job.ts'

/** Bytes of files from which on they are staged: below that, making and dropping tables costs more than it brings. */
const worthStaging = 32 * 1024 * 1024

/** After how long a staging table that nobody has dropped is taken for one of a load that was killed and given up. */
const abandonedAfter = 24 * 60 * 60 * 1000

/** What {@link StagedFiles} work with. */
export interface StagedFilesOptions {
  readonly connection: PostgresConnection
  readonly compiler: QueryCompiler
  readonly dataset: string
  readonly pipelineName: string
  /** How many files are copied at once. */
  readonly connections: number
}

/**
 * Files of tables that a large package empties first, copied over several connections into unlogged tables of its own before its transaction
 * begins. That one then moves the rows within the server, and keeps readers out only as long as that takes. A file that cannot be staged is
 * left to the transaction, which copies it and says what is wrong with it. Tables that a killed load has left are made anew by its next
 * attempt, and dropped after a day where there is none.
 */
export class StagedFiles {
  readonly #options: StagedFilesOptions
  /** Names of the tables by id of the job. */
  readonly #tables = new Map<string, SqlFragment>()

  constructor(options: StagedFilesOptions) {
    this.#options = options
  }

  /** Stages the files of a package where that is worth while. */
  async prepare(request: LoadRequest): Promise<void> {
    const jobs = await stagedJobs(request)
    if (jobs.length === 0) return
    await this.#dropAbandoned()
    const { pipelineName, dataset, connections } = this.#options
    const prefix = stagingPrefix(pipelineName, request.loadId, postgresCapabilities.identifiers.maxLength)
    const queue = jobs.map((job, index) => ({ job, name: qualifiedName(dataset, `${prefix}_${index + 1}`) }))
    const next = async (): Promise<void> => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift())
        await this.#stage(one.job, one.name, request)
    }
    await Promise.all(Array.from({ length: connections }, next))
  }

  /** Whether a file waits in a table. */
  has(job: LoadJob): boolean {
    return this.#tables.has(job.jobId)
  }

  /** Moves the rows of a file that {@link has} into its table, inside the transaction of the package. */
  async move(job: LoadJob, { name, columns }: JobTarget, { client }: PostgresSession): Promise<number> {
    const staged = this.#tables.get(job.jobId)
    const names = columns.map((column) => column.name)
    const list = sql.join(names.map((column) => sql.id(column)))
    try {
      const { rowCount } = await client.query(
        this.#compile(sql`INSERT INTO ${name} (${list}) SELECT ${list} FROM ${staged}`),
      )
      await client.query(this.#compile(sql`DROP TABLE ${staged}`))
      return rowCount ?? 0
    } catch (error) {
      throw toDestinationError(error, names)
    }
  }

  /** Drops what is left of the tables of the package. What cannot be dropped now is found by a later load. */
  async finish(): Promise<void> {
    const tables = [...this.#tables.values()]
    this.#tables.clear()
    if (tables.length > 0) await this.#drop(tables).catch(() => undefined)
  }

  /** The types are those of the table that the rows are for, also where somebody has changed them. */
  async #stage(job: LoadJob, staged: SqlFragment, { schema }: LoadRequest): Promise<void> {
    const { connection, dataset } = this.#options
    const table = schema.tables.get(job.tableName)
    if (table === undefined) return
    const columns = job.columns.flatMap((column) => table.columns.get(column) ?? [])
    const list = sql.join(columns.map((column) => sql.id(column.name)))
    const target: JobTarget = { table, columns, name: staged, insertionOrder: 'kept' }
    const place = qualifiedName(dataset, table.name)
    try {
      await connection.transaction(async ({ client }) => {
        await client.query(this.#compile(sql`DROP TABLE IF EXISTS ${staged}`))
        await client.query(
          this.#compile(sql`CREATE UNLOGGED TABLE ${staged} AS SELECT ${list} FROM ${place} WITH NO DATA`),
        )
        await client.query(this.#compile(sql`COMMENT ON TABLE ${staged} IS ${sql.lit(new Date().toISOString())}`))
        await copyFile(client, this.#compile(copyStatement(target)), job, target)
      })
      this.#tables.set(job.jobId, staged)
    } catch {
      // The transaction of the package copies the file itself.
    }
  }

  async #dropAbandoned(): Promise<void> {
    const { connection, dataset } = this.#options
    const before = new Date(Date.now() - abandonedAfter).toISOString()
    const rows = await connection.query(
      compileSql(
        this.#options.compiler,
        sql`SELECT CAST(c.relname AS text) AS table_name FROM pg_catalog.pg_class AS c
          JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
          WHERE n.nspname = ${dataset} AND c.relpersistence = 'u' AND starts_with(CAST(c.relname AS text), '_dlt_staging_')
            AND obj_description(c.oid, 'pg_class') < ${before}`,
      ),
    )
    const tables = rows.map((row) => qualifiedName(dataset, String(row['table_name'])))
    if (tables.length > 0) await this.#drop(tables).catch(() => undefined)
  }

  async #drop(tables: readonly SqlFragment[]): Promise<void> {
    const { connection } = this.#options
    await connection.transaction(({ client }) =>
      client.query(this.#compile(sql`DROP TABLE IF EXISTS ${sql.join(tables)}`)),
    )
  }

  #compile(fragment: SqlFragment): string {
    return compileSql(this.#options.compiler, fragment).sql
  }
}

/**
 * The files of tables that are emptied, where they are large. Others are copied once, into the tables where they belong or, for merges, into
 * those of the transaction: to move rows costs the server more than to copy them, and nobody who reads waits for that.
 */
const stagedJobs = async ({ jobs, truncateTables }: LoadRequest): Promise<readonly LoadJob[]> => {
  const replaced = jobs.filter(({ tableName }) => truncateTables.includes(tableName))
  const sizes = await Promise.all(
    replaced.map(({ path }) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0) < worthStaging ? [] : replaced
}
