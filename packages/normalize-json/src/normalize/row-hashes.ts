import { DltError, FloatNumber, type OrderedJsonOf, plainJson, readJsonWith, textHash } from '@dlt/schema'
import type { PackedBytes } from '../page/page.ts'
import type { DoublePath } from '../plan/normalization-plan.ts'
import { idsOf, type RowIds } from './row-ids.ts'

type Json = OrderedJsonOf<number | bigint | FloatNumber>

/**
 * Ids that are hashes of whole rows. A number that a column of doubles takes is hashed as one (`1.0`), also where the document has
 * it without a fraction: so a row has one hash, however its numbers are spelled.
 *
 * @param texts of the rows
 */
export function rowHashIds({ offsets, bytes }: PackedBytes, doubles: readonly DoublePath[]): RowIds {
  const count = offsets.length - 1
  if (doubles.length === 0) return idsOf(count, (row) => textHash(bytes.subarray(offsets[row], offsets[row + 1])))
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return idsOf(count, (row) => textHash(withDoubles(text.toString('utf8', offsets[row], offsets[row + 1]), doubles)))
}

/** The error for rows whose text was not kept, because it was not known yet that it would be needed. */
export function textMissing(table: string): DltError {
  return new DltError(
    `Table "${table}" keeps the history of its rows, but some of them were extracted when it did not. Let the write disposition be the same for all items, give up the package and extract it again.`,
    { code: 'PACKAGE', context: { table } },
  )
}

function withDoubles(text: string, doubles: readonly DoublePath[]): string {
  const row: Json = readJsonWith(text, readNumber)
  for (const path of doubles) if (row instanceof Map) markInRow(row, path)
  return plainJson(row)
}

function readNumber(text: string): number | bigint | FloatNumber {
  if (/[.eE]/.test(text)) return new FloatNumber(Number(text))
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

function markInRow(row: Map<string, Json>, [keys = [], ...deeper]: DoublePath): void {
  const last = keys.at(-1)
  const holder = keys.slice(0, -1).reduce<Json | undefined>((value, key) => fieldOf(value, key), row)
  if (last === undefined || !(holder instanceof Map)) return
  const value = holder.get(last)
  if (value === undefined) return
  if (deeper.length === 0) holder.set(last, asDouble(value))
  else if (Array.isArray(value)) markItems(value, deeper)
}

/** Items are rows of their own: a list in a list is the field `list` of one, and anything else but an object the field `value`. */
function markItems(items: Json[], path: DoublePath): void {
  const [first, ...deeper] = path
  items.forEach((item, index) => {
    if (item instanceof Map) markInRow(item, path)
    else if (Array.isArray(item) && deeper.length > 0 && isField(first, 'list')) markItems(item, deeper)
    else if (!Array.isArray(item) && deeper.length === 0 && isField(first, 'value')) items[index] = asDouble(item)
  })
}

function isField(keys: readonly string[] | undefined, name: string): boolean {
  return keys?.length === 1 && keys[0] === name
}

function fieldOf(value: Json | undefined, key: string): Json | undefined {
  return value instanceof Map ? value.get(key) : undefined
}

function asDouble(value: Json): Json {
  return typeof value === 'number' || typeof value === 'bigint' ? new FloatNumber(Number(value)) : value
}
