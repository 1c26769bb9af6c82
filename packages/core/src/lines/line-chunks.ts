import { ChunkBuffers } from './chunk-buffers.ts'
import type { LineChunk } from './text-lines.ts'

const newline = 10
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Cuts text into chunks of whole lines, of about `chunkBytes`; only a single longer line makes a longer chunk.
 * A byte order mark at the beginning is dropped. Chunks without any rows are left out.
 *
 * The memory of a chunk is used again: its bytes are its own until the one after the next is asked for.
 *
 * @param pieces each is copied before the next one is asked for
 */
export async function* lineChunks(
  pieces: AsyncIterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<LineChunk, void, undefined> {
  const collected = new ChunkBuffers()
  let firstLine = 1
  for await (const piece of withoutByteOrderMark(pieces)) {
    let rest = piece
    while (collected.length + rest.length >= chunkBytes) {
      const end = cutPosition(rest, chunkBytes - collected.length)
      if (end === 0) break
      collected.append(rest.subarray(0, end))
      const chunk = takeChunk(collected, firstLine)
      firstLine += chunk.lineCount
      if (chunk.rowCount > 0) yield chunk
      rest = rest.subarray(end)
    }
    collected.append(rest)
  }
  if (collected.length === 0) return
  const chunk = takeChunk(collected, firstLine)
  if (chunk.rowCount > 0) yield chunk
}

async function* withoutByteOrderMark(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const bytes of pieces) {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (head === undefined) {
      yield piece
      continue
    }
    head = Buffer.concat([head, piece])
    if (head.length < byteOrderMark.length) continue
    yield startsWithMark(head) ? head.subarray(byteOrderMark.length) : head
    head = undefined
  }
  if (head !== undefined && head.length > 0) yield head
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
}

// The end of the last line within the wanted size, or of the first line beyond it; 0 when no line ends here.
function cutPosition(bytes: Buffer, wanted: number): number {
  const within = wanted > 0 ? bytes.lastIndexOf(newline, Math.min(wanted, bytes.length) - 1) : -1
  return (within >= 0 ? within : bytes.indexOf(newline)) + 1
}

function takeChunk(collected: ChunkBuffers, firstLine: number): LineChunk & { readonly lineCount: number } {
  const { bytes } = collected
  const counts = countLines(bytes)
  // What nobody is given may be written over.
  if (counts.rowCount > 0) collected.swap()
  else collected.clear()
  return { bytes, firstLine, ...counts }
}

function countLines(bytes: Buffer): { readonly lineCount: number; readonly rowCount: number } {
  let lineCount = 0
  let rowCount = 0
  for (let start = 0; start < bytes.length; lineCount++) {
    const found = bytes.indexOf(newline, start)
    const end = found === -1 ? bytes.length : found
    if (!isBlank(bytes, start, end)) rowCount++
    start = end + 1
  }
  return { lineCount, rowCount }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte !== 32 && byte !== 9 && byte !== 13) return false
  }
  return true
}
