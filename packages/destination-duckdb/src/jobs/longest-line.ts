import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { DestinationError } from '@dlt/destination'

const lineFeed = 0x0a

const scannedLength = async (path: string): Promise<number> => {
  let longest = 0
  let open = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    if (!Buffer.isBuffer(chunk)) continue
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      longest = Math.max(longest, open + end - start)
      open = 0
      start = end + 1
    }
    open += chunk.length - start
  }
  return Math.max(longest, open)
}

/**
 * The bytes of a file's longest line, its line feed left out. A file of up to `enough` bytes is not read: none of its lines is longer.
 * @throws DestinationError terminal where the file cannot be read
 */
export const longestLine = async (path: string, enough: number): Promise<number> => {
  try {
    const { size } = await stat(path)
    return size <= enough ? size : await scannedLength(path)
  } catch (cause) {
    throw new DestinationError(`The file "${path}" cannot be read.`, {
      kind: 'terminal',
      context: { file: path },
      cause,
    })
  }
}
