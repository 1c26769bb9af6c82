import {
  type Destination,
  type DestinationCapabilities,
  type DestinationClient,
  type DestinationContext,
  normalizeDatasetName,
} from '@dlt/destination'
import { sampleCapabilities } from '@dlt/destination/testing'
import { DltError } from '@dlt/schema'
import { WarehouseClient, type WarehouseHooks } from './warehouse-client.ts'
import { type WarehouseRow, WarehouseStore } from './warehouse-store.ts'

const capabilities: DestinationCapabilities = {
  ...sampleCapabilities,
  types: {
    ...sampleCapabilities.types,
    decimal: { precision: 38, scale: 9, maxPrecision: 38 },
    timestamp: { precision: 6, maxPrecision: 9 },
  },
  ddl: { transactional: true, multipleColumnsPerAlter: false },
}

/** All dispositions and strategies that there are. A warehouse that says so is for extract and normalize: it merges nothing. */
export const everyDisposition: DestinationCapabilities['dispositions'] = {
  writeDispositions: ['append', 'replace', 'merge'],
  mergeStrategies: ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc'],
}

/** How a {@link Warehouse} behaves. */
export interface WarehouseOptions extends WarehouseHooks {
  /** File that keeps the tables; they live in memory when absent. */
  readonly path?: string
  /** Default: `warehouse`. */
  readonly name?: string
  /** Default: append and replace. */
  readonly dispositions?: DestinationCapabilities['dispositions']
  /** Whether everything is lost with the process. Default: false. */
  readonly isVolatile?: boolean
}

/** A destination for tests of core: it keeps the contract, shows what it holds, and fails where it is told to. */
export class Warehouse implements Destination {
  readonly type = 'warehouse'
  readonly name: string
  readonly capabilities: DestinationCapabilities
  /** What clients were opened with, in order. */
  readonly contexts: DestinationContext[] = []
  /** Calls of all clients, in order. */
  readonly log: string[] = []
  readonly hooks: WarehouseHooks
  readonly #store: WarehouseStore
  readonly #isVolatile: boolean

  constructor(options: WarehouseOptions = {}) {
    this.name = options.name ?? 'warehouse'
    const { dispositions = capabilities.dispositions } = options
    this.capabilities = { ...capabilities, dispositions }
    this.hooks = options
    this.#store = new WarehouseStore(options.path)
    this.#isVolatile = options.isVolatile ?? false
  }

  check({ datasetName }: DestinationContext): void {
    if (datasetName !== 'forbidden') return
    throw new DltError('The dataset "forbidden" is forbidden. Choose another one.', { code: 'CONFIGURATION' })
  }

  async connect(context: DestinationContext): Promise<DestinationClient> {
    this.contexts.push(context)
    this.log.push('connect')
    this.hooks.connect?.()
    const dataset = normalizeDatasetName(context, capabilities.identifiers)
    return new WarehouseClient(dataset, this.#store, this.hooks, this.log)
  }

  async close(): Promise<void> {
    this.log.push('close destination')
    if (this.#isVolatile) this.#store.commit({})
  }

  isVolatile(): boolean {
    return this.#isVolatile
  }

  describe(): string {
    return 'warehouse:///test'
  }

  /** Rows of a table. */
  rows(dataset: string, table: string): readonly WarehouseRow[] {
    return this.#store.content[dataset]?.[table]?.rows ?? []
  }

  /** Values of one column of a table. */
  values(dataset: string, table: string, column: string): readonly unknown[] {
    return this.rows(dataset, table).map((row) => row[column])
  }

  /** Names of the tables of a dataset, sorted. */
  tables(dataset: string): readonly string[] {
    return Object.keys(this.#store.content[dataset] ?? {}).sort()
  }

  /** Names of the datasets. */
  datasets(): readonly string[] {
    return Object.keys(this.#store.content).sort()
  }

  /** Changes rows of all tables behind the pipelines' back. */
  rewrite(change: (row: WarehouseRow) => WarehouseRow): void {
    const changed = Object.entries(this.#store.content).map(([dataset, tables]) => [
      dataset,
      Object.fromEntries(
        Object.entries(tables).map(([name, table]) => [name, { ...table, rows: table.rows.map(change) }]),
      ),
    ])
    this.#store.commit(Object.fromEntries(changed))
  }

  /** Gives a dataset another name behind the pipelines' back. */
  rename(from: string, to: string): void {
    const { [from]: dataset = {}, ...others } = this.#store.content
    this.#store.commit({ ...others, [to]: dataset })
  }

  /** Removes a table behind the pipelines' back. */
  dropTable(dataset: string, table: string): void {
    const { [dataset]: tables = {}, ...others } = this.#store.content
    const { [table]: _, ...kept } = tables
    this.#store.commit({ ...others, [dataset]: kept })
  }

  /** Removes a dataset behind the pipelines' back. */
  drop(dataset: string): void {
    const { [dataset]: _, ...others } = this.#store.content
    this.#store.commit(others)
  }
}
