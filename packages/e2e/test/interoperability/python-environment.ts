import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir, platform } from 'node:os'
import { join } from 'node:path'
import { env, pid } from 'node:process'
import { promisify } from 'node:util'
import { fixturesFolder } from '../fixtures/recorded-case.ts'

const run = promisify(execFile)

/** The packages of the Python side, with their versions. */
export const requirementsFile: string = join(fixturesFolder, 'interoperability', 'requirements.txt')

/** An interpreter that has Python dlt, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string }

/**
 * Finds or makes a virtual environment with the pinned packages, in a cache folder of the user; the first time this downloads them.
 * `DLT_PYTHON` names the interpreter it is made with (default: `python3`).
 */
export async function pythonEnvironment(): Promise<PythonEnvironment> {
  const base = env['DLT_PYTHON'] ?? 'python3'
  try {
    const { stdout: version } = await run(base, ['-c', 'import sys; print(sys.version, sys.prefix)'])
    const requirements = await readFile(requirementsFile, 'utf8')
    const key = createHash('sha256').update(version).update(requirements).digest('hex').slice(0, 16)
    const folder = join(cacheFolder(), key)
    if (!existsSync(folder)) await makeEnvironment(base, folder)
    return { python: interpreterOf(folder) }
  } catch (error) {
    return { missing: `no Python environment: ${lastLine(error)}` }
  }
}

function cacheFolder(): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'dlt-interoperability')
}

/** Made beside its place and moved there when it is whole; where somebody else was faster, theirs is taken. */
async function makeEnvironment(base: string, folder: string): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true })
  const draft = `${folder}-${pid}`
  try {
    await run(base, ['-m', 'venv', draft])
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirementsFile]
    await run(interpreterOf(draft), pip)
    await run(interpreterOf(draft), ['-c', 'import dlt, duckdb, psycopg2'])
    await rename(draft, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function interpreterOf(folder: string): string {
  return platform() === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
}

function lastLine(error: unknown): string {
  const { stderr = '', message = '' } = Object(error)
  const lines = `${message}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  return lines.at(-1) ?? String(error)
}
