import { createRequire } from 'node:module'
import { DltError } from '@dlt/schema'
import { isPlainRecord } from '../runtime/plain-record.ts'

/** A table of a TOML document. Values are text, numbers, bigints, booleans, dates, lists and tables. */
export interface TomlTable {
  readonly [key: string]: unknown
}

type TomlModule = typeof import('smol-toml')

// Synchronous, because the arguments of a pipeline are needed at once; and only where there is a file to read.
function tomlModule(): TomlModule {
  const loaded: TomlModule = createRequire(import.meta.url)('smol-toml')
  return loaded
}

/**
 * Parses a TOML document. Integers beyond 2^53 are bigints.
 * @throws DltError `CONFIGURATION` with file, line and column; without any content of the file, which may be a secret
 */
export function parseToml(text: string, path: string): TomlTable {
  const { parse, TomlError } = tomlModule()
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' })
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const { line, column } = error
    throw new DltError(
      `The file "${path}" is not valid TOML: line ${line}, column ${column}. Correct it there; text is quoted as in key = "value".`,
      { code: 'CONFIGURATION', context: { file: path, line, position: column } },
    )
  }
}

/** A TOML document as text. Comments of a document that was parsed are not in it. */
export function formatToml(document: TomlTable): string {
  return tomlModule().stringify(document)
}

/** Whether a value is a table: a plain record, neither a list nor a date. */
export function isTable(value: unknown): value is TomlTable {
  return isPlainRecord(value)
}

/** A document with the tables of another one in it: where both have a value, the one of `over` stays. Lists are not merged. */
export function mergeTables(under: TomlTable, over: TomlTable): TomlTable {
  const merged: Record<string, unknown> = Object.create(null)
  for (const [key, value] of Object.entries(under)) merged[key] = value
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isTable(value) && isTable(below) ? mergeTables(below, value) : value
  }
  return merged
}

/** The value at a path; undefined where there is none. */
export function valueAt(document: TomlTable, path: readonly string[]): unknown {
  let node: unknown = document
  for (const key of path) {
    if (!isTable(node) || !Object.hasOwn(node, key)) return undefined
    node = node[key]
  }
  return node
}
