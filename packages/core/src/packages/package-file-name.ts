import { randomBytes } from 'node:crypto'
import { digest128 } from '@dlt/schema'

/** Most characters of an encoded table name in a file name; file systems take 255 bytes for the whole. */
const longestName = 180

/**
 * A name for a new file of a load package: `<table>.<file id>.<extension>`, with ten random hexadecimal digits.
 * Table names can hold anything, so all but ASCII letters, digits, `_` and `-` is escaped; the manifest has the name itself.
 */
export function packageFileName(tableName: string, extension: string): string {
  return `${encodeTableName(tableName)}.${randomBytes(5).toString('hex')}.${extension}`
}

function encodeTableName(tableName: string): string {
  const encoded = tableName.replace(
    /[^A-Za-z0-9_-]/gu,
    (character) => `%${Buffer.from(character).toString('hex').toUpperCase()}`,
  )
  if (encoded.length <= longestName) return encoded
  return `${encoded.slice(0, longestName)}~${digest128(tableName, 9).replaceAll('/', '-').replaceAll('+', '_')}`
}
