import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt, { type Pipeline, PipelineStepFailed, type ResourceData } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { DltError } from '@dlt/schema'
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'

const datasetName = 'documents'

/** A pipeline in a temporary folder, for documents that mean harm. */
export class HostilePipeline implements AsyncDisposable {
  readonly #folder: string
  readonly #pipeline: Pipeline

  private constructor(folder: string) {
    this.#folder = folder
    this.#pipeline = dlt.pipeline({
      pipelineName: 'hostile',
      workingDir: join(folder, 'working'),
      destination: duckdb({ credentials: join(folder, 'target.duckdb') }),
      datasetName,
      logger: { debug: ignore, info: ignore, warning: ignore, error: ignore },
    })
  }

  static async create(): Promise<HostilePipeline> {
    return new HostilePipeline(await mkdtemp(join(tmpdir(), 'dlt-hostile-')))
  }

  /** Loads documents into the table `items`; a package that the destination refuses is an error here. */
  async load(data: ResourceData): Promise<void> {
    await this.loadInto('items', data)
  }

  /** Loads documents into a table of any name. */
  async loadInto(tableName: string, data: ResourceData): Promise<void> {
    const info = await this.#pipeline.run(data, { tableName })
    if (info.hasFailedJobs) throw new Error(`The destination refused the package: ${String(info)}`)
  }

  /** The error that loading gives, which is one of ours. */
  async failure(
    data: ResourceData,
  ): Promise<{ readonly step: string; readonly code: string; readonly message: string }> {
    try {
      await this.load(data)
    } catch (error) {
      if (!(error instanceof PipelineStepFailed) || !DltError.is(error.cause)) throw error
      return { step: error.step, code: error.cause.code, message: error.cause.message }
    }
    throw new Error('The run did not fail.')
  }

  /** The rows of a query at the destination, in whose search path the dataset is. */
  async query(sql: string): Promise<readonly (readonly DuckDBValue[])[]> {
    const instance = await DuckDBInstance.create(join(this.#folder, 'target.duckdb'), { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    try {
      await connection.run(`SET schema = '${datasetName}'`)
      const found = await connection.runAndReadAll(sql)
      return found.getRows()
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }

  /** The names of all tables that hold documents. */
  async tableNames(): Promise<readonly string[]> {
    const rows = await this.query(
      "SELECT table_name FROM duckdb_tables() WHERE schema_name = current_schema() AND NOT starts_with(table_name, '_dlt_') ORDER BY 1",
    )
    return rows.map(([name]) => String(name))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function ignore(): void {}
