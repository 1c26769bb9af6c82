import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt, { type Pipeline, PipelineStepFailed, type ResourceData, type RunOptions } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { DltError } from '@dlt/schema'
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'

const datasetName = 'documents'

/** How documents get into a pipeline: as rows, or as a file that `dlt.jsonLines` hands on as text, or parses. */
export type Way = 'rows' | 'text' | 'parsed'

/** A pipeline in a temporary folder, for documents that mean harm. */
export class HostilePipeline implements AsyncDisposable {
  readonly #folder: string
  readonly #pipeline: Pipeline
  readonly #way: Way
  /** The file that documents are written to when they go in as text. */
  readonly file: string

  private constructor(folder: string, way: Way) {
    this.#folder = folder
    this.#way = way
    this.file = join(folder, 'documents.jsonl')
    this.#pipeline = dlt.pipeline({
      pipelineName: 'hostile',
      workingDir: join(folder, 'working'),
      destination: duckdb({ credentials: join(folder, 'target.duckdb') }),
      datasetName,
      logger: { debug: ignore, info: ignore, warning: ignore, error: ignore },
    })
  }

  /** @param way how `load` and its kin put documents in */
  static async create(way: Way = 'rows'): Promise<HostilePipeline> {
    return new HostilePipeline(await mkdtemp(join(tmpdir(), 'dlt-hostile-')), way)
  }

  /** Loads documents into the table `items`; a package that the destination refuses is an error here. */
  async load(documents: readonly unknown[]): Promise<void> {
    await this.loadInto('items', documents)
  }

  /** Loads documents into a table of any name. */
  async loadInto(tableName: string, documents: readonly unknown[]): Promise<void> {
    if (this.#way === 'rows') await this.#run(tableName, documents)
    else await this.#runText(tableName, documents.map(jsonOf))
  }

  /** Loads documents that are given as JSON: as deep as `JSON.parse` reads them. */
  async loadJson(lines: readonly string[]): Promise<void> {
    if (this.#way === 'rows') await this.#run('items', lines.map(parsed))
    else await this.#runText('items', lines)
  }

  /** Loads a file of JSON Lines into the table `items`. */
  async loadFile(content: string): Promise<void> {
    await writeFile(this.file, content)
    await this.#runFile('items')
  }

  async #runText(tableName: string, lines: readonly string[]): Promise<void> {
    const file = await open(this.file, 'w')
    for (const line of lines) await file.write(`${line}\n`)
    await file.close()
    await this.#runFile(tableName)
  }

  async #runFile(tableName: string): Promise<void> {
    // Items are looked at, and so parsed, where they decide the table.
    const table = this.#way === 'parsed' ? () => tableName : tableName
    await this.#runData(dlt.jsonLines(this.file, { tableName: table }))
  }

  async #run(tableName: string, documents: readonly unknown[]): Promise<void> {
    await this.#runData(documents, { tableName })
  }

  async #runData(data: ResourceData, options: RunOptions = {}): Promise<void> {
    const info = await this.#pipeline.run(data, options)
    if (info.hasFailedJobs) throw new Error(`The destination refused the package: ${String(info)}`)
  }

  /** The error that loading gives, which is one of ours. */
  async failure(
    load: Promise<void>,
  ): Promise<{ readonly step: string; readonly code: string; readonly message: string }> {
    try {
      await load
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

function jsonOf(document: unknown): string {
  return JSON.stringify(document)
}

function parsed(line: string): unknown {
  return JSON.parse(line)
}

function ignore(): void {}
