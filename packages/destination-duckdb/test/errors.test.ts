import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DestinationError, type DestinationErrorKind } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { classify, redactedMessage, toDestinationError } from '../src/errors.ts'

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
let other: DuckDBConnection

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  writeFileSync(join(folder, 'text.parquet'), 'this is no parquet file')
  writeFileSync(join(folder, 'value.jsonl'), '{"a": "secret731"}\n')
  writeFileSync(join(folder, 'broken.jsonl'), '{"a": 1}\n{"a": \n')
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  other = await instance.connect()
  await connection.run('CREATE SCHEMA ds')
  await connection.run('CREATE TABLE ds.t (a BIGINT NOT NULL, b VARCHAR, u BIGINT UNIQUE)')
  await connection.run("INSERT INTO ds.t VALUES (1, 'x', 1)")
})
afterAll(() => {
  for (const open of [connection, other]) open.closeSync()
  instance.closeSync()
  rmSync(folder, { recursive: true })
})

const provoke = async (...statements: readonly string[]): Promise<unknown> => {
  try {
    for (const sql of statements) await connection.run(sql.replaceAll('{folder}', folder))
  } catch (error) {
    return error
  }
  throw new Error('nothing failed')
}

const json = (file: string, type: string) =>
  `SELECT * FROM read_json('{folder}/${file}', format = 'newline_delimited', columns = {'a': '${type}'})`

const cases: readonly (readonly [title: string, kind: DestinationErrorKind, message: RegExp, statement: string])[] = [
  [
    'a missing table',
    'undefined-entity',
    /^Catalog Error: Table with name nope does not exist!$/,
    'SELECT * FROM ds.nope',
  ],
  [
    'a missing table of an INSERT',
    'undefined-entity',
    /^Catalog Error: Table with name/,
    'INSERT INTO ds.nope VALUES (1)',
  ],
  ['a missing schema', 'undefined-entity', /schema "gone" does not exist/, 'INSERT INTO gone.t VALUES (1)'],
  ['a missing schema of a DROP', 'undefined-entity', /Schema with name gone does not exist/, 'DROP SCHEMA gone'],
  ['a table that exists', 'terminal', /already exists/, 'CREATE TABLE ds.t (a BIGINT)'],
  ['a missing column', 'terminal', /^Binder Error: Referenced column "nope" not found/, 'SELECT nope FROM ds.t'],
  ['a missing function', 'terminal', /Scalar Function with name nope does not exist/, 'SELECT nope(1)'],
  ['a null', 'terminal', /^Constraint Error: NOT NULL constraint failed: t.a$/, 'INSERT INTO ds.t (a) VALUES (NULL)'],
  [
    'a duplicate',
    'terminal',
    /^Constraint Error: Duplicate key … violates unique constraint$/,
    'INSERT INTO ds.t VALUES (731, NULL, 1)',
  ],
  [
    'a text that is no number',
    'terminal',
    /^Conversion Error: Could not convert string … to INT64$/,
    "SELECT 'secret731'::BIGINT",
  ],
  [
    'a number that is too large',
    'terminal',
    /^Conversion Error: Type INT32 with value … type INT8$/,
    'SELECT 731::TINYINT',
  ],
  [
    'too many digits',
    'terminal',
    /^Conversion Error: Could not cast value … to DECIMAL\(3,2\)$/,
    'SELECT 731::DECIMAL(3,2)',
  ],
  [
    'text that is no date',
    'terminal',
    /^Conversion Error: date field value out of range: …$/,
    "SELECT '0731-13-41'::DATE",
  ],
  ['text that is no JSON', 'terminal', /^Conversion Error: Malformed JSON at byte …$/, `SELECT '{"secret731":'::JSON`],
  [
    'an overflow',
    'terminal',
    /^Out of Range Error: Overflow in addition of INT64 …$/,
    'SELECT 9223372036854775807 + 731',
  ],
  ['a syntax error', 'terminal', /^Parser Error: syntax error at or near "[^"]*"$/, "SELECT FROM WHERE 'secret731'"],
  ['a missing file', 'terminal', /^IO Error: No files found/, "SELECT * FROM read_parquet('{folder}/nope.parquet')"],
  [
    'a file of another format',
    'terminal',
    /^Invalid Input Error: No magic bytes/,
    "SELECT * FROM read_parquet('{folder}/text.parquet')",
  ],
  [
    'a value of another type in a file',
    'terminal',
    /^Invalid Input Error: JSON transform error in file … in line 1$/,
    json('value.jsonl', 'BIGINT'),
  ],
  [
    'a value with line breaks',
    'terminal',
    /^Conversion Error: Could not convert string …$/,
    "SELECT 'a\n\nLINE 1: secret731\nDid you mean'::BIGINT",
  ],
  [
    'a broken file',
    'terminal',
    /^Invalid Input Error: Malformed JSON in file … in line 3$/,
    json('broken.jsonl', 'BIGINT'),
  ],
  ['no transaction', 'terminal', /^TransactionContext Error: cannot rollback/, 'ROLLBACK'],
]

it.each(cases)('calls %s %s', async (_title, kind, message, statement) => {
  const error = await provoke(statement)
  expect(classify(error)).toBe(kind)
  expect(redactedMessage(error)).toMatch(message)
  expect(redactedMessage(error)).not.toMatch(/731|LINE|SELECT|INSERT/)
})

const conflicts: readonly (readonly [title: string, mine: string, theirs: string])[] = [
  ['rows', 'UPDATE ds.t SET b = 1', 'UPDATE ds.t SET b = 2'],
  ['a table', 'CREATE TABLE ds.made (a BIGINT)', 'CREATE TABLE ds.made (a BIGINT)'],
  ['columns', 'ALTER TABLE ds.t ADD COLUMN c BIGINT', 'ALTER TABLE ds.t ADD COLUMN d BIGINT'],
  ['a schema', 'CREATE SCHEMA IF NOT EXISTS made', 'CREATE SCHEMA IF NOT EXISTS made'],
  ['an altered table', 'ALTER TABLE ds.t ADD COLUMN e BIGINT', 'INSERT INTO ds.t (a) VALUES (5)'],
]

it.each(conflicts)('calls a conflict about %s transient', async (_title, mine, theirs) => {
  await other.run('BEGIN')
  await other.run(mine)
  const error = await provoke('BEGIN', theirs, 'COMMIT').catch(async () => {
    try {
      await other.run('COMMIT')
    } catch (failed) {
      return failed
    }
    throw new Error('both committed')
  })
  await other.run('ROLLBACK').catch(() => undefined)
  await connection.run('ROLLBACK').catch(() => undefined)
  expect([classify(error), redactedMessage(error)]).toEqual(['transient', expect.any(String)])
})

it('leaves the original error out, because its text shows values', async () => {
  const error = toDestinationError(await provoke("SELECT 'secret731'::BIGINT"), { table: 'items' })
  expect(error).toBeInstanceOf(DestinationError)
  expect(error.message).toBe('DuckDB: Conversion Error: Could not convert string … to INT64')
  expect(error.context).toEqual({ destination: 'duckdb', table: 'items' })
  expect(error.cause).toBeUndefined()
})

it('hands on errors that are classified already, and takes what is no error', () => {
  const own = new DltError('own', { code: 'DATA' })
  expect(toDestinationError(own)).toBe(own)
  expect(toDestinationError('words').message).toBe('DuckDB: words')
  expect(classify(new Error('Out of Memory Error: failed to allocate'))).toBe('transient')
})
