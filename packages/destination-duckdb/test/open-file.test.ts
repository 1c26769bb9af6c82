import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileCatalog } from '../src/database-location.ts'
import { openFile } from '../src/open-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

type Query = (sql: string) => Promise<readonly unknown[]>

const queryOf =
  (connection: DuckDBConnection): Query =>
  async (sql) =>
    (await connection.runAndReadAll(sql)).getRowsJson()

/** Uses a file as this package opens it. */
const withOpenFile = async <Result>(path: string, use: (query: Query) => Promise<Result>): Promise<Result> => {
  const file = await openFile(path, { storageVersion: 'v1.3.0', catalog: fileCatalog(path) })
  const connection = await file.connect()
  try {
    return await use(queryOf(connection))
  } finally {
    connection.closeSync()
    file.close()
  }
}

/** Uses a file as DuckDB opens it by itself. */
const withDuckDb = async <Result>(path: string, use: (query: Query) => Promise<Result>): Promise<Result> => {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    return await use(queryOf(connection))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const rowGroups = (query: Query): Promise<readonly unknown[]> =>
  query(`SELECT sum(count)::INTEGER FROM pragma_storage_info('numbers')
    WHERE column_name = 'i' AND segment_type <> 'VALIDITY' GROUP BY row_group_id ORDER BY row_group_id`)

const numbers = (from: number, to: number): string => `SELECT i, hash(i) AS h FROM range(${from}, ${to}) AS t(i)`

describe('a file that is opened', () => {
  it.each([
    'events.duckdb',
    'events',
    'a.b.duckdb',
    '.duckdb',
    "it's.duckdb",
    'two "words".duckdb',
    'Größe ☃.duckdb',
    'memory.duckdb',
    'Memory.duckdb',
    'temp.duckdb',
    'system.duckdb',
    'main.duckdb',
    'Main.duckdb',
  ])('%s has its name, and datasets of any other one', async (name) => {
    const path = join(folder, name)
    const names = "SELECT current_database(), current_schema(), current_setting('temp_directory')"
    const own = await withOpenFile(path, async (query) => {
      for (const dataset of ['memory', 'temporary', 'data']) {
        await query(`CREATE SCHEMA ${dataset}`)
        await query(`CREATE TABLE ${dataset}.t AS SELECT '${dataset}' AS a`).catch((error: unknown) => {
          // Nor can DuckDB itself tell them apart where the file has that name.
          if (!name.toLowerCase().startsWith(dataset)) throw error
        })
      }
      return query(names)
    })
    expect(own).toEqual(await withDuckDb(path, (query) => query(names)))
    expect(await withDuckDb(path, (query) => query('SELECT a FROM data.t'))).toEqual([['data']])
    expect(existsSync(`${path}.wal`), 'a log').toBe(false)
  })

  it('has its own schema when another one has the name of the file', async () => {
    const path = join(folder, 'events.duckdb')
    await withDuckDb(path, (query) => query('CREATE SCHEMA events'))
    expect(await withOpenFile(path, (query) => query('SELECT current_schema()'))).toEqual([['main']])
  })

  it('has row groups of 61,440 rows', async () => {
    await withOpenFile(join(folder, 'events.duckdb'), async (query) => {
      await query(`CREATE TABLE numbers AS ${numbers(0, 150_000)}`)
      await query('CHECKPOINT')
      expect(await rowGroups(query)).toEqual([[61_440], [61_440], [27_120]])
    })
  })

  it.each([[''], ['CREATE UNIQUE INDEX one ON numbers (i)']])(
    'keeps the larger row groups that it has, and their rows (%s)',
    async (index) => {
      const path = join(folder, 'events.duckdb')
      await withDuckDb(path, async (query) => {
        await query(`CREATE TABLE numbers AS ${numbers(0, 200_000)}`)
        if (index !== '') await query(index)
      })
      const changed = async (query: Query): Promise<readonly unknown[]> => {
        await query(`INSERT INTO numbers ${numbers(200_000, 270_000)}`)
        await query('CHECKPOINT')
        await query('DELETE FROM numbers WHERE i % 3 = 0 AND i > 100_000')
        await query('UPDATE numbers SET h = 7 WHERE i % 5 = 0')
        await query(`INSERT INTO numbers ${numbers(300_000, 300_010)}`)
        await query('CHECKPOINT')
        return query('SELECT count(*), sum(i), sum(hash(i, h)), count(DISTINCT i) FROM numbers')
      }
      const other = join(folder, 'other.duckdb')
      await withDuckDb(other, (query) => query(`CREATE TABLE numbers AS ${numbers(0, 200_000)}`))
      const expected = await withDuckDb(other, changed)
      expect(await withOpenFile(path, changed)).toEqual(expected)
      await withDuckDb(path, async (query) => {
        expect(await query('SELECT count(*), sum(i), sum(hash(i, h)), count(DISTINCT i) FROM numbers')).toEqual(
          expected,
        )
        expect(await query('SELECT h FROM numbers WHERE i = 250_000')).toEqual([['7']])
      })
    },
  )

  it('is not open any more where it cannot be opened', async () => {
    const path = join(folder, 'events.duckdb')
    writeFileSync(path, 'id,name\n'.repeat(1000))
    await expect(withOpenFile(path, (query) => query('SELECT 1'))).rejects.toThrow('not a valid DuckDB database')
    rmSync(path)
    expect(await withOpenFile(path, (query) => query('SELECT 1'))).toEqual([[1]])
  })
})
