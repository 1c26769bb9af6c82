import { isUtf8 } from 'node:buffer'
import { DltError, parseExactly } from '@dlt/schema'
import type { Shredder } from './shredder.ts'

/** Where the lines come from, for error messages. */
export interface JsonLinesSource {
  readonly file: string
  /** Number of the first line of the bytes in the file, from 1. */
  readonly firstLine: number
}

const newline = 10
const carriageReturn = 13

/**
 * Adds the documents of JSON Lines text to a shredder, one a line; a line that is no object is the document `{ value }`.
 * Blank lines are passed over, a line may end with CR LF, and the last one needs no end. Integers beyond 2^53 keep their digits.
 *
 * @param bytes whole lines in UTF-8, without the byte order mark that a file may begin with.
 * @throws DltError `DATA` with file and line, but nothing of its content, for a line that is no JSON or no UTF-8.
 */
export function shredJsonLines(bytes: Uint8Array, shredder: Shredder, source: JsonLinesSource): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isUtf8(bytes)) throw invalidUtf8(text, source)
  let start = 0
  for (let line = source.firstLine; start < text.length; line++) {
    const newlineAt = text.indexOf(newline, start)
    const end = newlineAt === -1 ? text.length : newlineAt
    const contentEnd = end > start && text[end - 1] === carriageReturn ? end - 1 : end
    shredLine(text, start, contentEnd, shredder, { file: source.file, firstLine: line })
    start = end + 1
  }
}

function shredLine(bytes: Buffer, start: number, end: number, shredder: Shredder, place: JsonLinesSource): void {
  if (atPlace(place, () => shredder.addText(bytes, start, end))) return
  const text = bytes.toString('utf8', start, end)
  if (isBlank(text)) return
  const document = parseLine(text, place)
  atPlace(place, () => shredder.add(document))
}

function atPlace<Result>(place: JsonLinesSource, add: () => Result): Result {
  try {
    return add()
  } catch (error) {
    throw atLine(error, place)
  }
}

function atLine(error: unknown, { file, firstLine }: JsonLinesSource): unknown {
  if (!DltError.is(error)) return error
  const message = `${error.message} It stands in "${file}", line ${firstLine}.`
  return new DltError(message, { code: error.code, context: { ...error.context, file, line: firstLine }, cause: error })
}

function isBlank(text: string): boolean {
  return text === '' || text.trim() === ''
}

function parseLine(text: string, place: JsonLinesSource): unknown {
  try {
    return parseExactly(text)
  } catch (cause) {
    throw invalidLine('JSON', place, reason(cause))
  }
}

/** What the parser says, without what it quotes of the line. */
function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : ''
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return `character ${Number(position) + 1} is not expected there`
  return message.includes('end of JSON') ? 'the line ends too early' : 'the line is not a JSON value'
}

function invalidUtf8(text: Buffer, source: JsonLinesSource): DltError {
  let start = 0
  for (let line = source.firstLine; ; line++) {
    const newlineAt = text.indexOf(newline, start)
    const end = newlineAt === -1 ? text.length : newlineAt
    if (newlineAt === -1 || !isUtf8(text.subarray(start, end))) {
      return invalidLine('UTF-8', { file: source.file, firstLine: line }, 'the line has bytes of another encoding')
    }
    start = end + 1
  }
}

function invalidLine(what: string, { file, firstLine }: JsonLinesSource, why: string): DltError {
  const message = `Invalid ${what} in "${file}", line ${firstLine}: ${why}. Correct the line, or remove it from the file.`
  return new DltError(message, { code: 'DATA', context: { file, line: firstLine } })
}
