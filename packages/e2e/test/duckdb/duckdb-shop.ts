import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt, { type Pipeline, type PipelineOptions } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { queryFile } from './query-file.ts'

/** The pipeline `shop` with a working directory and a DuckDB file in a temporary folder. */
export class DuckDbShop implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'dlt-shop-'))

  get file(): string {
    return join(this.folder, 'target.duckdb')
  }

  get workingDir(): string {
    return join(this.folder, 'work')
  }

  /** A new pipeline, as a new process would make it. */
  pipeline(options: PipelineOptions = {}): Pipeline {
    return dlt.pipeline({
      pipelineName: 'shop',
      workingDir: this.workingDir,
      destination: duckdb({ credentials: this.file }),
      ...options,
    })
  }

  /** Runs a statement on the file and gives all rows. */
  query(sql: string): Promise<readonly (readonly unknown[])[]> {
    return queryFile(this.file, sql)
  }

  /** Values of the first column of a query. */
  async values(sql: string): Promise<readonly unknown[]> {
    return (await this.query(sql)).map(([value]) => value)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
