import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { editToml } from './edit-toml.ts'

/** How a file is written. */
export interface EditFileOptions {
  /** Whether a new file can be read by its owner only. */
  readonly confidential: boolean
}

/**
 * Sets or removes one value in a TOML file, see {@link editToml}; the file and its folder are made where they are missing. The file
 * is replaced as a whole, so that nobody reads half of it; a link stays a link, and the permissions stay.
 */
export function editTomlFile(path: string, key: readonly string[], value: unknown, options: EditFileOptions): void {
  const present = statSync(path, { throwIfNoEntry: false })
  const target = present === undefined ? path : realpathSync(path)
  const before = present === undefined ? '' : readFileSync(target, 'utf8')
  const { text } = editToml(before, key, value, path)
  if (text === before) return
  mkdirSync(dirname(target), { recursive: true })
  const mode = present?.mode ?? (options.confidential ? 0o600 : 0o644)
  const draft = `${target}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600, flush: true })
    chmodSync(draft, mode)
    renameSync(draft, target)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
