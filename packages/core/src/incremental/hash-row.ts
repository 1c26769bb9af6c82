import { DltError, digest128, formatTimestamp, PreciseDateTime, plainJson } from '@dlt/schema'
import { microsecondsOf, readCursor } from './cursor-kind.ts'
import type { BoundaryKey } from './incremental-options.ts'

/** How hashes are written: since version 1.31 of the reference system, or before. */
export type HashForm = 'current' | 'legacy'

const currentBytes = 9
const legacyBytes = 15

/** Characters of a hash in the legacy form. */
const legacyLength = 20

/** Whether hashes that were stored are of the legacy form. One of them decides for all, as in the reference system. */
export function formOf(hashes: Iterable<string>): HashForm {
  for (const hash of hashes) if (hash.length === legacyLength) return 'legacy'
  return 'current'
}

/** What of a row is hashed: the value of its key column, the list of several, or the row. A column may be a {@link MissingColumn}. */
export type KeyReader = (row: unknown) => unknown

/** Stands for a column of the key that a row lacks: an error only where the key is needed. */
class MissingColumn {
  readonly column: string

  constructor(column: string) {
    this.column = column
  }
}

/** The reader of a key. */
export function keyReader(key: BoundaryKey | undefined): KeyReader {
  if (key === undefined) return (row) => row
  if (typeof key === 'function') return (row) => columnsReader(key(row))(row)
  return columnsReader(key)
}

function columnsReader(columns: string | readonly string[]): KeyReader {
  if (typeof columns === 'string') return columnReader(columns)
  const readers = columns.map(columnReader)
  return (row) => readers.map((read) => read(row))
}

function columnReader(column: string): KeyReader {
  const missing = new MissingColumn(column)
  return (row) => {
    const value = row instanceof Map ? row.get(column) : readField(row, column)
    return value === undefined ? missing : value
  }
}

interface KeyedValues {
  readonly [key: string]: unknown
}

function hasFields(row: unknown): row is KeyedValues {
  return typeof row === 'object' && row !== null
}

/** Not by `Reflect.get`: that is a call for each row. */
function readField(row: unknown, column: string): unknown {
  return hasFields(row) ? row[column] : Reflect.get(Object(row), column)
}

/**
 * A key that can be hashed.
 * @throws DltError `DATA` for that of a row without a column of the key
 */
export function requireKey(key: unknown, resource: string): unknown {
  const missing = Array.isArray(key) ? key.find(isMissing) : key
  if (!isMissing(missing)) return key
  const { column } = missing
  throw new DltError(
    `Resource "${resource}": an item has no "${column}", a column of the primary key that tells rows with the same cursor apart. Give every item that key, spelled as in the data, or set another primaryKey on the incremental; [] turns the check off.`,
    { code: 'DATA', context: { resource, column } },
  )
}

function isMissing(value: unknown): value is MissingColumn {
  return value instanceof MissingColumn
}

/** The hash of a row's key in the current form: every date-time counts as an instant, a missing zone as UTC. */
export function hashKey(value: unknown): string {
  return digest128(plainJson(withDateTimes(value, microsecondsOf), { sortKeys: true }), currentBytes)
}

/**
 * The hashes of a row's key in the legacy form: Python wrote UTC either as `Z` or as `+00:00`, depending on the library that the
 * value came from. The first is the one to store.
 */
export function legacyHashes(value: unknown): readonly [string, ...string[]] {
  const withZ = legacyHash(value, 'Z')
  const withOffset = legacyHash(value, '+00:00')
  return withZ === withOffset ? [withZ] : [withZ, withOffset]
}

function legacyHash(value: unknown, utc: string): string {
  const text = (microseconds: bigint, isInstant: boolean): string =>
    isInstant
      ? formatTimestamp(microseconds).replace('+00:00', utc)
      : new PreciseDateTime(microseconds, false).toString()
  const encode = (key: bigint, kind: string): string => text(key, kind === 'instant')
  return digest128(plainJson(withDateTimes(value, encode), { sortKeys: true }), legacyBytes)
}

type EncodeDateTime = (microseconds: bigint, kind: string) => unknown

/** The value with every date-time in it replaced; what has none stays the same value. */
function withDateTimes(value: unknown, encode: EncodeDateTime): unknown {
  if (typeof value !== 'object' || value === null) return value
  const cursor = readCursor(value)
  if (cursor?.kind === 'instant' || cursor?.kind === 'wall-clock')
    return encode(microsecondsOf(cursor.key), cursor.kind)
  if (cursor !== undefined) return value
  if (Array.isArray(value)) return value.map((item) => withDateTimes(item, encode))
  if (value instanceof Set) return Array.from(value, (item) => withDateTimes(item, encode))
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, withDateTimes(item, encode)]))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDateTimes(item, encode)]))
}
