import { createRequire } from 'node:module'
import { DltError } from '@dlt/schema'
import type { JSONPathQuery, JSONValue } from 'json-p3'
import { type PathStep, readPath, standardPath } from './standard-path.ts'

/** Reads the cursor of an item: `undefined` where the path leads nowhere, null where the value is null. */
export type CursorReader = (item: unknown) => unknown

/**
 * Makes the reader of a path. A key is read as a property, keys and positions in a row by a walk; every other JSONPath is compiled
 * once by a library, which loads when it is first needed.
 *
 * @throws DltError `CONFIGURATION` when the path cannot be read
 */
export function compileCursorPath(path: string): CursorReader {
  if (isPlainKey(path)) return keyReader(path)
  const steps = readPath(path)
  if (steps === undefined) throw unreadable(path)
  if (steps.length === 0) return (item) => item
  return steps.every(isSingular) ? walker(steps) : queryReader(path, steps)
}

/** Names and names with spaces; whatever has a character of JSONPath in it is a path. */
function isPlainKey(path: string): boolean {
  return path.trim() !== '' && !/[.$@*[\]'"`|,?()]/.test(path)
}

function isSingular(step: PathStep): step is string | number {
  return typeof step !== 'object'
}

interface KeyedValues {
  readonly [key: string]: unknown
}

function hasKeys(value: unknown): value is KeyedValues {
  return typeof value === 'object' && value !== null
}

function keyReader(key: string): CursorReader {
  const isInherited = key in Object.prototype
  return (item) => {
    if (!hasKeys(item)) return undefined
    const value = item[key]
    if (value !== undefined) return isInherited && !Object.hasOwn(item, key) ? undefined : value
    return item instanceof Map ? item.get(key) : undefined
  }
}

function positionReader(position: number): CursorReader {
  return (item) => (Array.isArray(item) ? item[position] : undefined)
}

function walker(steps: readonly (string | number)[]): CursorReader {
  const readers = steps.map((step) => (typeof step === 'number' ? positionReader(step) : keyReader(step)))
  return (item) => {
    let value = item
    for (const read of readers) {
      value = read(value)
      if (value === undefined) return undefined
    }
    return value
  }
}

function queryReader(path: string, steps: readonly PathStep[]): CursorReader {
  const query = compileQuery(path, steps)
  return (item) => {
    if (!isDocument(item)) return undefined
    for (const node of query.lazyQuery(item)) return node.value
    return undefined
  }
}

/** The library walks lists and objects, and leaves any other value as it is. */
function isDocument(item: unknown): item is JSONValue {
  return hasKeys(item)
}

function compileQuery(path: string, steps: readonly PathStep[]): JSONPathQuery {
  const { compile }: typeof import('json-p3') = createRequire(import.meta.url)('json-p3')
  try {
    return compile(standardPath(steps))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause?: unknown): DltError {
  return new DltError(
    `The cursor path "${path}" is neither a key nor a JSONPath. Give a key as it is in the items ("updated_at"), or a path ("$.meta.updated", "events[0].at"); put a key with other characters than letters, digits, spaces, _ and - into quotes ("'a.b'").`,
    { code: 'CONFIGURATION', context: { cursor: path }, cause },
  )
}
