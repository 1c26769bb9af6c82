import { DltError, isSchemaModified, type Schema, schemaNaming } from '@dlt/schema'
import type { QueryCompiler } from 'kysely'
import type { DatasetReader } from '../dataset-reader.ts'
import type {
  AppliedSchemaChange,
  DestinationClient,
  LoadOutcome,
  LoadRequest,
  SchemaComparison,
  SchemaRefresh,
  StoredSchema,
  StoredState,
} from '../destination.ts'
import { DestinationError } from '../destination-error.ts'
import { compareSchema } from './compare-schema.ts'
import { changedTables } from './dispositions/changed-tables.ts'
import { replaceStrategies } from './dispositions/replace-strategies.ts'
import { type DltTables, dltTables } from './dlt-tables.ts'
import { type ColumnsByTable, integersAmongDoubles } from './exact-integers.ts'
import { datasetQuery } from './existing-columns.ts'
import { isPackageLoaded } from './finished-load.ts'
import { requiredForeignColumns } from './foreign-columns.ts'
import { narrowColumns } from './narrow-columns.ts'
import { loadedOutcome, loadPackage } from './package-load.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { applySchema, type SchemaUpdate } from './schema-update.ts'
import type { SqlClientOptions } from './sql-client-options.ts'
import { announcedTransaction } from './sql-commit-points.ts'
import type { SqlSession } from './sql-connection.ts'
import { sqlDatasetReader } from './sql-dataset-reader.ts'
import { type SqlExecutor, sqlExecutor } from './sql-executor.ts'
import { readStoredSchema } from './stored-schema.ts'
import { readStoredShape } from './stored-shape.ts'
import { readStoredState } from './stored-state.ts'

/** Datasets and tables that do not exist yet hold nothing. */
const whereDefined = async <Result>(read: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await read()
  } catch (error) {
    if (DestinationError.is(error, 'undefined-entity')) return undefined
    throw error
  }
}

/** A transient error says itself what is in the way, and the next attempt creates what is missing. */
const notRecreated = (dataset: string, missing: DestinationError, error: unknown): unknown =>
  DestinationError.is(error) && error.kind !== 'transient'
    ? new DestinationError(
        `Tables or columns of dataset "${dataset}" are missing (${missing.message}), and the package could not be loaded with new ones: ${error.message} Create them as they were and run again, or load into another dataset.`,
        { kind: 'terminal', context: { dataset, ...missing.context, ...error.context }, cause: error },
      )
    : error

/**
 * The client of a destination that speaks SQL and has transactions: a package becomes visible in one transaction with its
 * `_dlt_loads` row, a schema change in another with its `_dlt_version` row. What differs between vendors comes in by options.
 */
export class SqlDestinationClient<Session extends SqlSession = SqlSession> implements DestinationClient {
  readonly datasetName: string
  readonly #options: SqlClientOptions<Session>
  readonly #compiler: QueryCompiler
  readonly #executor: SqlExecutor
  /** Columns of integers that hold doubles, of the tables that the last schema was applied for: each load follows its schema. */
  #doubles: ColumnsByTable = new Map()
  /** Whether the dataset was there without dlt's tables when it was last looked for. */
  #isUnused = false
  #closed: PromiseLike<void> | undefined

  constructor(options: SqlClientOptions<Session>) {
    this.datasetName = options.datasetName
    this.#options = options
    this.#compiler = options.dialect.createCompiler()
    this.#executor = sqlExecutor(options.connection, this.#compiler)
  }

  async hasDataset(): Promise<boolean> {
    const { dialect, capabilities, naming } = this.#options
    const { caseSensitive } = capabilities.identifiers
    const request = { dialect, dataset: this.datasetName, caseSensitive }
    const query = datasetQuery(request, dltTables(naming).version.table)
    const [found] = await this.#ask(() => this.#executor.query(query))
    this.#isUnused = found?.['has_versions'] === 'NO'
    return found !== undefined
  }

  async updateSchema(
    schema: Schema,
    tableNames: readonly string[],
    refresh?: SchemaRefresh,
  ): Promise<readonly AppliedSchemaChange[]> {
    if (isSchemaModified(schema)) {
      throw new DltError(
        `The hash of schema "${schema.name}" does not belong to its content. It was changed without a new version.`,
        {
          code: 'SCHEMA',
          context: { schema: schema.name, dataset: this.datasetName },
        },
      )
    }
    if (refresh !== undefined) return this.#applySchema(schema, tableNames, { refresh })
    const stored = (await this.#mayHoldSchemas())
      ? await this.#ask(() => whereDefined(() => this.#holdsSchema(schema, tableNames)))
      : undefined
    return stored === true ? [] : this.#applySchema(schema, tableNames, { evenIfStored: stored === false })
  }

  /** Servers write down each query of a table that is not there, and the first load of a dataset is no error: they bring a query that is none. */
  async #mayHoldSchemas(): Promise<boolean> {
    return this.#options.dialect.datasetQuery === undefined || ((await this.hasDataset()) && !this.#isUnused)
  }

  /** Whether the dataset has a schema, and the tables that get rows have no column that would round or refuse them: others may have altered it. */
  async #holdsSchema(schema: Schema, tableNames: readonly string[]): Promise<boolean> {
    const { dialect, capabilities } = this.#options
    const { caseSensitive } = capabilities.identifiers
    const shape = await readStoredShape(this.#executor, {
      dialect,
      dataset: this.datasetName,
      tables: this.#tablesOf(schema),
      versionHash: schema.version_hash,
      tableNames,
      caseSensitive,
    })
    if (!shape.isStored) return false
    const filled = tableNames.flatMap((name) => schema.tables.get(name) ?? [])
    this.#doubles = integersAmongDoubles(dialect, filled, shape.existing)
    return filled.every(
      (table) =>
        narrowColumns(dialect, table, shape.existing).length === 0 &&
        requiredForeignColumns(table, shape.existing).length === 0,
    )
  }

  async compareSchema(
    schema: Schema,
    tableNames: readonly string[],
    refresh?: SchemaRefresh,
  ): Promise<SchemaComparison> {
    const { dialect, capabilities } = this.#options
    const update = {
      dialect,
      capabilities,
      dataset: this.datasetName,
      tables: this.#tablesOf(schema),
      schema,
      tableNames,
      ...(refresh !== undefined && { refresh }),
    }
    return this.#ask(() => compareSchema(update, this.#executor))
  }

  async load(request: LoadRequest): Promise<LoadOutcome> {
    try {
      return await this.#loadPackage(request)
    } catch (error) {
      if (!DestinationError.is(error, 'undefined-entity')) throw error
      return this.#loadAgain(request, error)
    }
  }

  async isLoaded(loadId: string, schemaName: string): Promise<boolean> {
    const tables = dltTables(this.#options.naming)
    const found = await this.#ask(() =>
      whereDefined(() => isPackageLoaded(this.#executor, this.datasetName, tables, { loadId, schemaName })),
    )
    return found ?? false
  }

  async storedState(pipelineName: string): Promise<StoredState | undefined> {
    if (this.#isUnused) return undefined
    const { dialect, naming } = this.#options
    const stored = { dialect, dataset: this.datasetName, tables: dltTables(naming) }
    return this.#ask(() => whereDefined(() => readStoredState(this.#executor, stored, pipelineName)))
  }

  async storedSchema(schemaName: string): Promise<StoredSchema | undefined> {
    const { dialect, naming } = this.#options
    const stored = { dialect, dataset: this.datasetName, tables: dltTables(naming) }
    return this.#ask(() => whereDefined(() => readStoredSchema(this.#executor, stored, schemaName)))
  }

  reader(): DatasetReader {
    return sqlDatasetReader(this.#options.connection, this.#compiler)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#options.connection[Symbol.asyncDispose]()
    await this.#closed
  }

  /** What only reads waits out a broken connection, too. */
  #ask<Answer>(read: () => Promise<Answer>): Promise<Answer> {
    return retryConflicts(read, this.#options.retry)
  }

  /** A stored hash says what the dataset had once; here something of it is missing. */
  async #loadAgain(request: LoadRequest, missing: DestinationError): Promise<LoadOutcome> {
    const tableNames = [...request.jobs.map(({ tableName }) => tableName), ...request.truncateTables]
    try {
      const recreated = await this.#applySchema(request.schema, tableNames, { evenIfStored: true })
      return { ...(await this.#loadPackage(request)), recreated }
    } catch (error) {
      throw notRecreated(this.datasetName, missing, error)
    }
  }

  async #applySchema(
    schema: Schema,
    tableNames: readonly string[],
    how: Pick<SchemaUpdate, 'evenIfStored' | 'refresh'> = {},
  ): Promise<readonly AppliedSchemaChange[]> {
    const { dialect, capabilities, connection, retry } = this.#options
    const tables = this.#tablesOf(schema)
    const update = { dialect, capabilities, dataset: this.datasetName, tables, schema, tableNames, ...how }
    const { changes, doubles } = await retryConflicts(
      () =>
        capabilities.ddl.transactional
          ? announcedTransaction(connection, (session) => applySchema(update, sqlExecutor(session, this.#compiler)))
          : applySchema(update, this.#executor),
      retry,
    )
    this.#doubles = doubles
    this.#isUnused = false
    return changes
  }

  async #loadPackage(request: LoadRequest): Promise<LoadOutcome> {
    const { dialect, capabilities, loader, connection, pipelineName, retry } = this.#options
    const replaceStrategy = this.#options.replaceStrategy ?? replaceStrategies(capabilities)[0]
    const tables = this.#tablesOf(request.schema)
    const dataset = this.datasetName
    const doubles = this.#doubles
    const load = { dialect, capabilities, dataset, pipelineName, replaceStrategy, tables, loader, request, doubles }
    let attempts = 0
    const attempt = async (): Promise<LoadOutcome> => {
      attempts += 1
      const outcome = await announcedTransaction(connection, (session) =>
        loadPackage(load, { ...sqlExecutor(session, this.#compiler), session }),
      )
      // The answer to the commit of an earlier attempt was lost.
      return attempts > 1 && outcome.status === 'already-loaded' ? loadedOutcome(request) : outcome
    }
    const run = (): Promise<LoadOutcome> => retryConflicts(attempt, retry)
    try {
      await loader.prepareLoad?.(request)
      if (loader.whileLocked === undefined) return await run()
      return await loader.whileLocked({ loadId: request.loadId, tables: changedTables(request) }, run)
    } finally {
      await loader.finishLoad?.(request)
    }
  }

  #tablesOf(schema: Schema): DltTables {
    return dltTables(schemaNaming(schema, this.#options.capabilities.identifiers))
  }
}
