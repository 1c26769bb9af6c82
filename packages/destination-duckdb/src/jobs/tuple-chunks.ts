import { createReadStream } from 'node:fs'

const lineFeed = 0x0a
const start = /^INSERT INTO [^\n]*\nVALUES\n/

/** Cuts a stream of bytes after the last line feed of each piece; the last piece may end without one. */
async function* wholeLines(path: string, chunkBytes: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    if (!Buffer.isBuffer(chunk)) continue
    const end = chunk.lastIndexOf(lineFeed) + 1
    if (end === 0) {
      rest.push(chunk)
      continue
    }
    yield Buffer.concat([...rest, chunk.subarray(0, end)])
    rest = [chunk.subarray(end)]
  }
  const last = Buffer.concat(rest)
  if (last.length > 0) yield last
}

/**
 * Reads the tuples of an `insert_values` file: `INSERT INTO {}(…)`, `VALUES`, then one tuple a line. Yields the text of whole tuples,
 * about `chunkBytes` at a time, without the separator behind the last one. A file that is only a head yields nothing.
 */
export async function* tupleChunks(path: string, chunkBytes: number): AsyncGenerator<string> {
  let isFirst = true
  for await (const lines of wholeLines(path, chunkBytes)) {
    const text = lines.toString('utf8')
    const tuples = (isFirst ? text.replace(start, '') : text).replace(/[,;\s]+$/, '')
    isFirst = false
    if (tuples !== '') yield tuples
  }
}
