import { createReadStream } from 'node:fs'

const [nul, tab, lineFeed] = [0x00, 0x09, 0x0a]

/** Where in a file of tab-separated values the character U+0000 first stands: the row from 1 on, the column from 0 on. */
export const findNul = async (path: string): Promise<{ readonly row: number; readonly column: number } | undefined> => {
  let row = 1
  let column = 0
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    if (!Buffer.isBuffer(piece)) continue
    for (const byte of piece) {
      if (byte === nul) return { row, column }
      if (byte === tab) column += 1
      else if (byte === lineFeed) {
        row += 1
        column = 0
      }
    }
  }
  return undefined
}
