import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const workspace = join(import.meta.dirname, '../../../..')

/** A package manager that installs a consumer's project. */
export type PackageManager = 'npm' | 'pnpm'

/** What a command printed; `code` is its exit code. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end, whatever its exit code. */
export const runCommand = async (
  folder: string,
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> => {
  // A developer's own settings must not reach the project: no NODE_PATH, no workspace conditions, no agent of the outer run.
  const { NODE_OPTIONS, NODE_PATH, npm_config_user_agent, ...inherited } = process.env
  try {
    const { stdout, stderr } = await execute(command, [...args], {
      cwd: folder,
      env: { ...inherited, ...environment },
      maxBuffer: 64 * 1024 * 1024,
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'stderr' in error && 'code' in error)
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) }
    throw error
  }
}

const mustSucceed = (result: CommandResult, what: string): CommandResult => {
  if (result.code !== 0) throw new Error(`${what} exited with ${result.code}\n${result.stdout}\n${result.stderr}`)
  return result
}

/** Tarballs of all public packages: package name -> path. */
export type Tarballs = ReadonlyMap<string, string>

/** Packs every public package of the workspace into a new temporary folder. */
export const packPackages = async (): Promise<Tarballs> => {
  const folder = await mkdtemp(join(tmpdir(), 'dlt-tarballs-'))
  const args = [
    '--filter',
    './packages/*',
    '--filter',
    '!@dlt/e2e',
    '--filter',
    '!@dlt/test-services',
    'pack',
    '--pack-destination',
    folder,
  ]
  mustSucceed(await runCommand(workspace, 'pnpm', args), 'pnpm pack')
  const files = await readdir(folder)
  return new Map(
    files.map((file) => [
      `@dlt/${file.replace(/^dlt-/, '').replace(/-\d+\.\d+\.\d+.*\.tgz$/, '')}`,
      join(folder, file),
    ]),
  )
}

/** A project outside of the workspace that depends on packed packages. */
export class ConsumerProject implements AsyncDisposable {
  readonly folder: string
  readonly #manager: PackageManager
  readonly #tarballs: Tarballs

  private constructor(folder: string, manager: PackageManager, tarballs: Tarballs) {
    this.folder = folder
    this.#manager = manager
    this.#tarballs = tarballs
  }

  static async create(manager: PackageManager, tarballs: Tarballs): Promise<ConsumerProject> {
    const folder = await mkdtemp(join(tmpdir(), `dlt-consumer-${manager}-`))
    await mkdir(join(folder, 'data'))
    return new ConsumerProject(folder, manager, tarballs)
  }

  /** Installs exactly these packages: ours from tarballs, others from the registry. */
  async install(dependencies: Readonly<Record<string, string>>): Promise<void> {
    const overrides = this.#overrides
    const own = Object.entries(dependencies).map(([name, range]) => [name, overrides[name] ?? range])
    await this.installManifest({
      name: 'consumer',
      version: '1.0.0',
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(own),
    })
  }

  /** Installs what a `package.json` says: ours from tarballs, others from the registry. */
  async installManifest(manifest: Readonly<Record<string, unknown>>): Promise<void> {
    const overrides = this.#overrides
    await this.write('package.json', JSON.stringify(this.#manager === 'npm' ? { ...manifest, overrides } : manifest))
    if (this.#manager === 'pnpm') {
      const lines = Object.entries(overrides).map(([name, path]) => `  "${name}": "${path}"`)
      await this.write('pnpm-workspace.yaml', `autoInstallPeers: false\noverrides:\n${lines.join('\n')}\n`)
    }
    const args = this.#manager === 'npm' ? ['install', '--no-audit', '--no-fund'] : ['install', '--no-frozen-lockfile']
    mustSucceed(await runCommand(this.folder, this.#manager, args), `${this.#manager} install`)
  }

  get #overrides(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#tarballs].map(([name, path]) => [name, `file:${path}`]))
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text)
  }

  /** Runs a command in the project's folder. */
  async run(command: string, ...args: readonly string[]): Promise<CommandResult> {
    return runCommand(this.folder, command, args)
  }

  /** Runs a script of the project; its pipelines work inside of the project's folder. */
  async node(script: string): Promise<CommandResult> {
    return runCommand(this.folder, process.execPath, [script], { DLT_DATA_DIR: join(this.folder, 'data') })
  }

  /** Type-checks a file of the project. */
  async typeCheck(file: string): Promise<CommandResult> {
    const tsc = join(workspace, 'node_modules/typescript/bin/tsc')
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
      'false',
      '--types',
      'node',
    ]
    return runCommand(this.folder, process.execPath, [tsc, ...flags, file])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
