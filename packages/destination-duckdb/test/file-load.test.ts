import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commitRows } from '../src/commit-rows.ts'
import { type BorrowedInstance, borrowFileInstance } from '../src/file-instances.ts'
import { FileLoad } from '../src/file-load.ts'
import type { DuckDbOptions } from '../src/index.ts'

let folder: string
let smallFile: string
let largeFile: string
let borrowed: BorrowedInstance
let connection: DuckDBConnection

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  smallFile = join(folder, 'small')
  largeFile = join(folder, 'large')
  writeFileSync(smallFile, 'x')
  writeFileSync(largeFile, Buffer.alloc(64 * 1024 * 1024))
  borrowed = await borrowFileInstance(join(folder, 'test.duckdb'))
  connection = await borrowed.connect()
})
afterEach(() => {
  connection.closeSync()
  borrowed.release()
  rmSync(folder, { recursive: true })
})

async function numberOf(sql: string): Promise<number> {
  const [[value] = []] = (await connection.runAndReadAll(sql)).getRows()
  return Number(value)
}

const memoryLimit = async () => (await connection.runAndReadAll("SELECT current_setting('memory_limit')")).getRows()
const memoryInUse = () => numberOf('SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()')

/** Rows that stay in memory as blocks of the file. */
async function writeRows(table: string): Promise<void> {
  await connection.run(`CREATE TABLE ${table} AS SELECT hash(i) AS a, hash(i + 1) AS b FROM range(8_000_000) AS t(i)`)
}

describe('a load into a file: its memory', () => {
  it('is given back before the first file and after enough bytes of files', async () => {
    const memory = new FileLoad(borrowed)
    await writeRows('one')
    const full = await memoryInUse()
    expect(full).toBeGreaterThan(100_000_000)
    await memory.beforeFiles(smallFile)
    expect(await memoryInUse()).toBeLessThan(65_000_000)
    await writeRows('two')
    await memory.beforeFiles(largeFile)
    expect(await memoryInUse(), 'too few bytes of files').toBeGreaterThan(100_000_000)
    await memory.beforeFiles(smallFile)
    expect(await memoryInUse()).toBeLessThan(65_000_000)
    expect(await numberOf('SELECT count(*) FROM one, (SELECT count(*) FROM two)')).toBe(8_000_000)
  })

  it('has the limit that it had, also in the middle of a transaction', async () => {
    const before = await memoryLimit()
    await connection.run('BEGIN')
    await writeRows('one')
    await new FileLoad(borrowed).beforeFiles(smallFile)
    expect(await memoryLimit()).toEqual(before)
    await connection.run('COMMIT')
    expect(await numberOf('SELECT count(*) FROM one')).toBe(8_000_000)
  })

  it('has a limit that a user set, lower than what is kept', async () => {
    await connection.run("SET memory_limit = '50MB'")
    const before = await memoryLimit()
    await new FileLoad(borrowed).beforeFiles(smallFile)
    expect(await memoryLimit()).toEqual(before)
  })

  it.each(['-1', '5000TB'])('is left alone where its limit, %s, cannot be set again', async (limit) => {
    await connection.run(`SET memory_limit = '${limit}'`)
    const before = await memoryLimit()
    await writeRows('one')
    await new FileLoad(borrowed).beforeFiles(smallFile)
    expect(await memoryLimit()).toEqual(before)
    expect(await memoryInUse()).toBeGreaterThan(100_000_000)
  })

  it('is left alone where settings are locked', async () => {
    const before = await memoryLimit()
    await connection.run('SET lock_configuration = true')
    await new FileLoad(borrowed).beforeFiles(smallFile)
    expect(await memoryLimit()).toEqual(before)
  })

  it('has the limit that was asked for', async () => {
    await connection.run("SET memory_limit = '2GiB'")
    await writeRows('one')
    await new FileLoad(borrowed, { memory_limit: '1GiB' }).beforeFiles(smallFile)
    expect(await memoryInUse()).toBeLessThan(65_000_000)
    expect(await memoryLimit()).toEqual([['1.0 GiB']])
  })

  it('stays where a transaction needs it', async () => {
    await connection.run("SET temp_directory = ''")
    await connection.run(
      'CREATE TEMP TABLE held AS SELECT hash(i) AS a, hash(i + 1) AS b FROM range(8_000_000) AS t(i)',
    )
    const before = await memoryLimit()
    await new FileLoad(borrowed).beforeFiles(smallFile)
    expect(await memoryLimit()).toEqual(before)
    expect(await numberOf('SELECT count(*) FROM held')).toBe(8_000_000)
  })

  it('is not touched while somebody else uses the file', async () => {
    const other = await borrowFileInstance(join(folder, 'test.duckdb'))
    await writeRows('one')
    await new FileLoad(borrowed).beforeFiles(smallFile)
    expect(await memoryInUse()).toBeGreaterThan(100_000_000)
    other.release()
  })

  it('is given back before somebody else gets the file', async () => {
    const order: string[] = []
    const released = borrowed.whileAlone(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('given back')
    })
    const other = await borrowFileInstance(join(folder, 'test.duckdb'))
    order.push('borrowed')
    await released
    other.release()
    expect(order).toEqual(['given back', 'borrowed'])
  })

  const writesEarly = async () =>
    (await connection.runAndReadAll("SELECT current_setting('enable_optimistic_write')")).getRows()

  it('takes the rows of a load that is not large until they are committed', async () => {
    const memory = new FileLoad(borrowed)
    await memory.beforeLoad([smallFile, largeFile, join(folder, 'none')])
    expect(await writesEarly()).toEqual([[false]])
    await memory.beforeLoad([largeFile, largeFile, largeFile])
    expect(await writesEarly()).toEqual([[true]])
  })

  it('lets rows be written early again after it, and before a large one of another client', async () => {
    const memory = new FileLoad(borrowed)
    await memory.beforeLoad([smallFile])
    await memory.afterLoad()
    expect(await writesEarly()).toEqual([[true]])
    await memory.beforeLoad([smallFile])
    const other = await borrowFileInstance(join(folder, 'test.duckdb'))
    await memory.afterLoad()
    expect(await writesEarly(), 'not while somebody else uses the file').toEqual([[false]])
    await new FileLoad(other).beforeLoad([largeFile, largeFile, largeFile])
    expect(await writesEarly()).toEqual([[true]])
    other.release()
  })

  it('gives nothing back between the files of such a load', async () => {
    const memory = new FileLoad(borrowed)
    await memory.beforeLoad([smallFile, largeFile])
    await memory.beforeFiles(largeFile)
    await writeRows('one')
    const full = await memoryInUse()
    await memory.beforeFiles(smallFile)
    expect(await memoryInUse()).toBe(full)
  })

  it('takes rows as a user set it', async () => {
    await connection.run('SET enable_optimistic_write = true')
    await new FileLoad(borrowed, { enable_optimistic_write: true }).beforeLoad([smallFile])
    expect(await writesEarly()).toEqual([[true]])
  })

  const setting = async (name: string) =>
    (await connection.runAndReadAll(`SELECT current_setting('${name}')::VARCHAR`)).getRows().flat()

  describe('at the commit of rows that were kept', () => {
    beforeEach(() => connection.run('SET threads = 3'))

    /** The threads that there are when a commit begins, and 100 ms later, before it ends. */
    const threadsAtCommit = async (memory: FileLoad): Promise<readonly unknown[]> => {
      const seen: unknown[] = []
      await memory.commit(async () => {
        seen.push(...(await setting('threads')))
        await new Promise((resolve) => setTimeout(resolve, 100))
        seen.push(...(await setting('threads')))
      })
      return seen
    }

    it('leaves its thread alone until it has begun', async () => {
      const memory = new FileLoad(borrowed)
      await memory.beforeLoad([largeFile])
      expect(await threadsAtCommit(memory)).toEqual(['1', '3'])
      await memory.afterLoad()
      expect(await threadsAtCommit(memory)).toEqual(['3', '3'])
    })

    const logSettings = async () => [
      ...(await setting('wal_autocheckpoint')),
      ...(await setting('auto_checkpoint_skip_wal_threshold')),
    ]

    it('writes no log, unless a user decides when one is written', async () => {
      const before = await logSettings()
      expect(before).toEqual(['16.0 MiB', '100000'])
      const logAtCommit = async (settings: DuckDbOptions['settings']): Promise<readonly unknown[]> => {
        const load = new FileLoad(borrowed, settings)
        await load.beforeLoad([largeFile])
        let seen: readonly unknown[] = []
        await load.commit(async () => {
          seen = await logSettings()
        })
        expect(await logSettings(), 'after the commit').toEqual(before)
        return seen
      }
      expect(await logAtCommit({})).toEqual(['0 bytes', '0'])
      for (const name of ['wal_autocheckpoint', 'checkpoint_threshold', 'auto_checkpoint_skip_wal_threshold'])
        expect(await logAtCommit({ [name]: 1 }), name).toEqual(before)
    })

    it('leaves threads as they are where rows are few, are written, or settings are locked', async () => {
      const memory = new FileLoad(borrowed)
      await memory.beforeLoad([smallFile])
      expect(await threadsAtCommit(memory)).toEqual(['3', '3'])
      await memory.beforeLoad([largeFile, largeFile, largeFile])
      expect(await threadsAtCommit(memory)).toEqual(['3', '3'])
      await memory.beforeLoad([largeFile])
      await connection.run('SET lock_configuration = true')
      expect(await threadsAtCommit(memory)).toEqual(['3', '3'])
    })

    it('leaves threads as they are while somebody else uses the file', async () => {
      const memory = new FileLoad(borrowed)
      await memory.beforeLoad([largeFile])
      const other = await borrowFileInstance(join(folder, 'test.duckdb'))
      expect(await threadsAtCommit(memory)).toEqual(['3', '3'])
      other.release()
    })

    it('is not helped where the database cannot be asked', async () => {
      const cannotConnect = { ...borrowed, connect }
      async function connect(): Promise<never> {
        throw new Error('no memory')
      }
      const memory = new FileLoad(cannotConnect, { enable_optimistic_write: false })
      expect(await threadsAtCommit(memory)).toEqual(['3', '3'])
      let commits = 0
      const commit = async () => {
        commits += 1
      }
      await commitRows(cannotConnect, commit, { decidesLog: true })
      expect(commits).toBe(1)
    })

    it('is over, even where the settings cannot be set back', async () => {
      let isClosed = false
      const connect = () => (isClosed ? Promise.reject(new Error('no memory')) : borrowed.connect())
      const memory = new FileLoad({ ...borrowed, connect })
      await memory.beforeLoad([smallFile])
      isClosed = true
      await memory.afterLoad()
      expect(memory.keepsRows).toBe(false)
    })

    it('fails as it does alone', async () => {
      const memory = new FileLoad(borrowed)
      await memory.beforeLoad([largeFile])
      await expect(memory.commit(() => Promise.reject(new Error('conflict')))).rejects.toThrow('conflict')
      expect(await setting('threads')).toEqual(['3'])
    })
  })

  describe('of rows that are kept, inserted on one thread', () => {
    beforeEach(() => connection.run('SET threads = 2'))

    const insert = async (load: FileLoad, rows: number): Promise<readonly unknown[] | undefined> => {
      const seen: unknown[] = []
      const inserted = await load.onOneThread(rows, async () => {
        seen.push(...(await setting('threads')))
        await new Promise((resolve) => setTimeout(resolve, 200))
        seen.push(...(await setting('threads')))
        return rows
      })
      return inserted === undefined ? undefined : seen
    }

    it('begins with one, where two do not fill a row group each', async () => {
      const load = new FileLoad(borrowed)
      await load.beforeLoad([largeFile])
      expect(await insert(load, 122_879)).toEqual(['1', '2'])
      expect(await insert(load, 122_880)).toBeUndefined()
      await connection.run('SET threads = 3')
      expect(await insert(load, 1_000)).toBeUndefined()
      await connection.run('SET threads = 1')
      expect(await insert(load, 1_000)).toBeUndefined()
    })

    it('is not where the load is small or large', async () => {
      const load = new FileLoad(borrowed)
      await load.beforeLoad([smallFile])
      expect(await insert(load, 1_000)).toBeUndefined()
      await load.beforeLoad([largeFile, largeFile, largeFile])
      expect(await insert(load, 1_000)).toBeUndefined()
    })

    it('is not where the database cannot be asked for its threads', async () => {
      let isClosed = false
      const connect = () => (isClosed ? Promise.reject(new Error('no memory')) : borrowed.connect())
      const kept = new FileLoad({ ...borrowed, connect })
      await kept.beforeLoad([largeFile])
      isClosed = true
      expect(await insert(kept, 1_000)).toBeUndefined()
      expect(await kept.inAnyOrder({ count: 1_000_000, bytes: 1 }, async () => 3)).toBeUndefined()
    })

    it('ends before the others are back, and fails as it does alone', async () => {
      const load = new FileLoad(borrowed)
      await load.beforeLoad([largeFile])
      expect(await load.onOneThread(1, async () => 1)).toBe(1)
      expect(await setting('threads')).toEqual(['2'])
      await expect(load.onOneThread(1, () => Promise.reject(new Error('no such file')))).rejects.toThrow('no such file')
      expect(await setting('threads')).toEqual(['2'])
    })
  })

  describe('of an insert in any order', () => {
    const keepsOrder = () => setting('preserve_insertion_order')
    const rowsOf = (rowBytes: number, count = 1_000_000) => ({ count, bytes: rowBytes * count })
    const rows = rowsOf(1_000)

    /** A load whose rows are written before they are committed. */
    const largeLoad = async (settings: DuckDbOptions['settings'] = {}): Promise<FileLoad> => {
      const load = new FileLoad(borrowed, settings)
      await load.beforeLoad([largeFile, largeFile, largeFile])
      return load
    }

    it('is the only one that may change the order of rows', async () => {
      const memory = await largeLoad()
      const seen: unknown[] = []
      const inserted = await memory.inAnyOrder(rows, async () => {
        seen.push(...(await keepsOrder()))
        return 3
      })
      expect(inserted).toBe(3)
      expect(seen).toEqual(['false'])
      expect(await keepsOrder()).toEqual(['true'])
      await expect(memory.inAnyOrder(rows, () => Promise.reject(new Error('no such file')))).rejects.toThrow(
        'no such file',
      )
      expect(await keepsOrder()).toEqual(['true'])
    })

    it('does not run where row groups of all threads would take much of the memory', async () => {
      await connection.run("SET threads = 2; SET memory_limit = '8GiB'")
      // A 24th of it for twice 61,440 rows: 2,912 bytes each.
      expect(await (await largeLoad()).inAnyOrder(rowsOf(2_900), async () => 3)).toBe(3)
      const insert = () => Promise.reject(new Error('must not run'))
      expect(await (await largeLoad()).inAnyOrder(rowsOf(2_920), insert)).toBeUndefined()
      await connection.run('SET threads = 4')
      expect(await (await largeLoad()).inAnyOrder(rowsOf(1_460), insert)).toBeUndefined()
      await connection.run("SET memory_limit = '5000TB'")
      expect(await (await largeLoad()).inAnyOrder(rowsOf(1_000_000), async () => 3)).toBe(3)
      expect(await keepsOrder()).toEqual(['true'])
    })

    it('runs for rows that are kept, where each thread fills a row group with them', async () => {
      await connection.run('SET threads = 2')
      const load = new FileLoad(borrowed)
      await load.beforeLoad([largeFile])
      const seen: unknown[] = []
      const insert = async () => {
        seen.push(...(await keepsOrder()))
        return 3
      }
      expect(await load.inAnyOrder(rowsOf(1_000, 122_880), insert)).toBe(3)
      expect(seen).toEqual(['false'])
      expect(await load.inAnyOrder(rowsOf(1_000, 122_879), insert)).toBeUndefined()
      await connection.run('SET threads = 3')
      expect(await load.inAnyOrder(rowsOf(1_000, 122_880), insert)).toBeUndefined()
      await load.beforeLoad([smallFile])
      expect(await load.inAnyOrder(rowsOf(1_000, 1_000_000), insert), 'a small load').toBeUndefined()
      expect(await keepsOrder()).toEqual(['true'])
    })

    it('leaves the setting as it was', async () => {
      await connection.run('SET preserve_insertion_order = false')
      expect(await (await largeLoad()).inAnyOrder(rows, async () => 3)).toBe(3)
      expect(await keepsOrder()).toEqual(['false'])
    })

    it('is given back while it runs, as far as it was written', async () => {
      const before = await memoryLimit()
      await (await largeLoad()).inAnyOrder(rows, async () => {
        await connection.run('CREATE TEMP TABLE held AS SELECT hash(i) AS a FROM range(8_000_000) AS t(i)')
        await writeRows('one')
        await writeRows('two')
        await expect.poll(memoryInUse, { timeout: 10_000 }).toBeLessThan(130_000_000)
        // What was not written stays: the temporary table.
        expect(await memoryInUse()).toBeGreaterThan(60_000_000)
        return 0
      })
      expect(await memoryLimit()).toEqual(before)
      expect(await numberOf('SELECT count(*) FROM one, (SELECT count(*) FROM two), (SELECT count(*) FROM held)')).toBe(
        8_000_000,
      )
    })

    /** Whether memory of rows that an insert has written is given back within a time, in milliseconds, while it still runs. */
    const givesBack = async (memory: FileLoad, within: number): Promise<boolean> => {
      let isGivenBack = false
      await memory.inAnyOrder(rows, async () => {
        await connection.run('DROP TABLE IF EXISTS one')
        await writeRows('one')
        const end = performance.now() + within
        while (!isGivenBack && performance.now() < end) {
          await new Promise((resolve) => setTimeout(resolve, 20))
          isGivenBack = (await memoryInUse()) < 65_000_000
        }
        return 0
      })
      return isGivenBack
    }

    it('is left alone where large texts or a missing folder for temporary files may need all of it', async () => {
      expect(await givesBack(await largeLoad(), 20_000)).toBe(true)
      const memory = await largeLoad()
      const hugeFile = join(folder, 'huge')
      writeFileSync(hugeFile, '')
      truncateSync(hugeFile, 200 * 1024 * 1024)
      await memory.beforeLoad([smallFile, hugeFile])
      expect(await givesBack(memory, 600)).toBe(false)
      await connection.run("SET temp_directory = ''")
      expect(await givesBack(await largeLoad(), 600)).toBe(false)
    })

    it('is left alone when the insert runs again, for which it may have been too low', async () => {
      const memory = await largeLoad()
      const failing = memory.inAnyOrder(rows, async () => {
        await writeRows('one')
        await expect.poll(memoryInUse, { timeout: 10_000 }).toBeLessThan(65_000_000)
        throw new DestinationError('DuckDB: Out of Memory Error: failed to allocate', { kind: 'transient' })
      })
      await expect(failing).rejects.toMatchObject({ kind: 'transient', conflict: true })
      expect(await givesBack(memory, 600)).toBe(false)
      await memory.afterLoad()
      await memory.beforeLoad([largeFile, largeFile, largeFile])
      expect(await givesBack(memory, 20_000)).toBe(true)
      const unhelped = memory.inAnyOrder(rows, async () => {
        throw new DestinationError('DuckDB: Out of Memory Error: failed to allocate', { kind: 'transient' })
      })
      await expect(unhelped).rejects.toMatchObject({ kind: 'transient', conflict: false })
    })

    it.each(['-1', '5000TB'])('is left alone where its limit, %s, cannot be set again', async (limit) => {
      await connection.run(`SET memory_limit = '${limit}'`)
      const before = await memoryLimit()
      expect(await (await largeLoad()).inAnyOrder(rows, () => new Promise((run) => setTimeout(run, 600, 1)))).toBe(1)
      expect(await memoryLimit()).toEqual(before)
    })

    it('does not run while somebody else uses the file, where a user set the order, or where settings are locked', async () => {
      const insert = () => Promise.reject(new Error('must not run'))
      const other = await borrowFileInstance(join(folder, 'test.duckdb'))
      expect(await (await largeLoad()).inAnyOrder(rows, insert)).toBeUndefined()
      other.release()
      for (const order of [true, false])
        expect(await (await largeLoad({ preserve_insertion_order: order })).inAnyOrder(rows, insert)).toBeUndefined()
      await connection.run('SET lock_configuration = true')
      expect(await (await largeLoad()).inAnyOrder(rows, insert)).toBeUndefined()
    })

    it('has begun before somebody else gets the file, who need not wait for its end', async () => {
      const order: unknown[] = []
      let isCalled = false
      const inserted = (await largeLoad()).inAnyOrder(rows, async () => {
        isCalled = true
        await new Promise((resolve) => setTimeout(resolve, 50))
        order.push(await keepsOrder())
        await connection.run('CREATE TEMP TABLE held AS SELECT hash(i) AS a FROM range(1_000_000) AS t(i)')
        await new Promise((resolve) => setTimeout(resolve, 1_000))
        order.push('inserted')
        return 1
      })
      await expect.poll(() => isCalled, { interval: 1 }).toBe(true)
      const other = await borrowFileInstance(join(folder, 'test.duckdb'))
      order.push('borrowed', await keepsOrder())
      await inserted
      other.release()
      expect(order).toEqual([['false'], 'borrowed', ['true'], 'inserted'])
    })

    it('fails as it does alone, also before it has begun', async () => {
      const memory = await largeLoad()
      const insert = () => connection.run('INSERT INTO missing SELECT 1').then(() => 0)
      await expect(memory.inAnyOrder(rows, insert)).rejects.toThrow('missing')
      await connection.run('CREATE TABLE numbers (i BIGINT CHECK (i < 4_000_000))')
      const late = () => connection.run('INSERT INTO numbers FROM range(5_000_000)').then(() => 0)
      await expect(memory.inAnyOrder(rows, late)).rejects.toThrow('CHECK constraint failed')
      expect(await keepsOrder()).toEqual(['true'])
    })
  })
})
