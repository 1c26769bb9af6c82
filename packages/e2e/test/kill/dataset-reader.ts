import { existsSync } from 'node:fs'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { checksOf, type ReadScenario } from './dataset-checks.ts'
import type { DayCounts } from './days.ts'

/** What a reader that opens the database file finds, without changing it. */
export interface DatasetContent {
  /** Days by table; a table that is not there has none. */
  readonly days: Readonly<Record<string, readonly DayCounts[]>>
  /** What must never be seen, in words. */
  readonly problems: readonly string[]
  /** Hash of the newest state; absent where there is none. */
  readonly stateHash?: string
  /** Hash of the schema that the last load of a schema was made with. */
  readonly schemaHashes: Readonly<Record<string, string>>
}

type Rows = readonly Readonly<Record<string, unknown>>[]

const countsOf = (row: Readonly<Record<string, unknown>>): DayCounts => ({
  day: Number(row['day']),
  rows: Number(row['rows']),
  ids: Number(row['ids']),
  notes: Number(row['notes']),
  lines: Number(row['lines'] ?? 0),
  skus: Number(row['skus'] ?? 0),
  tags: Number(row['tags'] ?? 0),
})

class DatasetReader {
  readonly #connection: DuckDBConnection
  readonly #tables: ReadonlySet<string>

  private constructor(connection: DuckDBConnection, tables: ReadonlySet<string>) {
    this.#connection = connection
    this.#tables = tables
  }

  static async over(connection: DuckDBConnection): Promise<DatasetReader> {
    const names = await connection.runAndReadAll(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop'`,
    )
    return new DatasetReader(connection, new Set(names.getRowsJS().map(([name]) => String(name))))
  }

  async content(scenario: ReadScenario): Promise<DatasetContent> {
    const { tables } = scenario
    const days: [string, readonly DayCounts[]][] = []
    for (const table of tables) days.push([table, await this.#days(table)])
    const stateHash = await this.#stateHash()
    return {
      days: Object.fromEntries(days),
      problems: await this.#problems(scenario),
      ...(stateHash !== undefined && { stateHash }),
      schemaHashes: await this.#schemaHashes(),
    }
  }

  async #rows(sql: string): Promise<Rows> {
    return (await this.#connection.runAndReadAll(sql)).getRowObjectsJS()
  }

  async #days(table: string): Promise<readonly DayCounts[]> {
    if (!this.#tables.has(table)) return []
    const lines = this.#tables.has(`${table}__lines`)
      ? `SELECT parent.day, count(*) AS lines, count(DISTINCT sku) AS skus
         FROM shop.${table}__lines line JOIN shop.${table} parent ON line._dlt_parent_id = parent._dlt_id GROUP BY 1`
      : 'SELECT NULL AS day, 0 AS lines, 0 AS skus'
    const tags = this.#tables.has(`${table}__lines__tags`)
      ? `SELECT parent.day, count(*) AS tags
         FROM shop.${table}__lines__tags tag JOIN shop.${table}__lines line ON tag._dlt_parent_id = line._dlt_id
         JOIN shop.${table} parent ON line._dlt_parent_id = parent._dlt_id GROUP BY 1`
      : 'SELECT NULL AS day, 0 AS tags'
    const rows = await this.#rows(`
      WITH found AS (
        SELECT day, count(*) AS rows, count(DISTINCT id) AS ids, count(to_json(item)->>'note') AS notes
        FROM shop.${table} item GROUP BY 1)
      SELECT * FROM found LEFT JOIN (${lines}) USING (day) LEFT JOIN (${tags}) USING (day) ORDER BY day`)
    return rows.map(countsOf)
  }

  async #problems(scenario: ReadScenario): Promise<readonly string[]> {
    const problems: string[] = []
    for (const { problem, rows } of checksOf(scenario, this.#tables)) {
      const [found] = await this.#rows(`SELECT count(*) AS found FROM ${rows}`)
      if (Number(found?.['found']) > 0) problems.push(problem)
    }
    return problems
  }

  async #stateHash(): Promise<string | undefined> {
    if (!this.#tables.has('_dlt_pipeline_state')) return undefined
    const [row] = await this.#rows(
      'SELECT version_hash AS hash FROM shop._dlt_pipeline_state ORDER BY _dlt_load_id::DOUBLE DESC LIMIT 1',
    )
    return row === undefined ? undefined : String(row['hash'])
  }

  async #schemaHashes(): Promise<Readonly<Record<string, string>>> {
    if (!this.#tables.has('_dlt_loads')) return {}
    const rows = await this.#rows(
      'SELECT schema_name AS name, arg_max(schema_version_hash, load_id::DOUBLE) AS hash FROM shop._dlt_loads GROUP BY 1',
    )
    return Object.fromEntries(rows.map(({ name, hash }) => [String(name), String(hash)]))
  }
}

/** Opens a database file like another program would, and reads the dataset of the scenario. */
export async function readDataset(file: string, scenario: ReadScenario): Promise<DatasetContent> {
  const { tables } = scenario
  if (!existsSync(file))
    return { days: Object.fromEntries(tables.map((table) => [table, []])), problems: [], schemaHashes: {} }
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    return await (await DatasetReader.over(connection)).content(scenario)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
