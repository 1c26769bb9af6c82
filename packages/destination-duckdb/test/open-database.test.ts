import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import { sampleSchema } from '@dlt/destination-testkit'
import { type ColumnSchema, createSchema } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toOpenError } from '../src/errors.ts'
import { type DuckDbOptions, duckdb } from '../src/index.ts'
import { KeptMemoryDatabase } from '../src/memory-database.ts'
import { openDatabase } from '../src/open-database.ts'
import { queryFile } from './read-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const contextOf = (credentials?: unknown) => ({
  pipelineName: 'events',
  datasetName: 'data',
  localDirectory: folder,
  ...(credentials === undefined ? {} : { credentials }),
})
const schema = createSchema('events')

/** Another process that opens a file and holds it until it is told to go; resolves when it has opened it. */
const otherProcess = async (path: string) => {
  const script = `const { DuckDBInstance } = await import(${JSON.stringify(import.meta.resolve('@duckdb/node-api'))})
    const instance = await DuckDBInstance.create(${JSON.stringify(path)})
    const connection = await instance.connect()
    console.log('open')
    process.stdin.on('end', () => process.exit()).resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [words] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  return {
    opened: String(words).startsWith('open'),
    pid: child.pid,
    end: async () => {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

describe('a file that cannot be opened', () => {
  const failure = async (path: string): Promise<DestinationError> => {
    const error: unknown = await duckdb()
      .connect(contextOf(path))
      .catch((reason: unknown) => reason)
    if (error instanceof DestinationError) return error
    throw new Error(`expected a DestinationError, got ${String(error)}`)
  }

  it('has no folder', async () => {
    const path = join(folder, 'missing', 'events.duckdb')
    const error = await failure(path)
    expect(error.message).toBe(
      `The DuckDB file "${path}" cannot be opened: its folder does not exist. Create the folder or give another path.`,
    )
    expect(error.kind).toBe('terminal')
  })

  it('is a folder', async () => {
    expect((await failure(folder)).message).toMatch(/cannot be opened: it is a folder\. Give the path of a file\.$/)
  })

  it('is something else', async () => {
    const path = join(folder, 'events.duckdb')
    writeFileSync(path, 'id,name\n'.repeat(1000))
    expect((await failure(path)).message).toMatch(
      /cannot be opened: it is not a DuckDB database\. Give the path of another file\.$/,
    )
  })

  it('may not be read or written', () => {
    const error = toOpenError(new Error('IO Error: Cannot open file "/x.duckdb": Permission denied'), '/x.duckdb')
    expect([error.message, error.kind]).toEqual([
      'The DuckDB file "/x.duckdb" cannot be opened: it may not be read or written. Change its permissions or give another path.',
      'terminal',
    ])
  })

  it('fails for a reason that is not known', () => {
    const error = toOpenError(new Error('IO Error: Could not write: No space left on device'), '/x.duckdb')
    expect([error.message, error.kind]).toEqual([
      'The DuckDB file "/x.duckdb" cannot be opened: IO Error: Could not write: No space left on device',
      'transient',
    ])
  })

  it('is open in another process, and opens when that one has closed it', async () => {
    const path = join(folder, 'events.duckdb')
    const other = await otherProcess(path)
    const error = await failure(path)
    expect(error.message).toBe(
      `The DuckDB file "${path}" is open in another process (PID ${other.pid}), and DuckDB lets only one process open a file. Close it there, then run again.`,
    )
    expect(error.retryable).toBe(true)
    await other.end()
    await using client = await duckdb().connect(contextOf(path))
    expect(await client.hasDataset()).toBe(false)
  })

  it('is open in this process through an instance of the caller', async () => {
    const path = join(folder, 'events.duckdb')
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    expect((await failure(path)).message).toMatch(
      /is open in this process already.*give its connection as credentials\.$/,
    )
    connection.closeSync()
    instance.closeSync()
    await using client = await duckdb().connect(contextOf(path))
    expect(client.datasetName).toBe('data')
  })
})

describe('a file', () => {
  it('can be opened by another process after each client', async () => {
    const path = join(folder, 'events_db.duckdb')
    const destination = duckdb()
    {
      await using client = await destination.connect(contextOf())
      await client.updateSchema(schema, [])
      expect((await otherProcess(path)).opened).toBe(false)
    }
    const other = await otherProcess(path)
    expect(other.opened).toBe(true)
    await other.end()
  })

  it('is shared by the clients of one process, however the path is spelled', async () => {
    await using first = await duckdb().connect(contextOf('events.duckdb'))
    await first.updateSchema(schema, [])
    await using second = await duckdb().connect(contextOf(`${folder}/./events.duckdb`))
    expect(await second.hasDataset()).toBe(true)
  })

  it('stays open for the clients that are left', async () => {
    const first = await duckdb().connect(contextOf())
    await using second = await duckdb().connect(contextOf())
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    await second.updateSchema(schema, [])
    expect(await second.hasDataset()).toBe(true)
    await expect(first.hasDataset()).rejects.toThrow('The DuckDB client is closed. Connect again.')
  })

  /** What DuckDB says of the versions that can read a file. */
  const storageVersion = async (options: DuckDbOptions, credentials: string): Promise<unknown> => {
    await using client = await duckdb(options).connect(contextOf(credentials))
    await client.updateSchema(schema, [])
    const [[tags] = []] = await queryFile(
      join(folder, credentials),
      "SELECT tags['storage_version'] FROM duckdb_databases() WHERE path IS NOT NULL",
    )
    return tags
  }

  it('can be read by DuckDB 1.3, or the version that is asked for; one that exists stays as it is', async () => {
    expect(await storageVersion({}, 'new.duckdb')).toBe('v1.3.0+')
    const settings = { storage_compatibility_version: 'v1.0.0' }
    expect(await storageVersion({ settings }, 'old.duckdb')).toBe('v1.0.0+')
    expect(await storageVersion({}, 'old.duckdb')).toBe('v1.0.0+')
    expect(await storageVersion({ settings: { STORAGE_COMPATIBILITY_VERSION: 'v1.2.0' } }, 'loud.duckdb')).toBe(
      'v1.2.0+',
    )
    const unknown = { storage_compatibility_version: 'v0.0.0' }
    await expect(storageVersion({ settings: unknown }, 'other.duckdb')).rejects.toThrow(
      /cannot be opened: its setting "storage_compatibility_version" is no version that the installed DuckDB knows\. Write one such as "v1\.3\.0"\.$/,
    )
  })

  it('is closed when a setting is refused', async () => {
    const refused = duckdb({ settings: { no_such_setting: 1 } }).connect(contextOf())
    await expect(refused).rejects.toThrow(/unrecognized configuration parameter "no_such_setting"/)
    const other = await otherProcess(join(folder, 'events_db.duckdb'))
    expect(other.opened).toBe(true)
    await other.end()
  })
})

describe('a database in memory', () => {
  it('lives as long as the destination is not closed', async () => {
    const destination = duckdb({ credentials: ':memory:' })
    {
      await using client = await destination.connect(contextOf())
      await client.updateSchema(schema, [])
    }
    {
      await using client = await destination.connect(contextOf())
      expect(await client.hasDataset()).toBe(true)
    }
    await destination.close?.()
    await using client = await destination.connect(contextOf())
    expect(await client.hasDataset()).toBe(false)
    await destination.close?.()
  })

  it('belongs to one destination', async () => {
    const destinations = [duckdb({ credentials: ':memory:' }), duckdb({ credentials: ':memory:' })] as const
    await using first = await destinations[0].connect(contextOf())
    await first.updateSchema(schema, [])
    await using second = await destinations[1].connect(contextOf())
    expect(await second.hasDataset()).toBe(false)
  })
})

describe('a connection of the caller', () => {
  let instance: DuckDBInstance
  beforeEach(async () => {
    instance = await DuckDBInstance.create(':memory:')
  })
  afterEach(() => instance.closeSync())

  it('is used, left open, and keeps its settings', async () => {
    const connection = await instance.connect()
    await connection.run("SET TimeZone = 'Asia/Tokyo'")
    {
      await using client = await duckdb({ credentials: connection }).connect(contextOf())
      await client.updateSchema(schema, [])
    }
    const settings = await connection.runAndReadAll(
      "SELECT current_setting('TimeZone'), count(*) FROM data._dlt_version",
    )
    expect(settings.getRowsJS()).toEqual([['Asia/Tokyo', 1n]])
    connection.closeSync()
  })

  it('is refused while in a transaction, which goes on', async () => {
    const connection = await instance.connect()
    await connection.run('CREATE TABLE mine (a BIGINT)')
    await connection.run('BEGIN')
    await connection.run('INSERT INTO mine VALUES (1)')
    const refused = duckdb({ credentials: connection }).connect(contextOf())
    await expect(refused).rejects.toThrow(/is in a transaction.*Commit or roll back first\.$/)
    await connection.run('COMMIT')
    expect((await connection.runAndReadAll('SELECT * FROM mine')).getRowsJS()).toEqual([[1n]])
    connection.closeSync()
  })

  it('is refused while in a transaction that began after connecting, and in one that has failed', async () => {
    const connection = await instance.connect()
    await using client = await duckdb({ credentials: connection }).connect(contextOf())
    await connection.run('BEGIN')
    await expect(client.updateSchema(schema, [])).rejects.toThrow(/is in a transaction/)
    await connection.run('CREATE TABLE t (a BIGINT UNIQUE)')
    await connection.run('INSERT INTO t VALUES (1), (1)').catch(() => undefined)
    await expect(client.load({ loadId: '1', schema, jobs: [], truncateTables: [] })).rejects.toThrow(
      /is in a transaction/,
    )
    await connection.run('ROLLBACK')
    await client.updateSchema(schema, [])
    expect(await client.hasDataset()).toBe(true)
    connection.closeSync()
  })

  it('is refused where a database attached to it has the name of the dataset', async () => {
    const connection = await instance.connect()
    await connection.run("ATTACH ':memory:' AS data")
    await expect(duckdb({ credentials: connection }).connect(contextOf())).rejects.toThrow(
      /The dataset "data" has the name of a DuckDB database/,
    )
    connection.closeSync()
  })
})

describe('options', () => {
  const settingsOf = async (options: DuckDbOptions): Promise<readonly unknown[]> => {
    const memory = new KeptMemoryDatabase()
    await using connection = await openDatabase({ kind: 'memory' }, options, memory)
    const sql = "SELECT current_setting('TimeZone') AS zone, current_setting('threads') AS threads"
    const rows = await connection.query({ sql, parameters: [] })
    return rows.map(({ zone, threads }) => [zone, threads])
  }

  it('set the time zone of the session, UTC unless told otherwise, and further settings', async () => {
    expect(
      await settingsOf({ settings: { threads: 1, memory_limit: '1GB', preserve_insertion_order: false } }),
    ).toEqual([['UTC', 1n]])
    expect(await settingsOf({ sessionTimezone: 'Asia/Tokyo', settings: { threads: 2 } })).toEqual([['Asia/Tokyo', 2n]])
    expect(await settingsOf({ sessionTimezone: null, settings: { threads: 2, TimeZone: 'Europe/Berlin' } })).toEqual([
      ['Europe/Berlin', 2n],
    ])
    await expect(settingsOf({ sessionTimezone: 'Nowhere/Land' })).rejects.toThrow(DestinationError)
  })

  it('write rows early, unless told otherwise', async () => {
    const rowGroups = async (options: DuckDbOptions): Promise<unknown> => {
      await using connection = await openDatabase({ kind: 'memory' }, options, new KeptMemoryDatabase())
      const sql = "SELECT current_setting('write_buffer_row_group_count') AS row_groups"
      const [row] = await connection.query({ sql, parameters: [] })
      return row?.['row_groups']
    }
    expect(await rowGroups({})).toBe(1n)
    expect(await rowGroups({ settings: { write_buffer_row_group_count: 5 } })).toBe(5n)
  })

  it('may leave the name of the dataset as it is', async () => {
    const destination = duckdb({ normalizeDatasetName: false })
    await using client = await destination.connect({ ...contextOf(), datasetName: 'My "Data"' })
    await client.updateSchema(schema, [])
    expect(client.datasetName).toBe('My "Data"')
    const rows = await queryFile(join(folder, 'events_db.duckdb'), 'SELECT count(*) FROM "My ""Data"""._dlt_version')
    expect(rows).toEqual([[1n]])
  })

  it.each([
    [true, ['rejected', 'fulfilled']],
    [false, ['fulfilled', 'fulfilled']],
  ] as const)(
    'may turn unique hints into constraints, which replacing can live with: %s',
    async (createIndexes, expected) => {
      await using client = await duckdb({ createIndexes }).connect(contextOf())
      const id: ColumnSchema = { name: 'id', data_type: 'bigint', unique: true }
      const unique = sampleSchema('events', { items: [id] })
      const path = join(folder, 'items.jsonl')
      writeFileSync(path, '{"id":1}\n{"id":2}\n')
      const job = {
        jobId: 'items.1.jsonl',
        tableName: 'items',
        path,
        format: 'jsonl',
        rowCount: 2,
        columns: ['id'],
      } as const
      await client.updateSchema(unique, ['items'])
      const load = (loadId: string, ...truncateTables: readonly string[]) =>
        client.load({ loadId, schema: unique, jobs: [job], truncateTables })
      await load('1')
      const again = await Promise.allSettled([load('2')])
      const replaced = await Promise.allSettled([load('3', 'items')])
      expect([...again, ...replaced].map(({ status }) => status)).toEqual(expected)
    },
  )
})

describe('the threads of a load', () => {
  const threads = async (options: DuckDbOptions, workers?: number): Promise<unknown> => {
    const context = { ...contextOf(join(folder, 'events.duckdb')), ...(workers !== undefined && { workers }) }
    await using _client = await duckdb(options).connect(context)
    // Another connection of the same process: threads belong to the database.
    const location = { kind: 'file', path: join(folder, 'events.duckdb') } as const
    await using other = await openDatabase(location, {}, new KeptMemoryDatabase())
    const [row] = await other.query({ sql: "SELECT current_setting('threads') AS threads", parameters: [] })
    return Number(row?.['threads'])
  }

  it('are as many as the pipeline asks for, unless the settings say it', async () => {
    expect(await threads({}, 1)).toBe(1)
    expect(await threads({}, 5)).toBe(5)
    expect(await threads({ settings: { threads: 3 } }, 5)).toBe(3)
  })
})
