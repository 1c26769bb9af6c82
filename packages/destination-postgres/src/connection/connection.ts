import { DestinationError, type ReadStatement, type ResultBatch } from '@dlt/destination'
import type { CompiledStatement, SqlConnection, SqlRow, SqlSession } from '@dlt/destination/sql'
import type { PoolClient, QueryResult } from 'pg'
import { isConnectionError, toDestinationError } from '../errors/errors.ts'
import type { ConnectionPool } from './pool.ts'
import { rowTexts } from './row-texts.ts'
import { beginStatement, type SessionSettings } from './session-settings.ts'
import { statementValues } from './statement-values.ts'

/** What statements of one transaction run on; files are copied over its connection. */
export interface PostgresSession extends SqlSession {
  readonly client: PoolClient
}

/** The protocol ends texts at U+0000: what stands behind it would be lost, or read as something else. */
const refuseNul = (sql: string): void => {
  if (!sql.includes('\0')) return
  throw new DestinationError(
    'A name or a condition has the character U+0000, which Postgres does not take. Choose another name.',
    { kind: 'terminal', context: { destination: 'postgres' } },
  )
}

const send = async (client: PoolClient, { sql, parameters }: CompiledStatement): Promise<QueryResult> => {
  refuseNul(sql)
  try {
    return await client.query({ text: sql, values: statementValues(parameters), types: rowTexts })
  } catch (error) {
    throw toDestinationError(error)
  }
}

const command = (client: PoolClient, sql: string): Promise<QueryResult> =>
  client.query(sql).catch((error: unknown) => {
    throw toDestinationError(error)
  })

const sessionOf = (client: PoolClient): PostgresSession => ({
  client,
  execute: async (statement) => (await send(client, statement)).rowCount ?? 0,
  query: async (statement) => (await send(client, statement)).rows,
})

/** A COMMIT of a transaction that has failed in between rolls back, and says so only by its answer. */
const commit = async (client: PoolClient): Promise<void> => {
  const { command: answer } = await command(client, 'COMMIT')
  if (answer === 'COMMIT') return
  throw new DestinationError('Postgres rolled the transaction back instead of committing it.', {
    kind: 'transient',
    context: { destination: 'postgres' },
  })
}

/**
 * Connections of a pool as SQL clients use them: each transaction takes one and leaves nothing in its session, so that a pooler may give
 * every transaction another session. A connection that broke is not used again.
 */
export class PostgresConnection implements SqlConnection<PostgresSession> {
  readonly #pool: ConnectionPool
  readonly #settings: SessionSettings
  #closed = false

  constructor(pool: ConnectionPool, settings: SessionSettings) {
    this.#pool = pool
    this.#settings = settings
  }

  execute(statement: CompiledStatement): Promise<number> {
    return this.#withClient((client) => sessionOf(client).execute(statement))
  }

  query(statement: CompiledStatement): Promise<readonly SqlRow[]> {
    return this.#withClient((client) => sessionOf(client).query(statement))
  }

  transaction<Result>(run: (session: PostgresSession) => Promise<Result>): Promise<Result> {
    return this.#withClient(async (client) => {
      await command(client, beginStatement(this.#settings))
      let result: Result
      try {
        result = await run(sessionOf(client))
      } catch (error) {
        await rollback(client)
        throw error
      }
      await commit(client)
      return result
    })
  }

  async *read(statement: ReadStatement): AsyncGenerator<ResultBatch> {
    const { batchesOf } = await import('../reading/query-batches.ts')
    refuseNul(statement.sql)
    const client = await this.#checkOut()
    let broken = true
    try {
      await command(client, beginStatement(this.#settings, ' READ ONLY'))
      try {
        yield* batchesOf(client, statement)
      } finally {
        broken = !(await rollback(client))
      }
    } finally {
      release(client, broken)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#pool[Symbol.asyncDispose]()
  }

  async #checkOut(): Promise<PoolClient> {
    if (this.#closed) throw new DestinationError('The Postgres client is closed. Connect again.', { kind: 'terminal' })
    const client = await this.#pool.connect()
    client.on('error', ignore)
    return client
  }

  async #withClient<Result>(run: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#checkOut()
    let broken = false
    try {
      return await run(client)
    } catch (error) {
      broken = isBroken(error)
      throw error
    } finally {
      release(client, broken)
    }
  }
}

/** A connection that breaks fails the statement that is under way or comes next; without a listener it would end the process. */
const ignore = (): void => undefined

const release = (client: PoolClient, broken: boolean): void => {
  client.off('error', ignore)
  client.release(broken)
}

/** Whether the transaction was ended. It is not where the connection is gone, and then there is nothing to end. */
const rollback = (client: PoolClient): Promise<boolean> =>
  client.query('ROLLBACK').then(
    () => true,
    () => false,
  )

const isBroken = (error: unknown): boolean =>
  isConnectionError(error) || (DestinationError.is(error, 'transient') && error.conflict)
