import { createHash } from 'node:crypto'
import { filePieces } from './file-pieces.ts'

/** SHA-256 of a file's content, hexadecimal. Throws the error of the file system when the file cannot be read. */
export async function fileChecksum(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of filePieces(path)) hash.update(piece)
  return hash.digest('hex')
}
