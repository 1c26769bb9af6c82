import {
  bumpSchema,
  type CreateTableOptions,
  createSchema,
  createTable,
  namingConvention,
  type Schema,
  updateTable,
} from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import type { DestinationCapabilities, LoadJob, LoadRequest } from '../../../src/index.ts'
import { changedTables } from '../../../src/sql/dispositions/changed-tables.ts'
import { stagingPrefix } from '../../../src/sql/dispositions/staging-names.ts'
import { writeTables } from '../../../src/sql/dispositions/write-tables.ts'
import { dltTables } from '../../../src/sql/dlt-tables.ts'
import { type SqlDialect, type SqlSession, sql, sqlExecutor } from '../../../src/sql/index.ts'
import { sampleCapabilities } from '../../../src/testing/index.ts'
import { sampleDialect } from '../sample-dialect.ts'

const key = { name: 'id', data_type: 'bigint', nullable: false, primary_key: true } as const
const rowKey = { name: '_dlt_id', data_type: 'text', nullable: false, row_key: true } as const
const columns = [key, rowKey]

const schemaOf = (tables: Readonly<Record<string, CreateTableOptions>>): Schema => {
  let schema = createSchema('sample')
  for (const [name, options] of Object.entries(tables)) schema = updateTable(schema, createTable(name, options)).schema
  return bumpSchema(schema)
}

const schema = schemaOf({
  zebras: { writeDisposition: 'merge', columns },
  apes: { writeDisposition: 'merge', columns },
  logs: { writeDisposition: 'append', columns },
})

const jobOf = (tableName: string): LoadJob => ({
  jobId: `${tableName}.1.jsonl`,
  tableName,
  path: '',
  format: 'jsonl',
  rowCount: 0,
  columns: ['id'],
})

const request: LoadRequest = {
  loadId: '1.5',
  schema,
  jobs: [jobOf('zebras'), jobOf('logs'), jobOf('apes')],
  truncateTables: ['logs'],
}

const capabilities: DestinationCapabilities = {
  ...sampleCapabilities,
  dispositions: { writeDispositions: ['append', 'merge'], mergeStrategies: ['delete-insert'] },
}

/** What is sent to a database with a dialect; it answers that nothing is missing and nothing comes twice. */
const statementsOf = async (dialect: SqlDialect, given: LoadRequest = request): Promise<readonly string[]> => {
  const sent: string[] = []
  const session: SqlSession = {
    execute: async (statement) => {
      sent.push(statement.sql)
      return 0
    },
    query: async (statement) => {
      sent.push(statement.sql)
      const counted = ['missing_0', 'staged_rows'].find((name) => statement.sql.includes(name))
      return counted === undefined ? [] : [{ [counted]: 0 }]
    },
  }
  await writeTables({
    dialect,
    capabilities,
    dataset: 'ds',
    tables: dltTables(namingConvention('snake_case', 63)),
    pipelineName: 'zoo',
    replaceStrategy: 'truncate-and-insert',
    request: given,
    loader: {
      loadJob: async ({ tableName }) => {
        sent.push(`load ${tableName}`)
        return 0
      },
    },
    session: { ...sqlExecutor(session, dialect.createCompiler()), session },
  })
  return sent
}

describe('the rows of a package', () => {
  const [first, second] = ['"pg_temp"."_dlt_staging_zoo_1.5_1"', '"pg_temp"."_dlt_staging_zoo_1.5_2"']
  const loaded = [
    `CREATE TEMPORARY TABLE ${first} ("id" bigint, "_dlt_id" varchar)`,
    'load apes',
    `CREATE TEMPORARY TABLE ${second} ("id" bigint, "_dlt_id" varchar)`,
    'load zebras',
  ]
  const merged = (table: string, staged: string | undefined): readonly string[] => [
    `SELECT count(*) - count("id") AS "missing_0" FROM ${staged}`,
    `DELETE FROM "ds"."${table}" AS d WHERE EXISTS (SELECT 1 FROM ${staged} AS s WHERE s."id" = d."id")`,
    `SELECT 1 AS found FROM ${staged} GROUP BY "id" HAVING count(*) > 1 LIMIT 1`,
    `SELECT count(*) AS staged_rows FROM ${staged}`,
    `INSERT INTO "ds"."${table}" ("id", "_dlt_id") SELECT "id", "_dlt_id" FROM ${staged}`,
  ]

  it('are written table by table, in the order of names, and leave no staging table', async () => {
    expect(await statementsOf(sampleDialect)).toEqual([
      ...loaded,
      'TRUNCATE TABLE "ds"."logs"',
      ...merged('apes', first),
      'load logs',
      ...merged('zebras', second),
      `DROP TABLE ${first}`,
      `DROP TABLE ${second}`,
    ])
  })

  it('that are merged are loaded before the tables that they change are locked, in the order of names', async () => {
    const locking: SqlDialect = { ...sampleDialect, lockTable: (table) => sql`LOCK TABLE ${table}` }
    expect((await statementsOf(locking)).slice(0, 8)).toEqual([
      ...loaded,
      'LOCK TABLE "ds"."apes"',
      'LOCK TABLE "ds"."logs"',
      'LOCK TABLE "ds"."zebras"',
      'TRUNCATE TABLE "ds"."logs"',
    ])
  })

  it('name the row of a DELETE as the database takes it', async () => {
    const sent = await statementsOf({ ...sampleDialect, correlatedDelete: 'qualified-name' })
    expect(sent).toContain(
      'DELETE FROM "ds"."apes" WHERE EXISTS (SELECT 1 FROM "pg_temp"."_dlt_staging_zoo_1.5_1" AS s WHERE s."id" = "ds"."apes"."id")',
    )
  })

  it('are refused where the destination does not merge in the wanted way', async () => {
    const other = schemaOf({ apes: { columns, writeDisposition: 'merge', extensions: { 'x-merge-strategy': 'scd2' } } })
    await expect(statementsOf(sampleDialect, { ...request, schema: other, jobs: [jobOf('apes')] })).rejects.toThrow(
      'Table "apes" is to be merged by "scd2", which the destination cannot do. Choose one of: delete-insert.',
    )
  })
})

describe('the tables that a load changes', () => {
  it('are those that are merged or emptied', () => {
    expect(changedTables(request)).toEqual(['apes', 'logs', 'zebras'])
    expect(changedTables({ ...request, truncateTables: [], jobs: [jobOf('logs')] })).toEqual([])
  })
})

describe('names of staging tables', () => {
  it('say pipeline and load id', () => {
    expect(stagingPrefix('zoo', '1.5', 63)).toBe('_dlt_staging_zoo_1.5')
    expect(stagingPrefix('zoo', '1.5', 63, 'apes')).toBe('_dlt_staging_zoo_1.5_apes')
    expect(stagingPrefix('zoo', '1.5', 63, 'ä'.repeat(20))).toMatch(/^_dlt_staging_[A-Za-z0-9+/_-]{10,44}$/)
  })

  it('are short enough, and still tell loads apart', () => {
    const names = ['1.5', '1.6'].map((loadId) => stagingPrefix('z'.repeat(60), loadId, 63))
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name.length).toBeLessThanOrEqual(57)
  })
})
