import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isTable, type TomlTable } from '../toml-document.ts'

/** What credentials of a machine are taken from. */
export interface Machine {
  /** Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Default: the home of the user. */
  readonly home?: string
}

/** A variable of the environment; an empty one is as if it was not set. */
export function variable({ environment = process.env }: Machine, name: string): string | undefined {
  const value = environment[name]
  return value === '' ? undefined : value
}

/** The home of the user. */
export function homeOf({ home = homedir() }: Machine): string {
  return home
}

/** A JSON document in a file; undefined where there is none, or where it is no object. */
export function readJsonFile(path: string): TomlTable | undefined {
  try {
    return parseJsonObject(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}

/** A JSON object in a text; undefined for any other text. */
export function parseJsonObject(text: string): TomlTable | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isTable(value) ? value : undefined
  } catch {
    // The parser's message quotes the text, which is a secret.
    return undefined
  }
}
