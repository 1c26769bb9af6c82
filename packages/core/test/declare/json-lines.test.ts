import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { DltError } from '@dlt/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonLines } from '../../src/declare/json-lines.ts'
import type { JsonLinesInput } from '../../src/lines/json-lines-input.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlt-lines-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function read(input: JsonLinesInput, name = 'lines'): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of jsonLines(input, { name })) items.push(item)
  return items
}

async function failure(work: Promise<unknown> | (() => unknown)): Promise<DltError> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('no error was thrown')
}

const text = '{"id":1}\n\n{"id":2}\r\n{"id":3}'
const documents = [{ id: 1 }, { id: 2 }, { id: 3 }]

describe('input', () => {
  it('is a path, a file URL as object or text', async () => {
    const path = await file('a.jsonl', text)
    expect(await read(path)).toEqual(documents)
    expect(await read(pathToFileURL(path))).toEqual(documents)
    expect(await read(pathToFileURL(path).href)).toEqual(documents)
  })

  it('is a Node stream of bytes or text, or a web stream', async () => {
    expect(await read(Readable.from([Buffer.from(text)]))).toEqual(documents)
    expect(await read(Readable.from(['{"id"', ':1}\n{"id":2}\n{"id":3}']))).toEqual(documents)
    expect(await read(new Blob([text]).stream())).toEqual(documents)
  })

  it('may be compressed, whatever it is called, also in several members', async () => {
    expect(await read(await file('a.jsonl.gz', gzipSync(text)))).toEqual(documents)
    expect(await read(await file('compressed.jsonl', gzipSync(text)))).toEqual(documents)
    const many = Array.from({ length: 20_000 }, (_, id) => ({ id: hash('sha256', String(id)) }))
    const manyLines = many.map((document) => JSON.stringify(document)).join('\n')
    expect(await read(await file('many.jsonl', manyLines))).toEqual(many)
    expect(await read(await file('many.jsonl.gz', gzipSync(manyLines)))).toEqual(many)
    expect(await read(Readable.from([gzipSync('{"id":1}\n'), gzipSync('{"id":2}\n{"id":3}')]))).toEqual(documents)
  })

  it('may be empty', async () => {
    expect(await read(await file('empty.jsonl', ''))).toEqual([])
    expect(await read(Readable.from([]))).toEqual([])
  })

  it('may begin with a byte order mark', async () => {
    expect(await read(await file('mark.jsonl', `\ufeff${text}`))).toEqual(documents)
  })

  it('may be a path that can be read again; a stream cannot', async () => {
    const path = await file('b.jsonl', text)
    const fromPath = jsonLines(path)
    for (let round = 0; round < 2; round++) {
      const items: unknown[] = []
      for await (const item of fromPath) items.push(item)
      expect(items).toEqual(documents)
    }
    const fromStream = jsonLines(Readable.from([text]), { name: 'lines' })
    const all = async (): Promise<void> => {
      for await (const _ of fromStream);
    }
    await all()
    expect((await failure(all())).message).toBe(
      'The stream was read before. Make a new one for each run, or pass the path of a file.',
    )
  })
})

describe('names', () => {
  it('are those of the file without its extensions', () => {
    expect(jsonLines('/data/events.jsonl').name).toBe('events')
    expect(jsonLines('events.2024.jsonl.gz').name).toBe('events')
    expect(jsonLines('file:///data/events.jsonl').name).toBe('events')
    expect(jsonLines(new URL('file:///data/my%20events.jsonl')).name).toBe('my events')
    expect(jsonLines('.hidden').name).toBe('.hidden')
    expect(jsonLines('events.jsonl', { name: 'other' }).name).toBe('other')
  })

  it('must be given for streams', async () => {
    expect(jsonLines(Readable.from([]), { tableName: 'events' }).name).toBe('events')
    expect((await failure(() => jsonLines(Readable.from([])))).message).toBe(
      "A stream of JSON Lines has no name. Give one: dlt.jsonLines(stream, { name: 'events' }).",
    )
  })
})

describe('numbers', () => {
  it('keep their digits', async () => {
    const lines = [
      '{"small":1,"negative":-5,"fraction":1.5,"exponent":1e3}',
      '{"big":9007199254740993,"bigger":-123456789012345678901234567890,"list":[18446744073709551615]}',
      '{"long fraction":0.1234567890123456789,"text":"1234567890123456789"}',
      '9007199254740993',
    ]
    expect(await read(await file('numbers.jsonl', lines.join('\n')))).toEqual([
      { small: 1, negative: -5, fraction: 1.5, exponent: 1000 },
      { big: 9007199254740993n, bigger: -123456789012345678901234567890n, list: [18446744073709551615n] },
      { 'long fraction': 0.12345678901234568, text: '1234567890123456789' },
      { value: 9007199254740993n },
    ])
  })

  it('at the limits of exact integers are numbers up to it and bigint beyond', async () => {
    const lines = '9007199254740991\n-9007199254740991\n9007199254740992'
    expect(await read(await file('limits.jsonl', lines))).toEqual([
      { value: 9007199254740991 },
      { value: -9007199254740991 },
      { value: 9007199254740992n },
    ])
  })
})

describe('lines that are no objects', () => {
  it('are one item each, with the field "value"', async () => {
    const lines = '[{"a":1},{"a":2}]\n[1,2]\n[]\n"x"\nnull\nfalse\n{"value":[3]}'
    expect(await read(await file('values.jsonl', lines))).toEqual([
      { value: [{ a: 1 }, { a: 2 }] },
      { value: [1, 2] },
      { value: [] },
      { value: 'x' },
      { value: null },
      { value: false },
      { value: [3] },
    ])
  })
})

describe('bad input', () => {
  it('is a second byte order mark', async () => {
    const path = await file('marks.jsonl', `\ufeff\ufeff${text}`)
    expect((await failure(read(path))).message).toBe(
      `"${path}", line 1: the line is not valid JSON. Correct or remove it.`,
    )
  })

  it('names file and line of a line that is not JSON, and quotes nothing of it', async () => {
    const path = await file('bad.jsonl', '{"id":1}\n\n{"id":2, canary}\n{"id":3}')
    const error = await failure(read(path))
    expect(error.code).toBe('DATA')
    expect(error.message).toBe(`"${path}", line 3: the line is not valid JSON. Correct or remove it.`)
    expect(error.context).toEqual({ file: path, line: 3 })
    expect(error.cause).toBeUndefined()
  })

  it('gives the items before the bad line', async () => {
    const items: unknown[] = []
    const lines = jsonLines(Readable.from(['{"id":1}\n{"id":\n']), { name: 'lines' })
    const all = async (): Promise<void> => {
      for await (const item of lines) items.push(item)
    }
    expect((await failure(all())).message).toBe(
      '"lines (stream)", line 2: the line is not valid JSON. Correct or remove it.',
    )
    expect(items).toEqual([{ id: 1 }])
  })

  it('says that text is not UTF-8', async () => {
    const path = await file('latin.jsonl', Buffer.from('{"name":"é"}', 'latin1'))
    expect((await failure(read(path))).message).toBe(
      `"${path}", from line 1: the text is not UTF-8. Convert the file to UTF-8.`,
    )
  })

  it('says which file is missing', async () => {
    const path = join(folder, 'missing.jsonl')
    const error = await failure(read(path))
    expect(error.message).toBe(
      `"${path}" cannot be read: ENOENT: no such file or directory, open '${path}'. Check that it exists, is readable and complete.`,
    )
  })

  it('says which compressed file is damaged or cut off', async () => {
    const whole = gzipSync(Buffer.from(text.repeat(1000)))
    const path = await file('cut.jsonl.gz', whole.subarray(0, whole.length - 10))
    expect((await failure(read(path))).message).toBe(
      `"${path}" cannot be read: unexpected end of file. Check that it exists, is readable and complete.`,
    )
  })

  it('passes on what went wrong in a stream', async () => {
    const failing = Readable.from(
      (function* () {
        yield '{"id":1}\n'
        throw new Error('connection lost')
      })(),
    )
    expect((await failure(read(failing))).message).toBe(
      '"lines (stream)" cannot be read: connection lost. Check that it exists, is readable and complete.',
    )
  })

  it('refuses URLs that are no files, and whatever is no input', async () => {
    expect((await failure(() => jsonLines('https://example.org/a.jsonl'))).message).toBe(
      'dlt.jsonLines reads files and streams, not "https://" URLs. Open it yourself and pass the stream, for instance dlt.jsonLines((await fetch(url)).body, { name: \'items\' }).',
    )
    const wrong: unknown = 1
    expect((await failure(() => jsonLines(wrong as string, { name: 'a' }))).message).toBe(
      'dlt.jsonLines was given neither a path nor a stream. Pass the path of a file, a file: URL, a Readable or a ReadableStream.',
    )
  })

  it('refuses a stream of objects', async () => {
    expect((await failure(read(Readable.from([{ id: 1 }])))).message).toBe(
      'A stream of JSON Lines gave something else than bytes or text. Pass a stream of bytes.',
    )
  })
})
