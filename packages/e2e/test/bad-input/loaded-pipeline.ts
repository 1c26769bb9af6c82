import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt, { type Pipeline } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { directoryContent } from './directory-content.ts'

/** What a pipeline has: the files of its working directory and the rows of its dataset. */
export interface PipelineContent {
  readonly files: ReadonlyMap<string, string>
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[]; readonly rows: unknown }[]
}

/** A pipeline in a temporary folder that has loaded one row of the table `items`. */
export class LoadedPipeline implements AsyncDisposable {
  readonly folder: string
  readonly pipeline: Pipeline
  /** Error lines of the pipeline's log. */
  readonly errors: readonly string[]

  private constructor(folder: string, pipeline: Pipeline, errors: readonly string[]) {
    this.folder = folder
    this.pipeline = pipeline
    this.errors = errors
  }

  static async create(): Promise<LoadedPipeline> {
    const errors: string[] = []
    const folder = await mkdtemp(join(tmpdir(), 'dlt-bad-input-'))
    const pipeline = dlt.pipeline({
      pipelineName: 'bad_input',
      workingDir: join(folder, 'working'),
      destination: duckdb({ credentials: join(folder, 'target.duckdb') }),
      datasetName: 'documents',
      logger: { debug: ignore, info: ignore, warning: ignore, error: (message) => errors.push(message) },
    })
    await pipeline.run([{ id: 1, name: 'first' }], { tableName: 'items' })
    return new LoadedPipeline(folder, pipeline, errors)
  }

  /** Everything that a run may change. */
  async content(): Promise<PipelineContent> {
    const files = await directoryContent(this.pipeline.workingDir)
    return { files, tables: await this.#query(readTables) }
  }

  /** The number of rows of a table. */
  count(table: string, condition = 'true'): Promise<number> {
    return this.#query(async (connection) => {
      const counted = await connection.runAndReadAll(`SELECT count(*) FROM documents."${table}" WHERE ${condition}`)
      return Number(counted.getRows()[0]?.[0])
    })
  }

  /** Load id of the one package that waits. */
  async waitingLoadId(): Promise<string> {
    const [loadId, ...others] = (await this.pipeline.pendingPackages()).map((waiting) => waiting.loadId)
    if (loadId === undefined || others.length > 0) throw new Error('One package was expected to wait.')
    return loadId
  }

  /** Writes a file into the temporary folder and gives its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name)
    await writeFile(path, text)
    return path
  }

  async #query<Result>(read: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const instance = await DuckDBInstance.create(join(this.folder, 'target.duckdb'), { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    try {
      return await read(connection)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

function ignore(): void {}

async function readTables(connection: DuckDBConnection): Promise<PipelineContent['tables']> {
  const names = await connection.runAndReadAll(
    "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'documents' ORDER BY 1",
  )
  const tables = names.getRows().map(async ([name]) => {
    const found = await connection.runAndReadAll(`FROM documents."${name}"`)
    return { name: String(name), columns: found.columnNames(), rows: found.getRowsJson() }
  })
  return Promise.all(tables)
}
