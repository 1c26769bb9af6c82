import { dltPrefix } from '../evolution/table-tree.ts'
import { typedJson } from '../json/typed-json.ts'
import { digest128 } from './digest.ts'

const idBytes = 10

/**
 * The id of a row that follows from its content, for tables whose versions of rows are told apart by it: a digest of the
 * document without its top-level `_dlt` keys, whatever the order of keys. Wrap whole numbers of double columns in
 * `FloatNumber`, because `1.0` and `1` have different hashes.
 */
export function rowHash(row: Readonly<Record<string, unknown>>): string {
  return textHash(rowHashText(Object.entries(row)))
}

/** The text that {@link rowHash} digests. */
export function rowHashText(fields: Iterable<readonly [key: string, value: unknown]>): string {
  const own = new Map(fields)
  for (const key of own.keys()) if (key.startsWith(dltPrefix)) own.delete(key)
  return typedJson(own, { sortKeys: true })
}

/** The id of a row that follows from its primary key: a digest of the key's columns by name. */
export function keyHash(key: Readonly<Record<string, unknown>>): string {
  return textHash(typedJson(key, { sortKeys: true }))
}

/** The id of a row from the text that stands for it, as UTF-8. */
export function textHash(text: string | Uint8Array): string {
  return digest128(text, idBytes)
}
