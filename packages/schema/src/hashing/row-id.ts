import { randomFillSync } from 'node:crypto'
import { digest128 } from './digest.ts'

const idBytes = 10
const idLength = 14
const pool = Buffer.alloc(idBytes * 4096)
let offset = pool.length

/** A new random row id: 10 random bytes in base64 without padding, 14 characters. */
export function randomRowId(): string {
  if (offset === pool.length) {
    randomFillSync(pool)
    offset = 0
  }
  const id = pool.toString('base64', offset, offset + idBytes).slice(0, idLength)
  offset += idBytes
  return id
}

/**
 * The id of a row of a nested table. It follows from the row it belongs to, so it is the same in every load.
 *
 * @param parentId id of the parent row.
 * @param tableName normalized name of the nested table.
 * @param index position in the list, from 0.
 */
export function nestedRowId(parentId: string, tableName: string, index: number): string {
  return digest128(`${parentId}_${tableName}_${index}`, idBytes)
}
