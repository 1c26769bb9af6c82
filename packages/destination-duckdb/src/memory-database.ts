import type { DuckDBInstance } from '@duckdb/node-api'

/** Where the in-memory database of a destination is kept between its clients. */
export interface MemoryDatabase {
  instance(): Promise<DuckDBInstance>
}

/** The in-memory database of one destination: made when first needed, gone when closed. */
export class KeptMemoryDatabase implements MemoryDatabase {
  #instance: Promise<DuckDBInstance> | undefined

  instance(): Promise<DuckDBInstance> {
    this.#instance ??= import('@duckdb/node-api').then(({ DuckDBInstance }) => DuckDBInstance.create(':memory:'))
    return this.#instance
  }

  async close(): Promise<void> {
    const instance = await this.#instance
    this.#instance = undefined
    instance?.closeSync()
  }
}
