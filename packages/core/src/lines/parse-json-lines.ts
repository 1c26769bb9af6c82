import { DltError } from '@dlt/schema'
import { lineChunks } from './line-chunks.ts'
import type { TextLines } from './text-lines.ts'

const chunkBytes = 1 << 20

/**
 * The documents of JSON Lines, one a line; a line that is no object is the document `{ value }`.
 * Integers beyond 2^53 are `bigint`, so that no digit is lost.
 * @throws DltError `DATA` naming file and line for a line that is not JSON
 */
export async function* parseJsonLines(lines: TextLines): AsyncGenerator<object, void, undefined> {
  for await (const chunk of lineChunks(lines.open(), chunkBytes)) {
    const text = decode(chunk.bytes, lines.label, chunk.firstLine)
    const parse = longNumber.test(text) ? parseLosslessly : (line: string): unknown => JSON.parse(line)
    let lineNumber = chunk.firstLine
    for (const line of text.split('\n')) {
      if (line.trim() !== '') yield documentOf(parseLine(line, parse, lines.label, lineNumber))
      lineNumber++
    }
  }
}

// As an item, a list would be several rows and null none.
function documentOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value }
}

// Sixteen digits in a row are the shortest integers that a number may not hold.
const longNumber = /\d{16}/

function decode(bytes: Uint8Array, file: string, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new DltError(`"${file}", from line ${line}: the text is not UTF-8. Convert the file to UTF-8.`, {
      code: 'DATA',
      context: { file, line },
      cause: error,
    })
  }
}

function parseLine(text: string, parse: (line: string) => unknown, file: string, line: number): unknown {
  try {
    return parse(text)
  } catch {
    // The parser's own message quotes the text, and so the data.
    throw new DltError(`"${file}", line ${line}: the line is not valid JSON. Correct or remove it.`, {
      code: 'DATA',
      context: { file, line },
    })
  }
}

// The third parameter, the source text of a number, is newer than the types of the language version in use.
const parseWithSource: (
  text: string,
  revive: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
) => unknown = JSON.parse

function parseLosslessly(line: string): unknown {
  return parseWithSource(line, (_key, value, context) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
    const source = context?.source ?? ''
    return /^-?\d+$/.test(source) ? BigInt(source) : value
  })
}
