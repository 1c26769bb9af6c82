import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationClient, LoadJob } from '@dlt/destination'
import { sql } from '@dlt/destination/sql'
import { sampleSchema } from '@dlt/destination-testkit'
import { SmallDisk } from '@dlt/test-services'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { duckdb } from '../src/index.ts'
import { insertInPieces } from '../src/jobs/parquet-job.ts'

const schema = sampleSchema('together', {
  items: [
    { name: 'id', data_type: 'bigint', nullable: false },
    { name: 'name', data_type: 'text' },
    { name: 'price', data_type: 'decimal', precision: 10, scale: 2 },
  ],
})

let folder: string
let client: DestinationClient
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlt [duck]*'b-"))
  const context = { pipelineName: 'together', datasetName: 'ds', localDirectory: folder }
  client = await duckdb({ credentials: join(folder, 'together.duckdb') }).connect(context)
  await client.updateSchema(schema, ['items'])
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const withDatabase = async <Result>(
  path: string,
  use: (run: (statement: string) => Promise<readonly unknown[]>) => Promise<Result>,
): Promise<Result> => {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    return await use(async (statement) => (await connection.runAndReadAll(statement)).getRowsJson())
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A Parquet file with the columns of a query, in their order. */
const parquet = (name: string, query: string, columns: readonly string[], rowCount = 1): Promise<LoadJob> =>
  withDatabase(':memory:', async (run) => {
    const path = join(folder, name)
    await run(`COPY (${query}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION uncompressed)`)
    return { jobId: name, tableName: 'items', path, format: 'parquet', rowCount, columns }
  })

const load = (...jobs: readonly LoadJob[]) => client.load({ loadId: '1', schema, jobs, truncateTables: [] })

const loadedRows = async (): Promise<readonly unknown[]> => {
  await client[Symbol.asyncDispose]()
  return withDatabase(join(folder, 'together.duckdb'), (run) =>
    run('SELECT id, name, price::VARCHAR FROM ds.items ORDER BY id'),
  )
}

describe('files of one table that are loaded by one statement', () => {
  it('have their columns in any order; others, and other formats, have statements of their own', async () => {
    const lines = join(folder, 'e.jsonl')
    writeFileSync(lines, '{"id":6,"name":"e","price":null}\n')
    await load(
      await parquet('a.parquet', "SELECT 1::BIGINT AS id, 'a' AS name, 1.5::DECIMAL(10,2) AS price", [
        'id',
        'name',
        'price',
      ]),
      await parquet('b.parquet', 'SELECT 3::BIGINT AS id', ['id']),
      await parquet('c.parquet', "SELECT 2.5::DECIMAL(10,2) AS price, 'c' AS name, 4::BIGINT AS id", [
        'price',
        'name',
        'id',
      ]),
      await parquet('d.parquet', 'SELECT 5::BIGINT AS id', ['id']),
      {
        jobId: 'e.jsonl',
        tableName: 'items',
        path: lines,
        format: 'jsonl',
        rowCount: 1,
        columns: ['id', 'name', 'price'],
      },
    )
    expect(await loadedRows()).toEqual([
      ['1', 'a', '1.50'],
      ['3', null, null],
      ['4', 'c', '2.50'],
      ['5', null, null],
      ['6', 'e', null],
    ])
  })

  it('are counted together', async () => {
    const one = await parquet('a.parquet', 'SELECT 1::BIGINT AS id', ['id'])
    const other = await parquet('b.parquet', 'SELECT 2::BIGINT AS id', ['id'], 2)
    await expect(load(one, other)).rejects.toMatchObject({
      message:
        'The files "a.parquet", "b.parquet" have 3 rows, but 2 arrived in table "items". Nothing of load package "1" was loaded.',
      context: { loadId: '1', table: 'items', expectedRows: 3, loadedRows: 2 },
    })
    expect(await loadedRows()).toEqual([])
  })

  it('are all named where one of them does not fit', async () => {
    const one = await parquet('a.parquet', 'SELECT 1::BIGINT AS id', ['id'])
    const other = await parquet('b.parquet', 'SELECT NULL::BIGINT AS id', ['id'])
    await expect(load(one, other)).rejects.toThrow(
      /^One of the files "a\.parquet", "b\.parquet" could not be loaded into table "items": DuckDB: Constraint Error/,
    )
    expect(await loadedRows()).toEqual([])
  })

  it('are all named where one of them is missing', async () => {
    const one = await parquet('a.parquet', 'SELECT 1::BIGINT AS id', ['id'])
    await expect(load(one, { ...one, jobId: 'b.parquet', path: join(folder, 'b.parquet') })).rejects.toThrow(
      /^One of the files "a\.parquet", "b\.parquet" could not be loaded into table "items": DuckDB: IO Error: No files found/,
    )
  })
})

describe('files of a load that is too large to be kept until it is committed', () => {
  /** Files of 2 kB a row. */
  const large = (name: string, rows: number, from = 0): Promise<LoadJob> =>
    parquet(
      name,
      `SELECT ${from} + i AS id, '${name}' || repeat(md5('${name}' || i), 64) AS name FROM range(${rows}) AS t(i)`,
      ['id', 'name'],
      rows,
    )

  const loadedNames = async (): Promise<readonly unknown[]> => {
    await client[Symbol.asyncDispose]()
    return withDatabase(join(folder, 'together.duckdb'), (run) =>
      run('SELECT name[1], count(*)::INTEGER, count(DISTINCT id)::INTEGER FROM ds.items GROUP BY 1 ORDER BY 1'),
    )
  }

  it('are inserted by all threads, each row once', async () => {
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((name, index) => large(name, 20_000, index * 20_000))
    await load(...(await Promise.all(jobs)))
    expect(await loadedNames()).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => [name, 20_000, 20_000]))
  })

  it('keep their order where several rows with one key wait to be merged: the last one counts', async () => {
    const merged = sampleSchema('together', {
      items: [
        { name: 'id', data_type: 'bigint', nullable: false, primary_key: true },
        { name: 'name', data_type: 'text' },
      ],
    })
    const items = merged.tables.get('items')
    if (items === undefined) throw new Error('no table')
    const schema = { ...merged, tables: new Map([['items', { ...items, write_disposition: 'merge' as const }]]) }
    // The thread that reads the last file has less to read than the others.
    const jobs = [...Array.from('abcd', (name) => large(name, 24_000)), large('e', 100)]
    await client.load({ loadId: '1', schema, jobs: await Promise.all(jobs), truncateTables: [] })
    expect(await loadedNames()).toEqual([
      ['d', 23_900, 23_900],
      ['e', 100, 100],
    ])
  })

  it('are not all named where there are many of them and one does not fit', async () => {
    const other = await parquet('z.parquet', 'SELECT NULL::BIGINT AS id, NULL::VARCHAR AS name', ['id', 'name'])
    const jobs = await Promise.all(Array.from('abcdefghijkl', (name) => large(name, 8_000)))
    await expect(load(...jobs, other)).rejects.toThrow(/^One of the files "a", .* "j" and 3 more could not be loaded/)
    expect(await loadedNames()).toEqual([])
  })

  it('are inserted one by one while somebody else uses the database, and an error names the one', async () => {
    await using _other = await duckdb({ credentials: join(folder, 'together.duckdb') }).connect({
      pipelineName: 'other',
      datasetName: 'ds',
      localDirectory: folder,
    })
    const other = await parquet('z.parquet', 'SELECT NULL::BIGINT AS id, NULL::VARCHAR AS name', ['id', 'name'])
    const jobs = await Promise.all(Array.from('abcdefghijkl', (name) => large(name, 8_000)))
    await expect(load(...jobs, other)).rejects.toThrow(/^The file "z\.parquet" could not be loaded into table "items"/)
  })
})

describe('files of a load whose rows are kept until it is committed', () => {
  const path = () => join(folder, 'together.duckdb')

  /** Files of 320 bytes a row. */
  const kept = (name: string, rows: number, from = 0): Promise<LoadJob> =>
    parquet(
      name,
      `SELECT ${from} + i AS id, repeat(md5('${name}' || i), 10) AS name FROM range(${rows}) AS t(i)`,
      ['id', 'name'],
      rows,
    )

  /** Rows of each row group of the table, by their number. */
  const rowGroups = (run: (statement: string) => Promise<readonly unknown[]>) =>
    run(`SELECT DISTINCT sum(count)::INTEGER AS rows FROM pragma_storage_info('ds.items')
      WHERE column_name = 'id' AND segment_type <> 'VALIDITY' GROUP BY row_group_id ORDER BY rows DESC`)

  it.each([
    ['any order', 140_000],
    ['their order, on one thread', 60_000],
  ])('are in their places when it is committed, each row once, in %s', async (_, rows) => {
    const third = rows / 3
    const jobs = await Promise.all(
      [0, 1, 2].map((index) => kept(`${index}`, Math.ceil(third), index * Math.ceil(third))),
    )
    await load(...jobs)
    expect(statSync(`${path()}.wal`, { throwIfNoEntry: false })?.size ?? 0, 'bytes of the log').toBe(0)
    expect(statSync(path()).size).toBeGreaterThan(rows * 100)
    await client[Symbol.asyncDispose]()
    await withDatabase(path(), async (run) => {
      const [counts] = await run(
        'SELECT count(*)::INTEGER, count(DISTINCT id)::INTEGER, max(id)::INTEGER FROM ds.items',
      )
      const count = 3 * Math.ceil(third)
      expect(counts).toEqual([count, count, count - 1])
      const inOrder = await run('SELECT count(*)::INTEGER FROM ds.items WHERE id <> rowid')
      if (count < 122_880) expect(inOrder).toEqual([[0]])
      expect(await rowGroups(run)).toContainEqual([Math.min(count, 61_440)])
    })
  })
})

describe.skipIf(!SmallDisk.isPossible())('a disk that gets full when rows that were kept go to their places', () => {
  it('is told to every client of the file, and the load is made when there is room again', async () => {
    using disk = new SmallDisk(24)
    const path = join(disk.folder, 'kept.duckdb')
    const connect = () =>
      duckdb({ credentials: path }).connect({ pipelineName: 'kept', datasetName: 'ds', localDirectory: folder })
    const query = "SELECT i AS id, repeat(md5('a' || i), 10) AS name FROM range(60_000) AS t(i)"
    const job = await parquet('a.parquet', query, ['id', 'name'], 60_000)
    const request = { loadId: '1', schema, jobs: [job], truncateTables: [] }
    const isFull = {
      message: `DuckDB cannot write "${path}": the disk is full. Free some space on it, then run again.`,
      retryable: true,
    }
    {
      await using first = await connect()
      await first.updateSchema(schema, ['items'])
      disk.fill(64)
      await expect(first.load(request)).rejects.toMatchObject(isFull)
      await expect(connect()).rejects.toMatchObject(isFull)
    }
    disk.free()
    {
      await using next = await connect()
      await next.load(request)
    }
    await withDatabase(path, async (run) => {
      expect(await run('SELECT count(*)::INTEGER, count(DISTINCT id)::INTEGER FROM ds.items')).toEqual([
        [60_000, 60_000],
      ])
      expect(await run('SELECT load_id FROM ds._dlt_loads')).toEqual([['1']])
    })
  })
})

describe('one statement', () => {
  /** How many rows of files of given sizes in MiB are inserted by statements that insert one row each. */
  const statements = (columns: number, ...sizes: readonly number[]): Promise<number> => {
    const paths = sizes.map((size, index) => {
      const path = join(folder, `${index}.parquet`)
      writeFileSync(path, '')
      truncateSync(path, size * 1024 * 1024)
      return path
    })
    const target = {
      table: { name: 'items', columns: new Map() },
      name: sql.id('items'),
      insertionOrder: 'any' as const,
      columns: Array.from({ length: columns }, (_, index) => ({ name: `c${index}` })),
    }
    return insertInPieces(paths, target, { execute: async () => 1, query: async () => [] })
  }

  it('reads the fewer bytes, the more columns there are, or one larger file', async () => {
    // 2432 MiB for all columns together.
    expect(await statements(38, 20, 20, 24)).toBe(1)
    expect(await statements(38, 20, 20, 25)).toBe(2)
    expect(await statements(76, 20, 20, 24)).toBe(3)
    expect(await statements(38, 65, 1, 65)).toBe(3)
    expect(await statements(38, 30, 30, 30, 30, 4)).toBe(2)
  })
})
