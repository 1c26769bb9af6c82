import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DestinationError, type DestinationErrorKind } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertedColumns } from '../src/error-text.ts'
import { classify, redactedMessage, toDestinationError, toOpenError } from '../src/errors.ts'

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
let other: DuckDBConnection

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  writeFileSync(join(folder, 'text.parquet'), 'this is no parquet file')
  writeFileSync(join(folder, 'value.jsonl'), '{"a": "secret731"}\n')
  writeFileSync(join(folder, 'day.jsonl'), '{"a": "secret731"}\n')
  writeFileSync(join(folder, 'surrogate.jsonl'), '{"a": "\\ud800 secret731"}\n')
  writeFileSync(join(folder, 'long.jsonl'), `{"a": "secret731${'x'.repeat(40_000_000)}"}\n`)
  writeFileSync(join(folder, 'value.csv'), 'a,b\nsecret731,1\n')
  writeFileSync(join(folder, 'wide.csv'), 'a,b\n1,2,secret731\n')
  writeFileSync(join(folder, 'quote.csv'), 'a,b\n"secret731,2\n')
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

const csv = (file: string) =>
  `SELECT * FROM read_csv('{folder}/${file}', header = true, auto_detect = false, delim = ',', columns = {'a': 'BIGINT', 'b': 'BIGINT'})`

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
    /^Conversion Error: Type INT32 with value … can't be cast because the value is out of range for the destination type$/,
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
  [
    'text that is no JSON',
    'terminal',
    /^Conversion Error: Malformed JSON at byte … unexpected end of data$/,
    `SELECT '{"secret731":'::JSON`,
  ],
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
    /^Invalid Input Error: JSON transform error in file … in line 1 Failed to cast value to numerical$/,
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
    /^Invalid Input Error: Malformed JSON in file … in line 3 unexpected end of data$/,
    json('broken.jsonl', 'BIGINT'),
  ],
  [
    'a text of a file that is no date',
    'terminal',
    /^Invalid Input Error: JSON transform error in file … in line 1 invalid date field format expected format is \(YYYY-MM-DD\)$/,
    json('day.jsonl', 'DATE'),
  ],
  [
    'a broken character',
    'terminal',
    /^Invalid Input Error: Malformed JSON in file … in line 2 no low surrogate in string$/,
    json('surrogate.jsonl', 'VARCHAR'),
  ],
  [
    'a line that is too long',
    'terminal',
    /^Invalid Input Error: … "maximum_object_size" exceeded while reading file$/,
    json('long.jsonl', 'VARCHAR'),
  ],
  [
    'a text of a CSV file that is no number',
    'terminal',
    /^Conversion Error: CSV Error on Line: …2 Error when converting column Could not convert string to 'BIGINT'/,
    csv('value.csv'),
  ],
  [
    'too many fields',
    'terminal',
    /^Invalid Input Error: CSV Error on Line: …2 Expected Number of Columns$/,
    csv('wide.csv'),
  ],
  [
    'a quote that is not closed',
    'terminal',
    /^Invalid Input Error: CSV Error on Line: …2 Value with unterminated quote found$/,
    csv('quote.csv'),
  ],
  [
    'a missing column of the table that is written to',
    'undefined-entity',
    /^Binder Error: Table "t" does not have a column with name "nope"$/,
    'INSERT INTO ds.t (nope) VALUES (1)',
  ],
  [
    'a missing column of the table that is compared',
    'undefined-entity',
    /^Binder Error: Table "d" does not have a column named "nope"/,
    'DELETE FROM ds.t AS d WHERE d.nope = 1',
  ],
  ['no transaction', 'terminal', /^TransactionContext Error: cannot rollback/, 'ROLLBACK'],
]

it.each(cases)('calls %s %s', async (_title, kind, message, statement) => {
  const error = await provoke(statement)
  expect(classify(error)).toEqual({ kind, conflict: false })
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

it.each(conflicts)('calls a conflict about %s one that can be waited out', async (_title, mine, theirs) => {
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
  expect(classify(error)).toEqual({ kind: 'transient', conflict: true })
})

it('leaves the original error out, because its text shows values', async () => {
  const error = toDestinationError(await provoke("SELECT 'secret731'::BIGINT"))
  expect(error).toBeInstanceOf(DestinationError)
  expect(error.message).toBe('DuckDB: Conversion Error: Could not convert string … to INT64')
  expect(error.context).toEqual({ destination: 'duckdb' })
  expect(error.cause).toBeUndefined()
})

it('hands on errors that are classified already, and takes what is no error', () => {
  const own = new DltError('own', { code: 'DATA' })
  expect(toDestinationError(own)).toBe(own)
  expect(toDestinationError('words').message).toBe('DuckDB: words')
})

it('names the column where DuckDB does, and only one that the statement lists', async () => {
  await connection.run('CREATE OR REPLACE TABLE ds.c ("a ""b" BIGINT NOT NULL, day DATE)')
  const errorOf = async (statement: string) => toDestinationError(await provoke(statement), { statement })
  const cast = await errorOf(`INSERT INTO "ds"."c" ("day", "a ""b") SELECT DATE '2024-01-02', 'secret731'`)
  expect(cast.message).toBe('DuckDB: Conversion Error: Could not convert string … to INT64')
  await connection.run(`CREATE OR REPLACE TABLE ds.s AS SELECT 'secret731' AS "a ""b"`)
  const source = await errorOf(`INSERT INTO "ds"."c" ("a ""b") SELECT "a ""b" FROM ds.s`)
  expect(source.message).toBe('DuckDB: Conversion Error: Could not convert string … to INT64 (column "a "b")')
  expect(source.context).toEqual({ destination: 'duckdb', column: 'a "b' })
  const missing = await errorOf(`INSERT INTO "ds"."c" ("day") SELECT "day" FROM ds.s`)
  expect(missing.context).toEqual({ destination: 'duckdb', column: 'day' })
  const value = "x' to INT64 when casting from source column secret731"
  const forged = await errorOf(`INSERT INTO "ds"."c" ("day") VALUES ('${value.replaceAll("'", "''")}')`)
  expect(forged.message).not.toMatch(/731/)
  expect(forged.context).toEqual({ destination: 'duckdb' })
})

it('reads the columns of an INSERT, whatever their names are', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.string(), (names, value) => {
      const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
      const literal = `'${value.replaceAll("'", "''")}'`
      expect(insertedColumns(`\n  INSERT INTO "ds"."t" (${quoted}) VALUES (${literal})`)).toEqual(names)
    }),
  )
  expect(insertedColumns('SELECT 1')).toEqual([])
})

it('never shows a value, whatever it is', async () => {
  await connection.run('CREATE OR REPLACE TABLE ds.v (day DATE, number BIGINT, price DECIMAL(5,2), document JSON)')
  const text = fc.array(
    fc.constantFrom(
      '"',
      "'",
      '\n',
      ' ',
      ',',
      'LINE 1: ',
      ': ',
      'to INT64',
      'when casting from source column ',
      '[',
      '\\x',
    ),
    { maxLength: 8 },
  )
  const column = fc.constantFrom('day', 'number', 'price', 'document')
  await fc.assert(
    fc.asyncProperty(text, text, column, async (before, after, name) => {
      // A text in double quotes would be JSON; behind an open bracket nothing here is.
      const value = [name === 'document' ? '[' : '', ...before, 'secret', ...after].join('').replaceAll("'", "''")
      const statement = `INSERT INTO "ds"."v" ("${name}") SELECT '${value}' AS v`
      const error = toDestinationError(await provoke(statement), { statement })
      expect(error.message).not.toContain('secret')
    }),
    { numRuns: 200 },
  )
})

it.each([
  'Out of Memory Error: failed to allocate data of size 1.0 GiB',
  'IO Error: Could not write file "a.duckdb": No space left on device',
  'INTERNAL Error: something',
  'words',
])('calls what says nothing against a package transient, and no conflict: %s', (message) => {
  expect(classify(new Error(message))).toEqual({ kind: 'transient', conflict: false })
})

it('says what to do with a connection that was closed', async () => {
  const closed = await instance.connect()
  closed.closeSync()
  const error = await closed.run('SELECT 1').catch((reason: unknown) => toDestinationError(reason))
  expect(error).toMatchObject({
    kind: 'transient',
    message: expect.stringMatching(/^The DuckDB connection is closed\..*open another one/),
  })
})

it('says what to do with a file of a newer DuckDB', async () => {
  const path = join(folder, 'newer.duckdb')
  const made = await DuckDBInstance.create(path)
  made.closeSync()
  const bytes = readFileSync(path)
  // The version is the upper half of one word of the main header and the lower half of the next; the checksum is the exclusive or of all words times a constant.
  const constant = 0xbf58476d1ce4e5b9n
  let checksum = bytes.readBigUInt64LE(0)
  const change = (offset: number, word: bigint): void => {
    checksum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(offset) * constant) ^ BigInt.asUintN(64, word * constant)
    bytes.writeBigUInt64LE(word, offset)
  }
  change(8, (bytes.readBigUInt64LE(8) & 0xffffffffn) | (999n << 32n))
  bytes.writeBigUInt64LE(checksum, 0)
  writeFileSync(path, bytes)
  const error = await DuckDBInstance.create(path).catch((reason: unknown) => toOpenError(reason, path))
  expect(error).toMatchObject({
    kind: 'terminal',
    message: `The DuckDB file "${path}" cannot be opened: it was written by another version of DuckDB, whose files the installed one does not read. Update @duckdb/node-api, or give the path of another file.`,
  })
})
