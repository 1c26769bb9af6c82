import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commitRows } from '../src/commit-rows.ts'
import { type BorrowedInstance, borrowFileInstance } from '../src/file-instances.ts'
import { FileLoad } from '../src/file-load.ts'

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

describe('memory of a load', () => {
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

  it('is that of a large load by its bytes alone, whatever a user set', async () => {
    const memory = new FileLoad(borrowed, { enable_optimistic_write: true })
    await memory.beforeLoad([largeFile, largeFile])
    expect([memory.isLarge, memory.keepsRows]).toEqual([false, false])
    await memory.beforeLoad([largeFile, largeFile, largeFile])
    expect([memory.isLarge, memory.keepsRows]).toEqual([true, false])
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

  describe('of an insert in any order', () => {
    const keepsOrder = () => setting('preserve_insertion_order')
    const rowBytes = 1_000

    it('is the only one that may change the order of rows', async () => {
      const memory = new FileLoad(borrowed)
      const seen: unknown[] = []
      const rows = await memory.inAnyOrder(rowBytes, async () => {
        seen.push(...(await keepsOrder()))
        return 3
      })
      expect(rows).toBe(3)
      expect(seen).toEqual(['false'])
      expect(await keepsOrder()).toEqual(['true'])
      await expect(memory.inAnyOrder(rowBytes, () => Promise.reject(new Error('no such file')))).rejects.toThrow(
        'no such file',
      )
      expect(await keepsOrder()).toEqual(['true'])
    })

    it('does not run where row groups of all threads would take much of the memory', async () => {
      await connection.run("SET threads = 2; SET memory_limit = '8GiB'")
      // A 24th of it for twice 122,880 rows: 1,456 bytes each.
      expect(await new FileLoad(borrowed).inAnyOrder(1_450, async () => 3)).toBe(3)
      const insert = () => Promise.reject(new Error('must not run'))
      expect(await new FileLoad(borrowed).inAnyOrder(1_460, insert)).toBeUndefined()
      await connection.run('SET threads = 4')
      expect(await new FileLoad(borrowed).inAnyOrder(730, insert)).toBeUndefined()
      await connection.run("SET memory_limit = '5000TB'")
      expect(await new FileLoad(borrowed).inAnyOrder(1_000_000, async () => 3)).toBe(3)
      expect(await keepsOrder()).toEqual(['true'])
    })

    it('leaves the setting as it was', async () => {
      await connection.run('SET preserve_insertion_order = false')
      expect(await new FileLoad(borrowed).inAnyOrder(rowBytes, async () => 3)).toBe(3)
      expect(await keepsOrder()).toEqual(['false'])
    })

    it('is given back while it runs, as far as it was written', async () => {
      const before = await memoryLimit()
      await new FileLoad(borrowed).inAnyOrder(rowBytes, async () => {
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
      await memory.inAnyOrder(rowBytes, async () => {
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
      expect(await givesBack(new FileLoad(borrowed), 20_000)).toBe(true)
      const memory = new FileLoad(borrowed)
      const hugeFile = join(folder, 'huge')
      writeFileSync(hugeFile, '')
      truncateSync(hugeFile, 200 * 1024 * 1024)
      await memory.beforeLoad([smallFile, hugeFile])
      expect(await givesBack(memory, 600)).toBe(false)
      await connection.run("SET temp_directory = ''")
      expect(await givesBack(new FileLoad(borrowed), 600)).toBe(false)
    })

    it('is left alone when the insert runs again, for which it may have been too low', async () => {
      const memory = new FileLoad(borrowed)
      const failing = memory.inAnyOrder(rowBytes, async () => {
        await writeRows('one')
        await expect.poll(memoryInUse, { timeout: 10_000 }).toBeLessThan(65_000_000)
        throw new DestinationError('DuckDB: Out of Memory Error: failed to allocate', { kind: 'transient' })
      })
      await expect(failing).rejects.toMatchObject({ kind: 'transient', conflict: true })
      expect(await givesBack(memory, 600)).toBe(false)
      await memory.afterLoad()
      expect(await givesBack(memory, 20_000)).toBe(true)
      const unhelped = memory.inAnyOrder(rowBytes, async () => {
        throw new DestinationError('DuckDB: Out of Memory Error: failed to allocate', { kind: 'transient' })
      })
      await expect(unhelped).rejects.toMatchObject({ kind: 'transient', conflict: false })
    })

    it.each(['-1', '5000TB'])('is left alone where its limit, %s, cannot be set again', async (limit) => {
      await connection.run(`SET memory_limit = '${limit}'`)
      const before = await memoryLimit()
      expect(
        await new FileLoad(borrowed).inAnyOrder(rowBytes, () => new Promise((run) => setTimeout(run, 600, 1))),
      ).toBe(1)
      expect(await memoryLimit()).toEqual(before)
    })

    it('does not run while somebody else uses the file, where a user set the order, or where settings are locked', async () => {
      const insert = () => Promise.reject(new Error('must not run'))
      const other = await borrowFileInstance(join(folder, 'test.duckdb'))
      expect(await new FileLoad(borrowed).inAnyOrder(rowBytes, insert)).toBeUndefined()
      other.release()
      for (const order of [true, false])
        expect(
          await new FileLoad(borrowed, { preserve_insertion_order: order }).inAnyOrder(rowBytes, insert),
        ).toBeUndefined()
      await connection.run('SET lock_configuration = true')
      expect(await new FileLoad(borrowed).inAnyOrder(rowBytes, insert)).toBeUndefined()
    })

    it('has begun before somebody else gets the file, who need not wait for its end', async () => {
      const order: unknown[] = []
      let isCalled = false
      const inserted = new FileLoad(borrowed).inAnyOrder(rowBytes, async () => {
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
      const memory = new FileLoad(borrowed)
      const insert = () => connection.run('INSERT INTO missing SELECT 1').then(() => 0)
      await expect(memory.inAnyOrder(rowBytes, insert)).rejects.toThrow('missing')
      await connection.run('CREATE TABLE numbers (i BIGINT CHECK (i < 4_000_000))')
      const late = () => connection.run('INSERT INTO numbers FROM range(5_000_000)').then(() => 0)
      await expect(memory.inAnyOrder(rowBytes, late)).rejects.toThrow('CHECK constraint failed')
      expect(await keepsOrder()).toEqual(['true'])
    })
  })
})
