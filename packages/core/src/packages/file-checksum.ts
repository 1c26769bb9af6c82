import { createHash } from 'node:crypto'
import { ContentChecksum } from '@dlt/file-formats'
import { filePieces } from './file-pieces.ts'

/**
 * Whether a file has the content of which a checksum was taken.
 * @param checksum as of {@link ContentChecksum}, or a SHA-256 in hexadecimal digits, as packages of format 1 have them
 * @throws the error of the file system when the file cannot be read
 */
export async function hasChecksum(path: string, checksum: string): Promise<boolean> {
  return (await (checksum.startsWith('crc32:') ? contentChecksum(path) : contentHash(path))) === checksum
}

async function contentChecksum(path: string): Promise<string> {
  const checksum = new ContentChecksum()
  for await (const piece of filePieces(path)) checksum.add(piece)
  return checksum.text
}

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of filePieces(path)) hash.update(piece)
  return hash.digest('hex')
}
