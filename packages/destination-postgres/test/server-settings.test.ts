import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt from '@dlt/core'
import { createDatabase, declareMissing, type PostgresDatabase, psql, sharedPostgres } from '@dlt/test-services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../src/index.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

const item = {
  id: 9223372036854775807n,
  text: 'it\'s \\ a\\n "b"\tc',
  at: '2024-07-01T12:00:00.123456Z',
  local: '2024-07-01T12:00:00.123',
  day: '2024-02-03',
  amount: '1234.5',
  ratio: 0.1,
  bytes: new Uint8Array([0, 92, 255]),
  nested: { quote: "'", list: [1, '\\'] },
}

const columns = {
  at: { data_type: 'timestamp' },
  local: { data_type: 'timestamp', timezone: false, precision: 3 },
  day: { data_type: 'date' },
  amount: { data_type: 'decimal' },
  nested: { data_type: 'json' },
} as const

describe.skipIf(address === undefined)('a database with settings of its own', () => {
  if (address === undefined) return
  let folder: string
  let directories = 0
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** A pipeline without a memory: it finds its state and its schema at the destination. */
  const pipelineInto = ({ url }: PostgresDatabase, datasetName = 'shop') => {
    directories += 1
    const workingDir = join(folder, String(directories))
    return dlt.pipeline({ pipelineName: 'shop', destination: postgres({ credentials: url }), datasetName, workingDir })
  }

  /** Loads twice, the second time on another machine, and reads back. */
  const loadTwice = async (database: PostgresDatabase): Promise<readonly object[]> => {
    const items = dlt.resource({ name: 'items', writeDisposition: 'merge', primaryKey: 'id', columns }, () => [item])
    await using first = pipelineInto(database)
    expect((await first.run(items)).hasFailedJobs).toBe(false)
    await using second = pipelineInto(database)
    expect((await second.run(items)).hasFailedJobs).toBe(false)
    expect(await psql(database, 'SELECT count(*) FROM shop._dlt_version')).toBe('1')
    const read = second.dataset().table('items')
    return read.select('id', 'text', 'at', 'local', 'day', 'amount', 'ratio', 'bytes', 'nested').rows()
  }

  test.each([
    ["DateStyle = 'German, DMY'", "TimeZone = 'Asia/Kathmandu'"],
    ["DateStyle = 'SQL, DMY'", "TimeZone = 'America/New_York'"],
    ["DateStyle = 'Postgres, MDY'"],
    ['standard_conforming_strings = off', 'backslash_quote = off'],
    ["bytea_output = 'escape'", 'extra_float_digits = -15', 'quote_all_identifiers = on'],
    ["search_path = ''", 'array_nulls = off', 'transform_null_equals = on'],
    ["default_transaction_isolation = 'serializable'", 'default_transaction_deferrable = on'],
  ])('takes and gives the same values: %s', async (...settings) => {
    const plain = await loadTwice(await createDatabase(address))
    const database = await createDatabase(address)
    await psql(database, ...settings.map((setting) => `ALTER DATABASE "${database.database}" SET ${setting}`))
    const rows = await loadTwice(database)
    expect(rows).toEqual(plain)
    expect(rows).toMatchObject([{ id: item.id, text: item.text, ratio: 0.1, nested: item.nested }])
  })

  test.each(['SQL_ASCII', 'LATIN1'])('in %s takes the letters that it has', async (encoding) => {
    const database = await createDatabase(address)
    const { url } = database
    await psql(
      database,
      `CREATE DATABASE "${encoding} ${database.database}" TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`,
    )
    const name = `${encoding} ${database.database}`
    const other = { ...database, database: name, url: url.replace(database.database, encodeURIComponent(name)) }
    await using pipeline = pipelineInto(other)
    await pipeline.run([{ word: 'é' }], { tableName: 'words' })
    expect(await pipeline.dataset().table('words').select('word').rows()).toEqual([{ word: 'é' }])
    const info = await pipeline.run([{ word: '日' }], { tableName: 'words' })
    if (encoding === 'SQL_ASCII') expect(info.hasFailedJobs).toBe(false)
    else
      expect(info.packages[0]?.failure?.message).toMatch(
        /Postgres: character … has no equivalent in encoding "LATIN1" \[22P05\]\. Load into a database with the encoding "UTF8", or remove such characters\. The first such row is row 1 of the file\.$/,
      )
  })

  test('that is new logs no error for a first load, whether somebody has made the schema before or not', async () => {
    const database = await createDatabase(address)
    await psql(database, `CREATE SCHEMA made_${database.database}`)
    for (const name of [`new_${database.database}`, `made_${database.database}`]) {
      await using pipeline = pipelineInto(database, name)
      await pipeline.run([{ id: 1 }], { tableName: 'items' })
      expect(await psql(database, `SELECT count(*) FROM ${name}.items`)).toBe('1')
      const log = await readFile(address.logFile, 'utf8')
      expect(log.split('\n').filter((line) => line.includes(name))).toEqual([])
    }
  })
})
