import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { DefaultQueryCompiler, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SqlConnection, type SqlSession, sqlCommitPointChannel, sqlExecutor } from '../../src/sql/index.ts'
import { announcedTransaction, type SqlCommitPointEvent, sqlCommitPoints } from '../../src/sql/sql-commit-points.ts'

/** What was announced and what was sent, in order. */
let log: string[] = []

const note = (message: unknown): void => {
  const { point, operation, subject, moment } = message as SqlCommitPointEvent
  expect(Object.keys(sqlCommitPoints)).toContain(point)
  log.push(`${moment} ${operation} ${point} ${subject}`.trim())
}

const session: SqlSession = {
  execute: async ({ sql: text }) => {
    log.push(text)
    if (text.includes('refused')) throw new Error('refused')
    return 1
  },
  query: async ({ sql: text }) => {
    log.push(text)
    return []
  },
}

const connection: SqlConnection = {
  ...session,
  transaction: async (run) => {
    log.push('BEGIN')
    const result = await run(session)
    log.push('COMMIT')
    return result
  },
  [Symbol.asyncDispose]: async () => {},
}

const executorOf = (each: SqlSession) => sqlExecutor(each, new DefaultQueryCompiler())

describe('the commit points of a SQL destination', () => {
  beforeEach(() => {
    log = []
    subscribe(sqlCommitPointChannel, note)
  })
  afterEach(() => {
    unsubscribe(sqlCommitPointChannel, note)
  })

  it('are announced before and after begin, statement and commit; queries change nothing', async () => {
    const result = await announcedTransaction(connection, async (inner) => {
      await executorOf(inner).query(sql`SELECT 1`)
      return executorOf(inner).execute(sql`INSERT INTO ${sql.id('orders')} VALUES (${'secret'})`)
    })
    expect(result).toBe(1)
    expect(log).toEqual([
      'before call sql.begin',
      'BEGIN',
      'after call sql.begin',
      'SELECT 1',
      'before call sql.statement INSERT INTO',
      'INSERT INTO "orders" VALUES ($1)',
      'after call sql.statement INSERT INTO',
      'before call sql.commit',
      'COMMIT',
      'after call sql.commit',
    ])
  })

  it('have no event after what failed', async () => {
    const failed = announcedTransaction(connection, (inner) => executorOf(inner).execute(sql`DROP refused`))
    await expect(failed).rejects.toThrow('refused')
    expect(log.filter((line) => line.includes('sql.'))).toEqual([
      'before call sql.begin',
      'after call sql.begin',
      'before call sql.statement DROP',
    ])
  })

  it('cost nothing where nobody listens', async () => {
    unsubscribe(sqlCommitPointChannel, note)
    await announcedTransaction(connection, (inner) => executorOf(inner).execute(sql`CREATE TABLE orders`))
    expect(log).toEqual(['BEGIN', 'CREATE TABLE orders', 'COMMIT'])
  })
})
