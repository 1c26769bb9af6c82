import { DltError } from '@dlt/schema'

/** The document of an incremental in the state: keys, order and meaning of the reference system. */
export interface StoredCursor {
  /** The initial value of the run that wrote the document first. */
  readonly initial_value: unknown
  /** The furthest cursor that was loaded. */
  readonly last_value: unknown
  /** Hashes of the rows at the last value. */
  readonly unique_hashes: readonly string[]
  /** The last value before the last run that loaded something. */
  readonly start_value: unknown
}

/** The document of an incremental that never ran. */
export function newStoredCursor(initialValue: unknown): StoredCursor {
  return { initial_value: initialValue, last_value: initialValue, unique_hashes: [], start_value: initialValue }
}

/**
 * Reads a document from the state; `undefined` when there is none, or an empty one.
 *
 * @param where names of resource and cursor, for the error
 * @throws DltError `STATE` when it is damaged
 */
export function readStoredCursor(
  document: unknown,
  where: { readonly resource: string; readonly cursorPath: string },
): StoredCursor | undefined {
  if (document === undefined) return undefined
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
    const entries = new Map<string, unknown>(Object.entries(document))
    if (entries.size === 0) return undefined
    const hashes = entries.get('unique_hashes') ?? []
    if (entries.has('last_value') && isTextList(hashes)) {
      return {
        initial_value: entries.get('initial_value') ?? null,
        last_value: entries.get('last_value') ?? null,
        unique_hashes: hashes,
        start_value: entries.get('start_value') ?? null,
      }
    }
  }
  throw new DltError(
    `The state of resource "${where.resource}" for the cursor "${where.cursorPath}" is damaged. Restore the state from a backup, or run once with a refresh to load the resource anew.`,
    { code: 'STATE', context: { resource: where.resource, cursor: where.cursorPath } },
  )
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
