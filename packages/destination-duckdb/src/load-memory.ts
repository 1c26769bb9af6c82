import { stat } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { BorrowedInstance } from './file-instances.ts'
import type { DuckDbOptions } from './options.ts'

/** Bytes of files between two times that memory is given back. More often costs time: what is needed again is read again. */
const bytesBetween = 64 * 1024 * 1024

/**
 * Bytes of files, at most, of a load whose rows are kept in memory until they are committed. Then all row groups are compressed at once, on
 * all threads; what is written before is compressed by one thread. For 137 MB that takes 1.2 instead of 1.6 s, and 60 MB more.
 */
const keptBytes = 160 * 1024 * 1024

/** DuckDB's setting: whether rows are compressed and written before they are committed. */
const writesEarly = 'enable_optimistic_write'

/**
 * DuckDB's settings by which a commit of rows that were kept writes them to their places in the file. Otherwise it may write them to its log
 * first, as they are, and from there to the file when that is closed: 200,000 rows of 60 columns take 1.4 instead of 2.0 s.
 */
const directCommit = { checkpoint_threshold: '1B', auto_checkpoint_skip_wal_threshold: '0' }

/** Settings of a user that say when the log is written to the file. */
const checkpointSettings: readonly string[] = [...Object.keys(directCommit), 'wal_autocheckpoint']

/** Low enough that nearly everything goes, high enough for what is written next. */
const lowLimit = '64MB'

/**
 * Bounds the memory of a load into a file. DuckDB keeps the blocks that it wrote up to its memory limit, most of the machine's memory; and
 * what normalizing used before stays with the allocator of the C library, which DuckDB asks to return it when its limit is set. So the limit
 * is set low for a moment, between files, and back: statements themselves run with all of it. Not while somebody else uses the file.
 *
 * Measured: 2,000,000 events in 115 Parquet files took 690 MB in a process of their own, and take 400 MB in the same time.
 */
export class LoadMemory {
  readonly #borrowed: BorrowedInstance
  readonly #limit: string | undefined
  // What normalizing left is given back before the first file.
  #bytes = bytesBetween
  /** Bytes of the load's files whose rows are kept until they are committed. */
  #keptBytes = 0

  /** What is set while rows are kept; nothing where the user says when they are written. */
  readonly #keptSettings: Readonly<Record<string, string>>
  #isKept = false

  /** @param settings those that were asked for; DuckDB's own where they were not */
  constructor(borrowed: BorrowedInstance, settings: DuckDbOptions['settings'] = {}) {
    this.#borrowed = borrowed
    const limit = settings['memory_limit']
    this.#limit = limit === undefined ? undefined : String(limit)
    const keptSettings = {
      [writesEarly]: 'false',
      ...(checkpointSettings.some((name) => name in settings) ? {} : directCommit),
    }
    this.#keptSettings = writesEarly in settings ? {} : keptSettings
  }

  /** To be awaited before the transaction of a load begins. */
  async beforeLoad(paths: readonly string[]): Promise<void> {
    const settings = Object.entries(this.#keptSettings)
    if (settings.length === 0 || paths.length === 0) return
    const sizes = await Promise.all(paths.map(sizeOf))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    const isKept = bytes <= keptBytes
    // Rows that are kept cannot be given back: before the first file is enough.
    this.#keptBytes = isKept ? bytes : 0
    if (!isKept) return
    await this.#borrowed.whileAlone(() =>
      this.#withConnection(async (connection) => {
        this.#isKept = true
        for (const [name, value] of settings) await trySet(connection, name, value)
      }),
    )
  }

  /** To be awaited after the transaction of a load: whoever comes next finds the settings as they were. */
  async afterLoad(): Promise<void> {
    if (!this.#isKept) return
    this.#isKept = false
    const reset = this.#withConnection(async (connection) => {
      for (const name of Object.keys(this.#keptSettings)) await tryRun(connection, `RESET ${name}`)
    })
    // An instance that gives no connection any more has no settings either; why a load failed must not be lost over it.
    await reset.catch(() => undefined)
  }

  /** To be awaited before a file is loaded. */
  async beforeFile(path: string): Promise<void> {
    if (this.#bytes >= bytesBetween) {
      this.#bytes = -this.#keptBytes
      await this.#borrowed.whileAlone(() => this.#giveBack())
    }
    this.#bytes += (await stat(path)).size
  }

  // Not on the load's connection: a statement that fails would end its transaction.
  async #withConnection(run: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    const connection = await this.#borrowed.instance.connect()
    try {
      await run(connection)
    } finally {
      connection.closeSync()
    }
  }

  async #giveBack(): Promise<void> {
    await this.#withConnection(async (connection) => {
      const limit = this.#limit ?? (await readLimit(connection))
      // Where the limit cannot be set to what it is (settings are locked, or it is none), it must not be changed either.
      if (!(await trySet(connection, 'memory_limit', limit))) return
      // Where a transaction needs more than that, DuckDB gives back what it can and leaves the limit.
      await trySet(connection, 'memory_limit', lowLimit)
      await trySet(connection, 'memory_limit', limit)
    })
  }
}

/** The limit as a text that sets it again: DuckDB cuts it off after one digit (`18.7 GiB`), so that each time it would get smaller. */
async function readLimit(connection: DuckDBConnection): Promise<string> {
  const [[limit] = []] = (await connection.runAndReadAll("SELECT current_setting('memory_limit')")).getRows()
  return String(limit).replace(/\.\d(?= )/, '$&5')
}

/** A file that is missing is found missing when it is loaded. */
function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** Changes a setting where DuckDB lets it be changed. */
function trySet(connection: DuckDBConnection, name: string, value: string): Promise<boolean> {
  return tryRun(connection, `SET ${name} = '${value.replaceAll("'", "''")}'`)
}

/** Memory and time are no reasons for a load to fail. */
async function tryRun(connection: DuckDBConnection, statement: string): Promise<boolean> {
  try {
    await connection.run(statement)
    return true
  } catch {
    return false
  }
}
