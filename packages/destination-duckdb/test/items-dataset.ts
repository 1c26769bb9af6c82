import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppliedSchemaChange, DestinationClient } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach } from 'vitest'
import { createDuckDbClient } from '../src/client.ts'
import { DuckDbSqlConnection } from '../src/connection.ts'

/** One row, as the text of its cells: `{ value: '1e300' }`. */
type RowText = Readonly<Record<string, string>>

/** A dataset `ds` in memory, a fresh one for each test of a file. Rows go into its table `items`, one in a package. */
export interface ItemsDataset {
  readonly client: DestinationClient
  /** Values of the rows of a query, one after another. */
  sql(text: string): Promise<readonly unknown[]>
  /** Brings the dataset up to a schema and loads a row; what the update changed. */
  load(
    schema: Schema,
    loadId: string,
    row: RowText,
    truncateTables?: readonly string[],
  ): Promise<readonly AppliedSchemaChange[]>
}

/** To be called once in a test file, before its own hooks. */
export function itemsDataset(): ItemsDataset {
  let folder: string
  let instance: DuckDBInstance
  let client: DestinationClient

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
    instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const inner = new DuckDbSqlConnection(connection, { ofCaller: false, release: () => connection.closeSync() })
    const context = { pipelineName: 'sample', datasetName: 'ds', localDirectory: folder }
    client = createDuckDbClient(inner, { credentials: ':memory:' }, context)
  })
  afterEach(async () => {
    await client[Symbol.asyncDispose]()
    instance.closeSync()
    rmSync(folder, { recursive: true })
  })

  return {
    get client() {
      return client
    },
    sql: async (text) => {
      const connection = await instance.connect()
      const rows = (await connection.runAndReadAll(text)).getRowsJS()
      connection.closeSync()
      return rows.flat()
    },
    load: async (schema, loadId, row, truncateTables = []) => {
      const path = join(folder, `${loadId}.jsonl`)
      writeFileSync(path, `{${Object.entries(row).map(([name, cell]) => `${JSON.stringify(name)}:${cell}`)}}\n`)
      const file = { jobId: `items.${loadId}.jsonl`, tableName: 'items', path, format: 'jsonl', rowCount: 1 } as const
      const changes = await client.updateSchema(schema, ['items'])
      await client.load({ loadId, schema, jobs: [{ ...file, columns: Object.keys(row) }], truncateTables })
      return changes
    },
  }
}
