import { open } from 'node:fs/promises'

/** Small enough to stay in the processor's cache until it is used. */
const pieceBytes = 1 << 18

/**
 * The bytes of a file, each time in the same memory: a piece is good until the next one is asked for. A stream makes a megabyte for each
 * piece, and one more to find the end, which for small files is most of the memory of a run.
 * @throws the error of the file system when the file cannot be read
 */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  await using file = await open(path)
  const { size } = await file.stat()
  // What is no file on a disk, a pipe, has no size.
  const piece = Buffer.allocUnsafeSlow(size === 0 ? pieceBytes : Math.min(size, pieceBytes))
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, piece.length)
    if (bytesRead === 0) return
    yield piece.subarray(0, bytesRead)
  }
}
