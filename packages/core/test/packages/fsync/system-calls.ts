import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What a process did to a file or directory, as the kernel saw it. */
export interface FileCall {
  readonly kind: 'create' | 'write' | 'sync' | 'rename' | 'remove' | 'make-directory'
  readonly path: string
  /** New path, of a rename. */
  readonly to?: string
  /** `begin` when the process asked for it, `end` when the kernel had done it. */
  readonly moment: 'begin' | 'end'
}

/** Why system calls cannot be watched here; undefined where they can. */
export function whyNotTraced(): string | undefined {
  if (process.platform !== 'linux') return 'system calls are watched with strace, which is for Linux'
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'strace is not installed, or may not watch processes here'
  }
}

const kinds: Readonly<Record<string, FileCall['kind']>> = {
  openat: 'create',
  write: 'write',
  writev: 'write',
  pwrite64: 'write',
  pwritev: 'write',
  ftruncate: 'write',
  copy_file_range: 'write',
  fsync: 'sync',
  fdatasync: 'sync',
  rename: 'rename',
  renameat: 'rename',
  renameat2: 'rename',
  unlink: 'remove',
  unlinkat: 'remove',
  rmdir: 'remove',
  mkdir: 'make-directory',
  mkdirat: 'make-directory',
}

/** Runs a script in a process of its own, and gives what it did to files, in the order in which it was asked for and done. */
export async function traceScript(
  script: string,
  values: readonly string[],
  folder: string,
): Promise<{ readonly output: string; readonly calls: readonly FileCall[] }> {
  const log = join(folder, 'strace.log')
  const names = Object.keys(kinds).map((name) => `?${name}`)
  const watch = ['-f', '-y', '-s', '4096', '-qq', '-e', `trace=${names.join(',')}`, '-o', log]
  const node = [process.execPath, '--conditions=@dlt/source', script, ...values]
  const { stdout } = await promisify(execFile)('strace', [...watch, ...node])
  return { output: stdout, calls: parseTrace(readFileSync(log, 'utf8')) }
}

/** Reads what strace wrote: a line for each call, or two where another thread's call came between its begin and its end. */
export function parseTrace(log: string): readonly FileCall[] {
  const unfinished = new Map<string, FileCall>()
  return log.split('\n').flatMap((line) => {
    const thread = line.split(/\s/, 1)[0] ?? ''
    if (line.includes('<... ')) {
      const begun = unfinished.get(thread)
      unfinished.delete(thread)
      return begun !== undefined && isDone(line) ? [{ ...begun, moment: 'end' as const }] : []
    }
    const call = parseCall(line)
    if (call === undefined) return []
    if (!line.includes('<unfinished ...>')) return isDone(line) ? [call, { ...call, moment: 'end' as const }] : []
    unfinished.set(thread, call)
    return [call]
  })
}

const isDone = (line: string): boolean => / = \d/.test(line)

function parseCall(line: string): FileCall | undefined {
  const [, name = '', rest = ''] = /^\d+\s+(\w+)\((.*)$/.exec(line) ?? []
  const kind = kinds[name]
  if (kind === undefined || (kind === 'create' && !/O_CREAT|O_TRUNC/.test(rest))) return undefined
  const names = [...rest.matchAll(/(?:\w+<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)].map(([, base = '', path = '']) =>
    path.startsWith('/') ? path : join(base, path),
  )
  const [path, to] = kind === 'write' || kind === 'sync' ? [/^\d+<([^>]*)>/.exec(rest)?.[1]] : names
  return path === undefined ? undefined : { kind, path, ...(to !== undefined && { to }), moment: 'begin' }
}
