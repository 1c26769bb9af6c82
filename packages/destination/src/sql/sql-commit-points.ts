import { channel } from 'node:diagnostics_channel'
import type { SqlConnection, SqlSession } from './sql-connection.ts'

/**
 * What a SQL destination does that a process can die at, and why that is harmless. The events go out beside those of the pipeline's
 * own commit points, in the same form.
 */
export const sqlCommitPoints = {
  'sql.begin': 'Nothing has happened yet; a database ends the transaction of a connection that is gone.',
  'sql.statement':
    'The transaction is rolled back. Outside of one, which only schema changes can be, what is missing is added again.',
  'sql.commit':
    'Before: the transaction is rolled back. After: everything of it is visible, and found by the next run.',
} as const

/** What is announced before and after each operation. */
export interface SqlCommitPointEvent {
  readonly point: keyof typeof sqlCommitPoints
  readonly operation: 'call'
  /** The kind of statement, without names and values: `INSERT INTO`. Empty for a transaction. */
  readonly subject: string
  readonly moment: 'before' | 'after'
}

/** Name of the diagnostics channel that carries {@link SqlCommitPointEvent}s. Nothing subscribes but tests. */
export const sqlCommitPointChannel = 'dlt:commit-points'

const events = channel(sqlCommitPointChannel)

const announce = (event: Omit<SqlCommitPointEvent, 'operation'>): void => {
  if (events.hasSubscribers) events.publish({ ...event, operation: 'call' } satisfies SqlCommitPointEvent)
}

const kindOf = (sql: string): string => /^\s*([A-Z]+(?: [A-Z]+)*)/.exec(sql)?.[1] ?? ''

/** Sends a statement that changes something, between the two events that announce it. */
export const announcedStatement = async <Result>(sql: string, send: () => Promise<Result>): Promise<Result> => {
  if (!events.hasSubscribers) return send()
  const subject = kindOf(sql)
  announce({ point: 'sql.statement', subject, moment: 'before' })
  const result = await send()
  announce({ point: 'sql.statement', subject, moment: 'after' })
  return result
}

/** Runs statements in one transaction and announces its begin and its commit. One that is rolled back has no commit. */
export const announcedTransaction = async <Session extends SqlSession, Result>(
  connection: SqlConnection<Session>,
  run: (session: Session) => Promise<Result>,
): Promise<Result> => {
  announce({ point: 'sql.begin', subject: '', moment: 'before' })
  const committed = await connection.transaction(async (session) => {
    announce({ point: 'sql.begin', subject: '', moment: 'after' })
    const result = await run(session)
    announce({ point: 'sql.commit', subject: '', moment: 'before' })
    return result
  })
  announce({ point: 'sql.commit', subject: '', moment: 'after' })
  return committed
}
