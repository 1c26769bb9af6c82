import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { type CommandResult, runCommand } from '../../consumer/consumer-project.ts'
import type { DatasetForm } from '../../fixtures/dataset-form.ts'
import { fixturesFolder } from '../../fixtures/recorded-case.ts'
import type { Engine } from '../engines/engine.ts'

const config = (type: string) => `
[runtime]
dlthub_telemetry = false
log_level = "WARNING"

[pipelines.shop]
destination_type = "${type}"
dataset_name = "shop_data"

[sources.shop]
currency = "EUR"
per_round = 3
`

const secrets = (destination: string) => `
[sources.shop]
api_key = "not for everyone"

${destination}
`

/** A folder with the two files that both sides read. */
export class ProjectFolder implements AsyncDisposable {
  readonly folder: string
  readonly #python: string
  readonly #engine: Engine
  readonly #credentials: string

  private constructor(folder: string, python: string, engine: Engine, credentials: string) {
    this.folder = folder
    this.#python = python
    this.#engine = engine
    this.#credentials = credentials
  }

  /** @param python an interpreter that has Python dlt */
  static async create(python: string, engine: Engine): Promise<ProjectFolder> {
    const folder = await mkdtemp(join(tmpdir(), 'dlt-project-'))
    const credentials = await engine.createDatabase(folder)
    await mkdir(join(folder, '.dlt'))
    await writeFile(join(folder, '.dlt', 'config.toml'), config(engine.type))
    await writeFile(join(folder, '.dlt', 'secrets.toml'), secrets(engine.secrets(credentials)))
    return new ProjectFolder(folder, python, engine, credentials)
  }

  /** The dataset that the configuration names, in the database that the secrets name. */
  read(): Promise<DatasetForm | null> {
    return this.#engine.readForm(this.#credentials, 'shop_data', {})
  }

  /** Runs the project by Python. */
  runPython(round: number): Promise<CommandResult> {
    const program = join(fixturesFolder, 'interoperability', 'project.py')
    return this.#run('python', this.#python, [program, String(round)])
  }

  /** Runs the project by this system. */
  runHere(round: number): Promise<CommandResult> {
    const program = join(import.meta.dirname, 'project.ts')
    return this.#run('here', process.execPath, ['--conditions=@dlt/source', program, String(round)])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Each side has working directories of its own. */
  #run(side: string, command: string, args: readonly string[]): Promise<CommandResult> {
    const own = { DLT_DATA_DIR: join(this.folder, side), PYTHONDONTWRITEBYTECODE: '1' }
    return runCommand(this.folder, command, args, own)
  }
}
