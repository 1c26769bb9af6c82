import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationClient, LoadJob } from '@dlt/destination'
import type { SqlConnection, SqlSession } from '@dlt/destination/sql'
import { column, definedSchema, nestedKeys, rowId, seenData } from '@dlt/destination-testkit'
import type { Extensions, Schema, WriteDisposition } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDuckDbClient } from '../src/client.ts'
import { DuckDbSqlConnection } from '../src/connection.ts'

let folder: string
let instance: DuckDBInstance
let client: DestinationClient
let sent: string[]

/** Keeps the text of everything that is sent. */
const recorded = (connection: SqlConnection): SqlConnection => {
  const recording = (session: SqlSession): SqlSession => ({
    execute: (statement) => {
      sent.push(statement.sql.trim())
      return session.execute(statement)
    },
    query: (statement) => {
      sent.push(statement.sql.trim())
      return session.query(statement)
    },
  })
  return {
    ...recording(connection),
    transaction: (run) => connection.transaction((session) => run(recording(session))),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const inner = new DuckDbSqlConnection(connection, { ofCaller: false, release: () => connection.closeSync() })
  const context = { pipelineName: 'sample', datasetName: 'ds', localDirectory: folder }
  client = createDuckDbClient(recorded(inner), { credentials: ':memory:' }, context)
  sent = []
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  instance.closeSync()
  rmSync(folder, { recursive: true })
})

const id = column('id', 'bigint', { nullable: false, primary_key: true })

const schemaOf = (writeDisposition: WriteDisposition, extensions: Extensions = {}, isNested = false): Schema =>
  definedSchema({
    items: {
      writeDisposition,
      columns: [id, column('name', 'text'), rowId],
      extensions: { ...seenData, ...extensions },
    },
    ...(isNested && {
      items__tags: { parent: 'items', columns: [column('tag', 'text'), ...nestedKeys], extensions: seenData },
    }),
  })

const jobOf = (loadId: string, ids: readonly number[]): LoadJob => {
  const path = join(folder, `items.${loadId}.jsonl`)
  writeFileSync(path, ids.map((value) => `{"id":${value},"name":"n","_dlt_id":"${loadId}_${value}"}\n`).join(''))
  const columns = ['id', 'name', '_dlt_id']
  return { jobId: `items.${loadId}.jsonl`, tableName: 'items', path, format: 'jsonl', rowCount: ids.length, columns }
}

const run = async (schema: Schema, loadId: string, ...ids: readonly number[]): Promise<string> => {
  await client.updateSchema(schema, ['items'])
  const truncateTables = schema.tables.get('items')?.write_disposition === 'replace' ? ['items'] : []
  const { decisions } = await client.load({ loadId, schema, jobs: [jobOf(loadId, ids)], truncateTables })
  return decisions?.map(({ sentence }) => sentence).join('\n') ?? ''
}

const isMetadataQuery = (sql: string): boolean => /information_schema|duckdb_|_dlt_version|_dlt_loads/.test(sql)
const ddl = (): readonly string[] => sent.filter((sql) => /^(CREATE|ALTER|DROP|COMMENT|TRUNCATE)/.test(sql))

const cases: readonly (readonly [title: string, schema: Schema])[] = [
  ['append', schemaOf('append')],
  ['replace', schemaOf('replace')],
  ...(['delete-insert', 'upsert', 'insert-only', 'cdc'] as const).flatMap((strategy) =>
    [false, true].map(
      (isNested) =>
        [
          `merge by ${strategy}${isNested ? ' with nested tables' : ''}`,
          schemaOf('merge', { 'x-merge-strategy': strategy }, isNested),
        ] as const,
    ),
  ),
]

describe('a run that changes nothing in the schema', () => {
  it.each(cases)('asks little and defines only its own temporary tables: %s', async (_title, schema) => {
    await run(schema, '1', 1, 2)
    sent = []
    await run(schema, '2', 2, 3)
    const queries = sent.filter((sql) => sql.startsWith('SELECT') && isMetadataQuery(sql))
    expect(queries.length).toBeGreaterThan(0)
    expect(queries.length).toBeLessThanOrEqual(3)
    const own = /^(CREATE TEMPORARY TABLE|DROP TABLE) "temp"\."_dlt_staging_sample_2_\d+"/
    expect(ddl().filter((sql) => !own.test(sql))).toEqual([])
    expect(sent.filter((sql) => sql.includes('INSERT INTO "ds"."_dlt_version"'))).toEqual([])
  })

  it('leaves no temporary table behind', async () => {
    for (const [index, [, schema]] of cases.entries()) await run(schema, `${index}`, 1, 2)
    const connection = await instance.connect()
    const tables = await connection.runAndReadAll('SELECT table_name FROM duckdb_tables() WHERE temporary')
    expect(tables.getRowsJS()).toEqual([])
    connection.closeSync()
  })
})

it('asks a dataset that it made for no columns', async () => {
  const columnQueries = () => sent.filter((sql) => sql.startsWith('SELECT table_name AS table_name, column_name'))
  await client.updateSchema(schemaOf('append'), ['items'])
  expect(columnQueries()).toHaveLength(0)
  const grown = definedSchema({ items: { writeDisposition: 'append', columns: [id, column('size', 'bigint'), rowId] } })
  await client.updateSchema(grown, ['items'])
  expect(columnQueries()).toHaveLength(1)
  expect(ddl().at(-1)).toMatch(/^ALTER TABLE "ds"."items"\s+ADD COLUMN "size" BIGINT$/)
})

describe('the cheapest statements are chosen, and said', () => {
  const created = (): number => sent.filter((sql) => sql.startsWith('CREATE TEMPORARY TABLE')).length
  const numbered = (): boolean => sent.some((sql) => sql.includes('ROW_NUMBER'))

  it('a unique key without nested tables needs no table beside the one of the new rows', async () => {
    const said = await run(schemaOf('merge'), '1', 1, 2)
    expect(created()).toBe(1)
    expect(numbered()).toBe(false)
    expect(said).toBe(
      'Table "items" is merged by delete-insert: rows with known keys are deleted directly, since nothing is nested in them; no primary key comes twice, so that rows need not be numbered.',
    )
  })

  it('keys that come twice cost one more', async () => {
    const said = await run(schemaOf('merge'), '1', 1, 1)
    expect(created()).toBe(2)
    expect(numbered()).toBe(true)
    expect(said).toMatch(/; primary keys come twice, so that one row of each is kept\.$/)
  })

  it('nested tables cost one more', async () => {
    const said = await run(schemaOf('merge', {}, true), '1', 1, 2)
    expect(created()).toBe(2)
    expect(said).toMatch(/ids of rows with known keys are collected in a temporary table/)
  })

  it('upsert deletes and inserts, since DuckDB writes whole columns anew for an update', async () => {
    const said = await run(schemaOf('merge', { 'x-merge-strategy': 'upsert' }), '1', 1, 2)
    expect(sent.some((sql) => sql.startsWith('MERGE'))).toBe(false)
    expect(said).toBe(
      'Table "items" is merged by upsert: changed rows are deleted and inserted, which is faster here than to update every column.',
    )
  })

  it('of several rows with one key the last one of the package is kept', async () => {
    for (const extensions of [{}, { 'x-merge-strategy': 'upsert' }]) {
      const schema = schemaOf('merge', extensions)
      await client.updateSchema(schema, ['items'])
      const job = jobOf('9', [])
      writeFileSync(job.path, ['a', 'b', 'c'].map((name) => `{"id":7,"name":"${name}","_dlt_id":"k"}\n`).join(''))
      const loadId = JSON.stringify(extensions)
      await client.load({ loadId, schema, jobs: [{ ...job, rowCount: 3 }], truncateTables: [] })
      const connection = await instance.connect()
      const rows = await connection.runAndReadAll('SELECT name FROM ds.items WHERE id = 7')
      expect(rows.getRowsJS()).toEqual([['c']])
      connection.closeSync()
    }
  })
})

describe('a table that somebody changed by hand', () => {
  const byHand = async (sql: string): Promise<void> => {
    const connection = await instance.connect()
    await connection.run(sql)
    connection.closeSync()
  }

  it.each(cases.filter(([title]) => !title.includes('nested')))(
    'a dropped column is made again: %s',
    async (_, schema) => {
      await run(schema, '1', 1)
      await byHand('ALTER TABLE ds.items DROP COLUMN name')
      await run(schema, '2', 1, 2)
      const connection = await instance.connect()
      const rows = await connection.runAndReadAll('SELECT count(name) FROM ds.items WHERE id = 2')
      expect(rows.getRowsJS()).toEqual([[1n]])
      connection.closeSync()
    },
  )

  it('a dropped column that is compared with new rows is made again', async () => {
    const schema = schemaOf('merge', { 'x-merge-strategy': 'upsert', 'x-merge-skip-unchanged-rows': true }, true)
    await run(schema, '1', 1)
    await byHand('ALTER TABLE ds.items DROP COLUMN name')
    await byHand('ALTER TABLE ds.items__tags DROP COLUMN _dlt_root_id')
    await run(schema, '2', 1)
    const connection = await instance.connect()
    expect((await connection.runAndReadAll('SELECT id, name FROM ds.items')).getRowsJS()).toEqual([[1n, 'n']])
    connection.closeSync()
  })

  it.each(cases.filter(([title]) => !title.includes('nested')))(
    'a column of another type takes what it can hold, and nothing is lost where it cannot: %s',
    async (title, schema) => {
      await run(schema, '1', 1)
      await byHand('ALTER TABLE ds.items ALTER COLUMN name TYPE UUID USING uuid()')
      const error: unknown = await run(schema, '2', 2).catch((reason: unknown) => reason)
      expect(String(error)).toMatch(
        /(Table "items" could not be merged with load package "2"|The file "items\.2\.jsonl" could not be loaded).*Could not convert/s,
      )
      expect(error).toMatchObject({ code: 'DESTINATION', kind: 'terminal', context: { table: 'items' } })
      expect(await client.isLoaded('2', schema.name), title).toBe(false)
      const connection = await instance.connect()
      expect((await connection.runAndReadAll('SELECT id FROM ds.items')).getRowsJS()).toEqual([[1n]])
      connection.closeSync()
    },
  )

  it('is said to have a column of another type, but not where a constraint refuses a row', async () => {
    const schema = schemaOf('merge')
    await run(schema, '1', 1)
    const messageWith = async (name: string): Promise<string> => {
      await byHand('DROP TABLE ds.items')
      await byHand(`CREATE TABLE ds.items (id BIGINT, name ${name}, _dlt_id VARCHAR)`)
      const job = jobOf('2', [2, 3])
      writeFileSync(job.path, '{"id":2,"name":"n","_dlt_id":"a"}\n{"id":3,"name":null,"_dlt_id":"b"}\n')
      const load = client.load({ loadId: '2', schema, jobs: [job], truncateTables: [] })
      return String(await load.catch((reason: unknown) => reason))
    }
    expect(await messageWith('UUID')).toContain('If somebody changed the type of column "name", change it back')
    const refused = await messageWith('VARCHAR NOT NULL')
    expect(refused).toContain('NOT NULL constraint failed: items.name')
    expect(refused).not.toContain('changed the type')
  })
})
