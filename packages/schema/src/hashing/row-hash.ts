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
  const own = Object.entries(row).filter(([key]) => !key.startsWith(dltPrefix))
  return digest128(typedJson(new Map(own), { sortKeys: true }), idBytes)
}

/** The id of a row that follows from its primary key: a digest of the key's columns by name. */
export function keyHash(key: Readonly<Record<string, unknown>>): string {
  return digest128(typedJson(key, { sortKeys: true }), idBytes)
}
