import { existsSync, readFileSync } from 'node:fs'
import { type DestinationClient, DestinationError, type LoadJob, type ResultBatch } from '@dlt/destination'
import { conformanceCases } from '@dlt/destination-testkit'
import { PlainTime, PreciseDateTime } from '@dlt/schema'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BrokenDestinations, type Defect } from './broken-destination.ts'

let destinations: BrokenDestinations
beforeAll(async () => {
  destinations = await BrokenDestinations.open()
})
afterAll(() => destinations[Symbol.dispose]())

/** What is common to all dispositions. */
const cases = conformanceCases.filter(
  ({ name }) => !/^(delete-insert|upsert|insert-only|cdc|scd2|a switch|replace by .*): /.test(name),
)

/** Cases that are made once for each data type; only defects of types need them. */
const isPerType = (name: string): boolean => / of type /.test(name)

const failures = (defect: Defect, expected: readonly string[]): Promise<readonly string[]> =>
  destinations.failures(defect, expected.some(isPerType) ? cases : cases.filter(({ name }) => !isPerType(name)))

const typeCases = (...types: readonly string[]): readonly string[] =>
  ['jsonl', 'insert_values', 'csv', 'parquet'].flatMap((format) =>
    types.map((type) => `values of type ${type} come back as they were, from ${format}`),
  )

/** The rows that are in the file, whatever the manifest says. */
const countedJob = (job: LoadJob): LoadJob => {
  if (!existsSync(job.path)) return job
  const lines = readFileSync(job.path, 'utf8').split('\n').length - 1
  return { ...job, rowCount: job.format === 'jsonl' ? lines : lines - 2 }
}

const readingCases = (what: string, ...types: readonly string[]): readonly string[] =>
  types.map((type) => `reading: ${what.replace('…', type)}`)

/** Whole milliseconds only. */
const cutTimestamps = ({ rowCount, columns }: ResultBatch): ResultBatch => ({
  rowCount,
  columns: columns.map(({ column, values }) => ({
    column,
    values: values.map((value) =>
      typeof value === 'bigint' && column.data_type === 'timestamp' ? (value / 1000n) * 1000n : value,
    ),
  })),
})

/** The other form that the contract allows for points in time. */
const asText = (type: string, value: unknown): unknown => {
  if (typeof value !== 'bigint') return value
  if (type === 'timestamp') return new PreciseDateTime(value, true).toString()
  return type === 'time' ? new PlainTime(value).toString() : value
}

const timesAsText = ({ rowCount, columns }: ResultBatch): ResultBatch => ({
  rowCount,
  columns: columns.map(({ column, values }) => ({
    column,
    values: values.map((value) => asText(column.data_type, value)),
  })),
})

const closesOnce = (client: DestinationClient): Partial<DestinationClient> => {
  let closed = false
  return {
    [Symbol.asyncDispose]: async () => {
      if (closed) throw new Error('The client is closed.')
      closed = true
      await client[Symbol.asyncDispose]()
    },
  }
}

const terminal = (error: DestinationError): DestinationError =>
  new DestinationError(error.message, { kind: 'terminal' })

const defects: readonly (readonly [title: string, defect: Defect, failing: readonly string[]])[] = [
  ['has no defect', {}, []],
  [
    'commits each statement on its own',
    { withoutTransactions: true, oneClient: true },
    [
      'a file that fails leaves nothing of its package',
      'a file that is gone is an error, and the package can be loaded when it is back',
      'a package refused for its row count leaves no rows',
      'a package that fails empties nothing',
      'a table that is missing is created by the load, though the schema is stored',
    ],
  ],
  [
    'does not look for the load id',
    { rows: (sql, rows) => (/SELECT 1 AS found FROM .*_dlt_loads/.test(sql) ? [] : rows) },
    [
      'a load id is loaded once',
      'clients that load the same package at once load it once',
      'what one client loaded the next one sees',
      'a package is known to be loaded from its commit on',
      'a package that was loaded before empties nothing',
      'a refresh whose package is loaded drops nothing',
    ],
  ],
  [
    'looks for the load id whatever the schema',
    {
      sql: (sql) =>
        sql.includes('SELECT 1 AS found') ? sql.replace(/AND "schema_name" = (\?|\$\d+)/, 'AND $1 IS NOT NULL') : sql,
    },
    ['load ids of two schemas are told apart'],
  ],
  [
    'drops NOT NULL',
    { sql: (sql) => (sql.endsWith('SET NOT NULL') ? 'SELECT 1' : sql.replaceAll(/(?<!IS )NOT NULL/g, '')) },
    ['a NOT NULL column refuses nulls', 'a NOT NULL column can be added to an empty table, and refuses nulls'],
  ],
  [
    'loses microseconds',
    { sql: (sql) => sql.replaceAll(/TIMESTAMP WITH TIME ZONE|TIMESTAMP /g, 'TIMESTAMP_MS ') },
    [
      // Its columns are found too narrow whenever tables are compared, which these compare with what should be altered.
      'a refresh drops tables before they are made again, and forgets versions where that is asked for',
      'a refresh whose package is loaded drops nothing',
      'a table that is missing is created by the load, though the schema is stored',
      'a column that is missing is created by the load',
      'new columns and tables are added, rows stay',
      ...typeCases('timestamp', 'timestamp with 6 digits of a second', 'timestamp without time zone'),
      ...readingCases('values of type … come back as they were', 'timestamp', 'timestamp without time zone'),
      ...readingCases('rows are found by a parameter of type …', 'timestamp', 'timestamp without time zone'),
    ],
  ],
  [
    'rounds fractions',
    { sql: (sql) => sql.replaceAll('DOUBLE', 'FLOAT') },
    [
      ...typeCases('double'),
      ...readingCases('values of type … come back as they were', 'double'),
      ...readingCases('rows are found by a parameter of type …', 'double'),
    ],
  ],
  [
    'cuts off microseconds when it reads',
    {
      reads: async function* (read) {
        for await (const batch of read()) yield cutTimestamps(batch)
      },
    },
    readingCases('values of type … come back as they were', 'timestamp', 'timestamp without time zone'),
  ],
  [
    'changes what it is asked to read',
    {
      reads: async function* (read, statement, session) {
        if (/^(INSERT|DELETE|DROP|CREATE)/.test(statement.sql)) {
          await session.execute(statement)
          yield { rowCount: 0, columns: [] }
        } else yield* read()
      },
    },
    ['reading: nothing can be changed'],
  ],
  [
    'forgets the columns of a result without rows',
    {
      reads: async function* (read) {
        for await (const batch of read()) if (batch.rowCount > 0) yield batch
      },
    },
    ['reading: a result without rows has its columns'],
  ],
  [
    'stops at the first batch',
    {
      reads: async function* (read) {
        for await (const batch of read()) {
          yield batch
          return
        }
      },
    },
    ['reading: many rows come in batches'],
  ],
  [
    'does not compare row counts',
    { client: (client) => ({ load: (request) => client.load({ ...request, jobs: request.jobs.map(countedJob) }) }) },
    [
      'a row count that differs from the manifest refuses the package',
      'a package refused for its row count leaves no rows',
    ],
  ],
  [
    'empties only tables with files',
    { sql: (sql) => (/^DELETE FROM .*"nested"$/.test(sql) ? 'SELECT 1' : sql) },
    ['tables are emptied before a package is loaded, those without files too'],
  ],
  [
    'writes a schema again whose hash it has',
    {
      rows: (sql, rows) => {
        if (/SELECT 1 AS found FROM .*_dlt_version/.test(sql)) return []
        return /_dlt_version.*UNION ALL/s.test(sql) ? rows.filter((row) => row['table_name'] !== null) : rows
      },
    },
    [
      'a schema whose hash is stored changes nothing',
      'a refresh drops tables before they are made again, and forgets versions where that is asked for',
      'a refresh whose package is loaded drops nothing',
      'a table that is missing is created by the load, though the schema is stored',
    ],
  ],
  [
    'reads the newest schema row, whatever the last load used',
    { sql: (sql) => sql.replace('THEN 0 ELSE 1 END', 'THEN 0 ELSE 0 END') },
    ['the schema of the last load is read, also where it returned to an earlier content'],
  ],
  [
    'reads the state of loads that never finished',
    {
      sql: (sql) =>
        sql.includes('_dlt_pipeline_state" AS s')
          ? sql
              .replace('JOIN', 'LEFT JOIN')
              .replace('AND l."status" = 0', '')
              .replace('ORDER BY l."load_id"', 'ORDER BY s."version"')
          : sql,
    },
    ['the state of a load that never finished is not read'],
  ],
  [
    "puts the database's words into its errors",
    {
      error: (error) =>
        new DestinationError(`${String(error)}: secret-value`, {
          kind: DestinationError.is(error) ? error.kind : 'terminal',
          conflict: DestinationError.is(error) && error.conflict,
        }),
    },
    [
      'an error names the file and the table, and no value',
      ...['text in a column of integers', 'text in a column of timestamps', 'text in a column of dates'].map(
        (what) => `a ${what} is a terminal error that names the table, and leaves nothing`,
      ),
    ],
  ],
  [
    'takes what is missing for a refusal',
    {
      error: (error) =>
        DestinationError.is(error, 'undefined-entity') && !error.message.includes('_dlt_') ? terminal(error) : error,
    },
    [
      'a table that is missing is created by the load, though the schema is stored',
      'a column that is missing is created by the load',
      'reading: what is not there is an undefined entity, and is not created',
    ],
  ],
  [
    'cannot be closed again',
    { client: closesOnce },
    [
      'a client that is closed can be closed again',
      'reading: who stops early can read on, and the dataset can be loaded into',
      'what one client loaded the next one sees',
    ],
  ],
]

it.each(defects)(
  'a destination that %s fails exactly the cases that say so',
  { timeout: 300_000 },
  async (_title, defect, failing) => {
    expect([...(await failures(defect, failing))].sort()).toEqual([...failing].sort())
  },
)

it('a destination may read points in time as text', { timeout: 300_000 }, async () => {
  const reads: Defect['reads'] = async function* (read) {
    for await (const batch of read()) yield timesAsText(batch)
  }
  const read = cases.filter(({ name }) => name.startsWith('reading: values of type '))
  expect(read.length).toBeGreaterThan(0)
  expect(await destinations.failures({ reads }, read)).toEqual([])
})
