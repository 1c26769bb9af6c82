import { isDeepStrictEqual } from 'node:util'
import { DltError } from '@dlt/schema'
import { formatToml, isTable, parseToml, type TomlTable, valueAt } from './toml-document.ts'

/** A text that an edit came to. */
export interface TomlEdit {
  readonly text: string
  /** False where the document had to be written anew: its comments are lost. */
  readonly keepsComments: boolean
}

/**
 * Sets one value in a TOML text, or removes it (null, undefined). The line that holds the value is changed, or one is added under
 * the header of its table; comments and the order of lines stay. A document in which that does not work (the value stands in an
 * inline table, or over several lines) is written anew, without its comments.
 *
 * @param path sections and key
 * @param name of the file, for errors
 * @throws DltError `CONFIGURATION` where a single value would replace a table, or stands on the way
 */
export function editToml(text: string, path: readonly string[], value: unknown, name: string): TomlEdit {
  const before = parseToml(text, name)
  refuseToReplace(before, path, value ?? undefined, name)
  const wanted = withValue(before, path, value ?? undefined)
  if (isDeepStrictEqual(plain(before), plain(wanted))) return { text, keepsComments: true }
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  for (const edited of candidates(text.replaceAll('\r\n', '\n'), path, value ?? undefined)) {
    if (isDeepStrictEqual(parsed(edited, name), plain(wanted)))
      return { text: edited.replaceAll('\n', lineBreak), keepsComments: true }
  }
  return { text: formatToml(wanted), keepsComments: false }
}

// What is replaced would be lost without a word, a whole table for instance.
function refuseToReplace(document: TomlTable, path: readonly string[], value: unknown, file: string): void {
  if (value === undefined) return
  const refused = (what: string) =>
    new DltError(`"${path.join('.')}" was not set in "${file}": ${what}`, { code: 'CONFIGURATION', context: { file } })
  if (isTable(valueAt(document, path)) && !isTable(value))
    throw refused('it is a table there, and would be lost. Set values in it, or remove it before.')
  for (let length = 1; length < path.length; length++) {
    const section = path.slice(0, length)
    const present = valueAt(document, section)
    if (present !== undefined && !isTable(present))
      throw refused(`"${section.join('.')}" is a single value there, and would be lost. Remove it before.`)
  }
}

function withValue(table: TomlTable, [key = '', ...rest]: readonly string[], value: unknown): TomlTable {
  const { [key]: current, ...others } = table
  if (rest.length === 0) return value === undefined ? others : { ...table, [key]: value }
  if (value === undefined && !isTable(current)) return table
  return { ...table, [key]: withValue(isTable(current) ? current : {}, rest, value) }
}

function* candidates(text: string, path: readonly string[], value: unknown): Generator<string> {
  const lines = text.split('\n')
  const headers = lines.flatMap((line, index) => headerOf(line, index))
  const tables: readonly Header[] = [{ path: [], index: -1 }, ...headers]
  for (const [position, table] of tables.entries()) {
    if (table.path === undefined || !isPrefix(table.path, path)) continue
    const end = tables[position + 1]?.index ?? lines.length
    const key = path.slice(table.path.length)
    const at = lines.findIndex((line, index) => index > table.index && index < end && assigns(line, key))
    if (at < 0) continue
    const assigned = assignment(key, value)
    const comment = /\s+#[^"']*$/.exec(lines[at] ?? '')?.[0] ?? ''
    for (const kept of new Set([comment, '']))
      yield lines.toSpliced(at, 1, ...assigned.map((line) => `${line}${kept}`)).join('\n')
  }
  if (value === undefined) return
  const sections = path.slice(0, -1)
  const own = tables.findIndex((table) => isDeepStrictEqual(table.path, sections))
  const line = assignment(path.slice(-1), value)
  if (own >= 0) yield insertedAtEnd(lines, tables[own]?.index ?? -1, tables[own + 1]?.index ?? lines.length, line)
  const body = text.trimEnd()
  yield `${body}${body === '' ? '' : '\n\n'}[${dotted(sections)}]\n${line.join('\n')}\n`
}

function isPrefix(table: readonly string[], path: readonly string[]): boolean {
  return table.length < path.length && table.every((part, depth) => part === path[depth])
}

/** Adds lines behind the last line of a table that is not blank. */
function insertedAtEnd(lines: readonly string[], header: number, end: number, added: readonly string[]): string {
  const last = lines.findLastIndex((line, index) => index > header && index < end && line.trim() !== '')
  const text = lines.toSpliced(Math.max(last, header) + 1, 0, ...added).join('\n')
  return text.endsWith('\n') ? text : `${text}\n`
}

interface Header {
  /** Names of the table; absent for an entry of a list of tables, which ends the table before it. */
  readonly path?: readonly string[]
  readonly index: number
}

function headerOf(line: string, index: number): Header[] {
  if (/^\s*\[\[/.test(line)) return [{ index }]
  if (!/^\s*\[/.test(line)) return []
  const path = pathOfTables(line)
  return path === undefined ? [] : [{ path, index }]
}

/** The names in a header, by parsing it: they may be quoted. */
function pathOfTables(line: string): readonly string[] | undefined {
  const path: string[] = []
  let node: unknown
  try {
    node = parseToml(line, '')
  } catch {
    // A line that only looks like a header, for instance in a text over several lines.
    return undefined
  }
  while (isTable(node)) {
    const [name] = Object.keys(node)
    if (name === undefined) break
    path.push(name)
    node = node[name]
  }
  return path
}

/** Whether a line, alone, gives a value to a key. */
function assigns(line: string, key: readonly string[]): boolean {
  if (!/^\s*[^#[\s]/.test(line) || !line.includes('=')) return false
  try {
    return valueAt(parseToml(line, ''), key) !== undefined
  } catch {
    // The start of a value over several lines.
    return false
  }
}

function assignment(key: readonly string[], value: unknown): readonly string[] {
  if (value === undefined) return []
  // The writer gives records a table of their own, but not inside of a list of values.
  const [, text = ''] = /^value = \[ 0, ([\s\S]*) \]\s*$/.exec(formatToml({ value: [0, value] })) ?? []
  return [`${dotted(key)} = ${text}`]
}

function dotted(path: readonly string[]): string {
  return path.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part))).join('.')
}

function parsed(text: string, name: string): TomlTable | undefined {
  try {
    return plain(parseToml(text, name))
  } catch {
    // Not every candidate fits every document; the next one is tried.
    return undefined
  }
}

// Parsed tables and dates, merged ones and literals have different prototypes.
function plain(table: TomlTable): TomlTable {
  const copy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(table)) copy[key] = plainValue(value)
  return copy
}

function plainValue(value: unknown): unknown {
  if (isTable(value)) return plain(value)
  if (Array.isArray(value)) return value.map(plainValue)
  // The parser has a class of its own for dates, which remembers how they are written.
  return value instanceof Date ? { date: value.toISOString() } : value
}
