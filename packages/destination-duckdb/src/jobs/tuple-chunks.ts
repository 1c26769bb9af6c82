import { createReadStream } from 'node:fs'
import { DestinationError } from '@dlt/destination'

const lineFeed = 0x0a
/** `INSERT INTO {}(…)` and `VALUES`. */
const headLines = 2

/** Cuts a stream of bytes after the last line feed of each piece; the last piece may end without one. */
async function* wholeLines(path: string, chunkBytes: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    if (!Buffer.isBuffer(chunk)) continue
    const end = chunk.lastIndexOf(lineFeed) + 1
    if (end > 0) yield Buffer.concat([...rest, chunk.subarray(0, end)])
    rest = end > 0 ? [chunk.subarray(end)] : [...rest, chunk]
  }
  const last = Buffer.concat(rest)
  if (last.length > 0) yield last
}

/** What is left of pieces of whole lines after their first lines. */
async function* withoutHead(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = headLines
  for await (const piece of pieces) {
    let start = 0
    for (; left > 0 && start < piece.length; left -= 1) start = piece.indexOf(lineFeed, start) + 1
    yield piece.subarray(start)
  }
}

/**
 * Reads the tuples of an `insert_values` file: `INSERT INTO {}(…)`, `VALUES`, then one tuple a line. Yields the text of whole tuples,
 * about `chunkBytes` at a time, without the separator behind the last one. A file that is only a head yields nothing.
 * @throws DestinationError terminal where the file cannot be read
 */
export async function* tupleChunks(path: string, chunkBytes: number): AsyncGenerator<string> {
  try {
    for await (const lines of withoutHead(wholeLines(path, chunkBytes))) {
      const tuples = lines.toString('utf8').replace(/[,;\s]+$/, '')
      if (tuples !== '') yield tuples
    }
  } catch (cause) {
    throw new DestinationError(`The file "${path}" cannot be read.`, {
      kind: 'terminal',
      context: { file: path },
      cause,
    })
  }
}
