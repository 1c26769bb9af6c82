import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** A row by column name; what is null is left out. */
export type WarehouseRow = Readonly<Record<string, unknown>>

/** A table of the warehouse. */
export interface WarehouseTable {
  readonly columns: readonly string[]
  readonly rows: readonly WarehouseRow[]
}

/** Tables of a dataset by name. */
export type WarehouseDataset = Readonly<Record<string, WarehouseTable>>

/** What the warehouse holds: datasets by name. An immutable value, replaced as a whole: a transaction. */
export type WarehouseContent = Readonly<Record<string, WarehouseDataset>>

/** Keeps the content of a warehouse, in memory or in a file that several processes open one after another. */
export class WarehouseStore {
  readonly #path: string | undefined
  #content: WarehouseContent = {}

  constructor(path?: string) {
    this.#path = path
  }

  get content(): WarehouseContent {
    if (this.#path === undefined || !existsSync(this.#path)) return this.#content
    return JSON.parse(readFileSync(this.#path, 'utf8'))
  }

  /** Makes a new content the valid one, at once. */
  commit(content: WarehouseContent): void {
    this.#content = content
    if (this.#path === undefined) return
    const written = `${this.#path}.${process.pid}`
    writeFileSync(written, JSON.stringify(content))
    renameSync(written, this.#path)
  }
}

/** The content with one table changed. */
export function withTable(
  content: WarehouseContent,
  dataset: string,
  name: string,
  change: (table: WarehouseTable) => WarehouseTable,
): WarehouseContent {
  const tables = content[dataset] ?? {}
  const changed = change(tables[name] ?? { columns: [], rows: [] })
  return { ...content, [dataset]: { ...tables, [name]: changed } }
}

/** The content with rows added to a table. */
export function withRows(
  content: WarehouseContent,
  dataset: string,
  name: string,
  rows: readonly WarehouseRow[],
): WarehouseContent {
  return withTable(content, dataset, name, (table) => ({ ...table, rows: [...table.rows, ...rows] }))
}
