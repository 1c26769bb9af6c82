import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, runCommand } from '../consumer/consumer-project.ts'
import { queryFile } from '../duckdb/query-file.ts'

// Inside of a package that depends on what scripts import, so that Node finds it.
const scratch = join(import.meta.dirname, '../../.work')

/** A folder with scripts, whose pipelines have their working directories in it. */
export class ScriptProject implements Disposable {
  readonly folder: string

  constructor() {
    mkdirSync(scratch, { recursive: true })
    this.folder = mkdtempSync(join(scratch, 'seed-'))
  }

  /** Writes a script, runs it, and gives what it said. */
  run(name: string, code: string, environment: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    writeFileSync(join(this.folder, name), code)
    const own = { DLT_DATA_DIR: join(this.folder, 'data'), ...environment }
    return runCommand(this.folder, process.execPath, ['--conditions=@dlt/source', name], own)
  }

  /** Rows of a query on a DuckDB file of the folder. */
  query(file: string, sql: string): Promise<readonly (readonly unknown[])[]> {
    return queryFile(join(this.folder, file), sql)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
