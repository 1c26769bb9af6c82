import { readFileSync } from 'node:fs'
import {
  type AppliedSchemaChange,
  type DestinationClient,
  DestinationError,
  type LoadJob,
  type LoadOutcome,
  type LoadRequest,
  type StoredSchema,
  type StoredState,
} from '@dlt/destination'
import { isCompleteColumn, isDltTable, type Schema, schemaToJson, type TableSchema } from '@dlt/schema'
import { type WarehouseRow, type WarehouseStore, withRows, withTable } from './warehouse-store.ts'

/** What a test lets happen at a call. Whatever it throws, the call throws. */
export interface WarehouseHooks {
  /** Called when a client is opened. */
  connect?: () => void
  beforeUpdate?: (schema: Schema) => void
  beforeLoad?: (request: LoadRequest) => void
  /** Called when the package is committed, before the answer is given. */
  afterLoad?: (request: LoadRequest) => void
}

/** A client of the test warehouse: it keeps the contract of destinations, one transaction a package. */
export class WarehouseClient implements DestinationClient {
  readonly datasetName: string
  readonly #store: WarehouseStore
  readonly #hooks: WarehouseHooks
  readonly #log: string[]

  constructor(datasetName: string, store: WarehouseStore, hooks: WarehouseHooks, log: string[]) {
    this.datasetName = datasetName
    this.#store = store
    this.#hooks = hooks
    this.#log = log
  }

  async hasDataset(): Promise<boolean> {
    return this.#store.content[this.datasetName] !== undefined
  }

  async updateSchema(schema: Schema, tableNames: readonly string[]): Promise<readonly AppliedSchemaChange[]> {
    this.#log.push(`update ${schema.name} ${schema.version}`)
    this.#hooks.beforeUpdate?.(schema)
    if (this.#rows('_dlt_version').some((row) => row['version_hash'] === schema.version_hash)) return []
    const changes: AppliedSchemaChange[] = []
    let content = this.#store.content
    for (const table of schema.tables.values()) {
      if (!tableNames.includes(table.name) && !isDltTable(table.name) && !hasSeenData(table)) continue
      const existing = content[this.datasetName]?.[table.name]
      const columns = [...table.columns.values()].filter(
        (column) => isCompleteColumn(column) && !existing?.columns.includes(column.name),
      )
      if (columns.length === 0) continue
      changes.push({ tableName: table.name, created: existing === undefined, columns })
      content = withTable(content, this.datasetName, table.name, ({ columns: known, rows }) => ({
        columns: [...known, ...columns.map(({ name }) => name)],
        rows,
      }))
    }
    const version: WarehouseRow = {
      version: schema.version,
      engine_version: schema.engine_version,
      inserted_at: new Date().toISOString(),
      schema_name: schema.name,
      version_hash: schema.version_hash,
      schema: schemaToJson(schema),
    }
    this.#store.commit(withRows(content, this.datasetName, '_dlt_version', [version]))
    return changes
  }

  async load(request: LoadRequest): Promise<LoadOutcome> {
    this.#log.push(`load ${request.schema.name} ${request.jobs.map(({ tableName }) => tableName).join(',')}`)
    this.#hooks.beforeLoad?.(request)
    if (this.#hasLoad(request.loadId, request.schema.name)) return { status: 'already-loaded', jobs: [] }
    const recreated = this.#missingTables(request)
    let content = this.#store.content
    for (const { tableName, columns } of recreated) {
      const table = { columns: columns.map(({ name }) => name), rows: [] }
      content = withTable(content, this.datasetName, tableName, () => table)
    }
    for (const table of request.truncateTables) {
      content = withTable(content, this.datasetName, table, ({ columns }) => ({ columns, rows: [] }))
    }
    for (const job of request.jobs) {
      const rows = readRows(job)
      if (rows.length !== job.rowCount) throw new DestinationError('Rows were lost.', { kind: 'terminal' })
      content = withRows(content, this.datasetName, job.tableName, rows)
    }
    const load: WarehouseRow = {
      load_id: request.loadId,
      schema_name: request.schema.name,
      status: 0,
      schema_version_hash: request.schema.version_hash,
    }
    this.#store.commit(withRows(content, this.datasetName, '_dlt_loads', [load]))
    this.#hooks.afterLoad?.(request)
    const jobs = request.jobs.map(({ jobId, rowCount }) => ({ jobId, rowCount }))
    return { status: 'loaded', jobs, ...(recreated.length > 0 && { recreated }) }
  }

  async isLoaded(loadId: string, schemaName: string): Promise<boolean> {
    this.#log.push(`is loaded ${schemaName}`)
    return this.#hasLoad(loadId, schemaName)
  }

  async storedState(pipelineName: string): Promise<StoredState | undefined> {
    const row = this.#rows('_dlt_pipeline_state')
      .filter((one) => one['pipeline_name'] === pipelineName && this.#hasLoad(String(one['_dlt_load_id'])))
      .sort((one, other) => (String(one['_dlt_load_id']) < String(other['_dlt_load_id']) ? -1 : 1))
      .at(-1)
    return (
      row && {
        version: Number(row['version']),
        engineVersion: Number(row['engine_version']),
        pipelineName,
        state: String(row['state']),
        createdAt: new Date(String(row['created_at'])),
        versionHash: String(row['version_hash']),
        loadId: String(row['_dlt_load_id']),
        schemaHashes: this.#schemaHashes(),
      }
    )
  }

  #schemaHashes(): ReadonlyMap<string, string> {
    const loads = this.#rows('_dlt_loads').toSorted((one, other) =>
      String(one['load_id']) < String(other['load_id']) ? -1 : 1,
    )
    return new Map(loads.map((row) => [String(row['schema_name']), String(row['schema_version_hash'])]))
  }

  async storedSchema(schemaName: string): Promise<StoredSchema | undefined> {
    this.#log.push(`stored schema ${schemaName}`)
    const last = this.#rows('_dlt_loads').findLast((row) => row['schema_name'] === schemaName)
    const rows = this.#rows('_dlt_version').filter((one) => one['schema_name'] === schemaName)
    const row = rows.find((one) => one['version_hash'] === last?.['schema_version_hash']) ?? rows.at(-1)
    return (
      row && {
        versionHash: String(row['version_hash']),
        schemaName,
        version: Number(row['version']),
        engineVersion: Number(row['engine_version']),
        insertedAt: new Date(String(row['inserted_at'])),
        schema: String(row['schema']),
      }
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#log.push('close')
  }

  /** What somebody dropped. */
  #missingTables({ schema, jobs, truncateTables }: LoadRequest): AppliedSchemaChange[] {
    const names = new Set([...truncateTables, ...jobs.map(({ tableName }) => tableName)])
    const missing = [...names].filter((name) => this.#store.content[this.datasetName]?.[name] === undefined)
    return missing.map((tableName) => {
      const columns = [...(schema.tables.get(tableName)?.columns.values() ?? [])].filter(isCompleteColumn)
      return { tableName, created: true, columns }
    })
  }

  #rows(table: string): readonly WarehouseRow[] {
    return this.#store.content[this.datasetName]?.[table]?.rows ?? []
  }

  #hasLoad(loadId: string, schemaName?: string): boolean {
    return this.#rows('_dlt_loads').some(
      (row) => row['load_id'] === loadId && (schemaName === undefined || row['schema_name'] === schemaName),
    )
  }
}

function hasSeenData(table: TableSchema): boolean {
  const marks = table['x-normalizer']
  return typeof marks === 'object' && marks !== null && 'seen-data' in marks && marks['seen-data'] === true
}

function readRows({ path }: LoadJob): WarehouseRow[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
