import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileWriter } from '@dlt/file-formats'
import type { ColumnSchema, TableBatch } from '@dlt/schema'
import { createDatabase, databaseAt, declareMissing, PostgresServer, sharedPostgres } from '@dlt/test-services'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { column, PostgresDataset, schemaOf } from './postgres-dataset.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

/** Texts as columns hold them. */
const textBatch = (
  tableName: string,
  columns: readonly ColumnSchema[],
  rows: readonly (readonly string[])[],
): TableBatch => ({
  tableName,
  rowCount: rows.length,
  columns: columns.map((schema, index) => {
    const texts = rows.map((row) => Buffer.from(row[index] ?? ''))
    const offsets = new Int32Array(texts.length + 1)
    for (const [row, bytes] of texts.entries()) offsets[row + 1] = (offsets[row] ?? 0) + bytes.length
    return { column: schema, nullCount: 0, data: { layout: 'utf8', offsets, values: Buffer.concat(texts) } }
  }),
})

const pieces = fc.constantFrom(
  '\\',
  '\\.',
  '\\N',
  '\n',
  '\r',
  '\t',
  '\\n',
  '\\t',
  '\\x41',
  '\\101',
  '"',
  "'",
  ',',
  '',
  '\u{1f600}',
  'é',
  '\u2028',
  '\ufeff',
  '\b',
  '\f',
  '\v',
  '\u0001',
  '\u007f',
  'x',
)
const hostile = fc.oneof(
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\0', '')),
)

describe.skipIf(address === undefined)('files that are copied', () => {
  if (address === undefined) return
  let folder: string
  let database = databaseAt(address, 'postgres')
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
    database = await createDatabase(address)
  })
  afterAll(() => rm(folder, { recursive: true }))

  const columns = [column('a', 'text'), column('b "b"\\', 'text'), column('c', 'json')]

  test('bring every text as it was, whatever it looks like', async () => {
    const schema = schemaOf({ items: { columns } })
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    await dataset.prepare(schema)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    let loads = 0
    const rowsOf = fc.array(fc.tuple(hostile, hostile, hostile), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(rowsOf, async (texts) => {
        loads += 1
        const rows = texts.map(([a, b, c]) => [a, b, JSON.stringify(c)] as const)
        const path = join(folder, `${loads}.tsv`)
        const writer = createFileWriter('tsv', { path, tableName: 'items', columns })
        await writer.write(textBatch('items', columns, rows))
        const { rowCount, columns: names } = await writer.close()
        const job = {
          jobId: `items.${loads}.tsv`,
          tableName: 'items',
          path,
          format: 'tsv',
          rowCount,
          columns: names,
        } as const
        await dataset.client.load({ loadId: String(loads), schema, jobs: [job], truncateTables: ['items'] })
        const found = await client.query({
          text: 'SELECT a, "b ""b""\\", c #>> \'{}\' FROM data.items',
          rowMode: 'array',
        })
        expect(found.rows.map((row) => JSON.stringify(row)).sort()).toEqual(
          texts.map((row) => JSON.stringify(row)).sort(),
        )
      }),
      { numRuns: 60 },
    )
    await client.end()
  })

  test('arrive in many pieces over TLS', async () => {
    await using server = await PostgresServer.start({ durable: false, tls: 'required' })
    const secured = await server.createDatabase()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint'), column('text', 'text')] } })
    await using dataset = await PostgresDataset.open({ credentials: `${secured.url}?sslmode=require` }, folder)
    await dataset.prepare(schema)
    const rows = Array.from({ length: 2000 }, (_, id) => [id, `${id} `.repeat(500)] as const)
    expect(await dataset.load('1', schema, { items: rows })).toMatchObject({ status: 'loaded' })
    const client = new pg.Client({ connectionString: secured.url, ssl: { rejectUnauthorized: false } })
    await client.connect()
    const found = await client.query("SELECT count(*)::int AS rows FROM data.items WHERE text = repeat(id || ' ', 500)")
    await client.end()
    expect(found.rows).toEqual([{ rows: 2000 }])
  })

  test('leave nothing of what they hold in the log of the server', async () => {
    const schema = schemaOf({ items: { columns: [column('id', 'bigint'), column('text', 'text')] } })
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder, 'logged')
    await dataset.prepare(schema)
    await dataset.load('1', schema, { items: [[1, "'; DROP TABLE logged.items; -- onlyhere9417"]] })
    expect(await readFile(database.logFile, 'utf8')).not.toContain('onlyhere9417')
  })
})
