import { pipeline, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import { DltError } from '@dlt/schema'
import { filePieces } from '../packages/file-pieces.ts'
import type { TextLines } from './text-lines.ts'

/** Where JSON Lines come from: a path, a `file:` URL, a Node stream or a web stream of bytes (or text). */
export type JsonLinesInput = string | URL | Readable | ReadableStream<Uint8Array>

/**
 * The text of an input. A path is opened for each reading; a stream can be read once. Gzip is recognised by its first bytes.
 *
 * @param name what to call a stream in errors
 */
export function textLines(input: JsonLinesInput, name: string): TextLines {
  if (typeof input === 'string' || input instanceof URL) return fileLines(filePath(input))
  if (input instanceof Readable || input instanceof ReadableStream) return streamLines(input, `${name} (stream)`)
  throw new DltError(
    'dlt.jsonLines was given neither a path nor a stream. Pass the path of a file, a file: URL, a Readable or a ReadableStream.',
    { code: 'CONFIGURATION' },
  )
}

function filePath(input: string | URL): string {
  const url = typeof input === 'string' && /^[a-z][a-z\d+.-]+:\/\//i.test(input) ? new URL(input) : input
  if (typeof url === 'string') return url
  if (url.protocol === 'file:') return fileURLToPath(url)
  throw new DltError(
    `dlt.jsonLines reads files and streams, not "${url.protocol}//" URLs. Open it yourself and pass the stream, for instance dlt.jsonLines((await fetch(url)).body, { name: 'items' }).`,
    { code: 'UNSUPPORTED' },
  )
}

function fileLines(path: string): TextLines {
  return {
    label: path,
    open: () => named(filePieces(path), path),
  }
}

function streamLines(stream: Readable | ReadableStream<Uint8Array>, label: string): TextLines {
  let opened = false
  return {
    label,
    open: () => {
      if (opened) {
        throw new DltError('The stream was read before. Make a new one for each run, or pass the path of a file.', {
          code: 'DATA',
        })
      }
      opened = true
      return named(pieces(stream), label)
    },
  }
}

// Errors of the file system and of gzip say neither which file nor what to do.
async function* named(
  source: AsyncGenerator<Uint8Array, void, undefined>,
  label: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* decompressed(source)
  } catch (error) {
    if (DltError.is(error)) throw error
    throw new DltError(`"${label}" cannot be read: ${reason(error)}. Check that it exists, is readable and complete.`, {
      code: 'DATA',
      context: { file: label },
      cause: error,
    })
  }
}

async function* pieces(source: Readable | ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of source) yield typeof piece === 'string' ? Buffer.from(piece) : bytesOf(piece)
}

function bytesOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece
  throw new DltError('A stream of JSON Lines gave something else than bytes or text. Pass a stream of bytes.', {
    code: 'DATA',
  })
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function* decompressed(
  source: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const head = await firstBytes(source, 2)
  const whole = prepend(head, source)
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole
    return
  }
  const gunzip = createGunzip()
  // Whoever reads `gunzip` gets the error, whichever of the two failed.
  pipeline(Readable.from(copies(whole)), gunzip, () => undefined)
  yield* pieces(gunzip)
}

/** Pieces that stay as they are: a stream has several at once. */
async function* copies(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) yield Buffer.from(piece)
}

async function firstBytes(pieces: AsyncIterator<Uint8Array>, wanted: number): Promise<Buffer> {
  let head = Buffer.alloc(0)
  while (head.length < wanted) {
    const result = await pieces.next()
    if (result.done === true) break
    head = Buffer.concat([head, result.value])
  }
  return head
}

async function* prepend(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (head.length > 0) yield head
  yield* rest
}
