import { commitRows, logSettings } from './commit-rows.ts'
import { readSetting, trySet } from './database-settings.ts'
import type { BorrowedInstance } from './file-instances.ts'
import { fileSize } from './file-size.ts'
import { fillsRowGroups, insertOnOneThread, isFasterOnOneThread } from './insert-threads.ts'
import type { DuckDbOptions } from './options.ts'
import { insertUnordered, keepsOrder } from './unordered-insert.ts'

/** Bytes of files between two times that memory is given back. More often costs time: what is needed again is read again. */
const bytesBetween = 64 * 1024 * 1024

/**
 * Bytes of files, at most, of a load whose rows are kept in memory until they are committed. Then all row groups are compressed at once, on
 * all threads; what is written before is compressed by one thread. For 137 MB that takes 1.2 instead of 1.6 s, and 60 MB more.
 */
const keptBytes = 160 * 1024 * 1024

/** Bytes of files of a load that takes long enough to be helped. */
const helpedBytes = 16 * 1024 * 1024

/** DuckDB's setting: whether rows are compressed and written before they are committed. */
const writesEarly = 'enable_optimistic_write'

/**
 * Bytes of the largest file that has no texts of many megabytes in it. Where there are some, a statement may need hundreds of megabytes at
 * once, and memory is left alone while it runs.
 */
const largestUsualFile = 64 * 1024 * 1024

/** Low enough that nearly everything goes, high enough for what is written next. */
const lowLimit = '64MB'

/** The Parquet files of a load. */
interface FilesOfLoad {
  readonly bytes: number
  /** Bytes of the largest one. */
  readonly largest: number
}

/** Rows of files that one statement inserts. */
export interface RowsOfFiles {
  readonly count: number
  /** Bytes of the files. */
  readonly bytes: number
}

const noFiles: FilesOfLoad = { bytes: 0, largest: 0 }

/**
 * A load into a database file: what DuckDB's settings are meanwhile, so that it takes little time and memory. Settings that a user asked for
 * are left alone, and all are as before when the load is over.
 *
 * Memory is given back. DuckDB keeps the blocks that it wrote up to its memory limit, most of the machine's memory; and what normalizing used
 * before stays with the allocator of the C library, which DuckDB asks to return it when its limit is set. So the limit is set low for a moment,
 * between files, and back: statements themselves run with all of it. Not while somebody else uses the file.
 *
 * While one statement inserts many files, only blocks are given back that it has written.
 *
 * Measured: 2,000,000 events in 115 Parquet files took 690 MB in a process of their own, and take 400 MB in the same time; in any order 460
 * instead of 705 MB, in half of the time.
 */
export class FileLoad {
  readonly #borrowed: BorrowedInstance
  readonly #limit: string | undefined
  readonly #decidesWriting: boolean
  readonly #decidesOrder: boolean
  readonly #decidesLog: boolean
  // What normalizing left is given back before the first file.
  #bytes = bytesBetween
  #load: FilesOfLoad = noFiles
  /** Whether memory is given back while a statement inserts. */
  #givesBackMeanwhile = true

  /** @param settings those that were asked for, with names in small letters; DuckDB's own where they were not */
  constructor(borrowed: BorrowedInstance, settings: DuckDbOptions['settings'] = {}) {
    this.#borrowed = borrowed
    const limit = settings['memory_limit']
    this.#limit = limit === undefined ? undefined : String(limit)
    this.#decidesWriting = settings[writesEarly] === undefined
    this.#decidesOrder = settings[keepsOrder] === undefined
    this.#decidesLog = logSettings.every((name) => settings[name] === undefined)
  }

  /** To be awaited before the transaction of a load begins. */
  async beforeLoad(paths: readonly string[]): Promise<void> {
    const sizes = await Promise.all(paths.map(fileSize))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    this.#load = { bytes, largest: Math.max(0, ...sizes) }
    if (!this.#decidesWriting || paths.length === 0) return
    if (this.keepsRows) await this.#borrowed.whileAlone(() => this.#writeEarly(false))
    // Another client of the file may have left it otherwise, and memory would not be bounded.
    else await this.#writeEarly(true)
  }

  /** To be awaited when the transaction of a load was committed or given up. */
  async afterLoad(): Promise<void> {
    const keptRows = this.keepsRows
    this.#load = noFiles
    this.#givesBackMeanwhile = true
    if (!keptRows) return
    // The load is over: what is left of a setting is no reason for it to fail, and the next one says what it needs.
    await this.#borrowed.whileAlone(() => this.#writeEarly(true)).catch(() => undefined)
  }

  /** Whether rows are kept in memory until they are committed: then nothing is won by loading file after file. */
  get keepsRows(): boolean {
    return this.#decidesWriting && this.#load.bytes > 0 && this.#load.bytes <= keptBytes
  }

  /** Commits the transaction of a load, or any other one. */
  async commit(commit: () => Promise<void>): Promise<void> {
    await (this.#isHelped ? commitRows(this.#borrowed, commit, { decidesLog: this.#decidesLog }) : commit())
  }

  /** Inserts rows that are kept on one thread, where that is faster. Undefined where it is not, and they were not inserted. */
  async onOneThread(rows: number, insert: () => Promise<number>): Promise<number | undefined> {
    if (!this.#isHelped || !(await isFasterOnOneThread(this.#borrowed, rows))) return undefined
    return insertOnOneThread(this.#borrowed, insert)
  }

  /** Threads compress rows while they insert them, or all fill a row group with rows that are kept. */
  async #isFasterInAnyOrder(rows: number): Promise<boolean> {
    return this.#isHelped ? fillsRowGroups(this.#borrowed, rows) : this.#load.bytes > keptBytes
  }

  get #isHelped(): boolean {
    return this.keepsRows && this.#load.bytes >= helpedBytes
  }

  /** To be awaited before files are loaded. */
  async beforeFiles(...paths: readonly string[]): Promise<void> {
    if (this.#bytes >= bytesBetween) {
      // Rows that are kept cannot be given back: before the first file is enough.
      this.#bytes = this.keepsRows ? -this.#load.bytes : 0
      await this.#borrowed.whileAlone(() => this.#giveBack())
    }
    for (const size of await Promise.all(paths.map(fileSize))) this.#bytes += size
  }

  /**
   * Runs an insert whose rows may come to lie in any order. Undefined where it was not run: while somebody else uses the file, where the
   * setting is not to be changed, where it would need too much memory, and where it would not be faster.
   */
  async inAnyOrder(rows: RowsOfFiles, insert: () => Promise<number>): Promise<number | undefined> {
    if (!this.#decidesOrder || !(await this.#isFasterInAnyOrder(rows.count))) return undefined
    // No files to count: what the insert writes is given back while it runs.
    await this.beforeFiles()
    const givesBack = this.#givesBackMeanwhile && !this.keepsRows && this.#load.largest <= largestUsualFile
    const rowBytes = rows.bytes / Math.max(rows.count, 1)
    try {
      return await insertUnordered({ borrowed: this.#borrowed, limit: this.#limit, givesBack, rowBytes, insert })
    } catch (error) {
      // When the transaction is run again, the insert has all memory.
      this.#givesBackMeanwhile = false
      throw error
    }
  }

  async #writeEarly(early: boolean): Promise<void> {
    const connection = await this.#borrowed.connect()
    try {
      await trySet(connection, writesEarly, String(early))
    } finally {
      connection.closeSync()
    }
  }

  async #giveBack(): Promise<void> {
    // Not on the load's connection: a statement that fails would end its transaction.
    const connection = await this.#borrowed.connect()
    try {
      const limit = this.#limit ?? (await readSetting(connection, 'memory_limit'))
      // Where the limit cannot be set to what it is (settings are locked, or it is none), it must not be changed either.
      if (!(await trySet(connection, 'memory_limit', limit))) return
      // Where a transaction needs more than that, DuckDB gives back what it can and leaves the limit.
      await trySet(connection, 'memory_limit', lowLimit)
      await trySet(connection, 'memory_limit', limit)
    } finally {
      connection.closeSync()
    }
  }
}
