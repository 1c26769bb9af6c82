import type { FileHandle } from 'node:fs/promises'
import type { Writable } from 'node:stream'

/** Bytes that are read of a file at once; each piece is one message to the server. */
const pieceBytes = 256 * 1024

/**
 * A file in pieces. Two buffers take turns, instead of a new one for each piece: a large file would leave hundreds of megabytes to the garbage
 * collector. All pieces but the last are of one length, longer than what a stream takes without asking to wait.
 *
 * @param flushed resolves when what was sent before is with the operating system, or never will be
 */
export async function* filePieces(file: FileHandle, flushed: () => Promise<void>): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat()
  const turns = [newTurn(), newTurn()] as const
  for (let done = 0, turn = turns[0]; done < size; turn = turn === turns[0] ? turns[1] : turns[0]) {
    await turn.isFree
    turn.buffer ??= Buffer.allocUnsafeSlow(Math.min(size, pieceBytes))
    const piece = await filled(file, turn.buffer)
    if (piece.length === 0) return
    done += piece.length
    yield piece
    turn.isFree = flushed()
  }
}

/** Waits until a stream has given everything that was written to it so far to the operating system, or is broken. */
export const flushedBy = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.off('close', done)
      resolve()
    }
    stream.once('close', done)
    stream.write(nothing, done)
  })

const nothing = new Uint8Array(0)

interface Turn {
  buffer: Buffer | undefined
  isFree: Promise<void> | undefined
}

const newTurn = (): Turn => ({ buffer: undefined, isFree: undefined })

/** Reads until the buffer is full or the file ends. */
const filled = async (file: FileHandle, buffer: Buffer): Promise<Uint8Array> => {
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}
