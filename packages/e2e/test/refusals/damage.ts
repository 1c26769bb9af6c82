import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What can happen to a file. */
export type Damage = 'changed' | 'cut' | 'missing'

/** Damages a file and gives its content before, to restore it from. */
export function damageFile(path: string, damage: Damage): Buffer {
  const before = readFileSync(path)
  if (damage === 'missing') rmSync(path)
  else writeFileSync(path, damage === 'cut' ? before.subarray(0, before.length / 2) : withOtherName(before))
  return before
}

// What was JSON before still is. Documents name the pipeline or its schema, rows have a field of this name.
function withOtherName(content: Buffer): Buffer {
  const at = Math.max(content.indexOf('"shop"'), content.indexOf('text'))
  if (at < 0) throw new Error('There is nothing to change.')
  const changed = Buffer.from(content)
  changed.write('y', at + 1)
  return changed
}

/** The only file in a folder whose path in it matches. */
export function fileIn(folder: string, pattern: RegExp): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => pattern.test(path))
  const [path] = found
  if (path === undefined || found.length > 1) throw new Error(`${found.length} files in "${folder}" match ${pattern}.`)
  return join(folder, path)
}
