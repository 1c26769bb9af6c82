import { stat } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { BorrowedInstance } from './file-instances.ts'

/** Bytes of files between two times that memory is given back. More often costs time: what is needed again is read again. */
const bytesBetween = 64 * 1024 * 1024

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

  /** @param limit the memory limit that was asked for; DuckDB's own where it was not */
  constructor(borrowed: BorrowedInstance, limit?: string) {
    this.#borrowed = borrowed
    this.#limit = limit
  }

  /** To be awaited before a file is loaded. */
  async beforeFile(path: string): Promise<void> {
    if (this.#bytes >= bytesBetween) {
      this.#bytes = 0
      await this.#borrowed.whileAlone(() => this.#giveBack())
    }
    this.#bytes += (await stat(path)).size
  }

  async #giveBack(): Promise<void> {
    // Not on the load's connection: a statement that fails would end its transaction.
    const connection = await this.#borrowed.instance.connect()
    try {
      const limit = this.#limit ?? (await readLimit(connection))
      // Where the limit cannot be set to what it is (settings are locked, or it is none), it must not be changed either.
      if (!(await trySet(connection, limit))) return
      // Where a transaction needs more than that, DuckDB gives back what it can and leaves the limit.
      await trySet(connection, lowLimit)
      await trySet(connection, limit)
    } finally {
      connection.closeSync()
    }
  }
}

/** The limit as a text that sets it again: DuckDB cuts it off after one digit (`18.7 GiB`), so that each time it would get smaller. */
async function readLimit(connection: DuckDBConnection): Promise<string> {
  const [[limit] = []] = (await connection.runAndReadAll("SELECT current_setting('memory_limit')")).getRows()
  return String(limit).replace(/\.\d(?= )/, '$&5')
}

/** Sets the limit where DuckDB lets it be set. Giving memory back is no reason for a load to fail. */
async function trySet(connection: DuckDBConnection, limit: string): Promise<boolean> {
  try {
    await connection.run(`SET memory_limit = '${limit.replaceAll("'", "''")}'`)
    return true
  } catch {
    return false
  }
}
