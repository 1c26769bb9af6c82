import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineChunks } from '../../src/lines/line-chunks.ts'
import type { LineChunk } from '../../src/lines/text-lines.ts'

async function cut(pieces: readonly Uint8Array[], chunkBytes: number): Promise<LineChunk[]> {
  const chunks: LineChunk[] = []
  let last: Uint8Array | undefined
  for await (const chunk of lineChunks(stream(pieces), chunkBytes)) {
    // The one before is still being written.
    if (last !== undefined) expect(Buffer.from(last)).toEqual(chunks.at(-1)?.bytes)
    last = chunk.bytes
    chunks.push({ ...chunk, bytes: Buffer.from(chunk.bytes) })
  }
  return chunks
}

/** Pieces that are gone when the next one is asked for. */
async function* stream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    const lent = Buffer.from(piece)
    yield lent
    lent.fill('!')
  }
}

function pieces(text: string, size: number): Uint8Array[] {
  const bytes = Buffer.from(text)
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

const line = fc.constantFrom('', ' ', '\t', '\r', '{"a":1}', '{"a":1}\r', '"żółć"', '[1,2,3,4,5,6,7,8,9,10,11,12]')
const isRow = (text: string): boolean => text.trim() !== ''

describe('line chunks', () => {
  it('hold all rows with their line numbers, however the text arrives and is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        async (lines, endsWithNewline, pieceBytes, chunkBytes) => {
          const text = lines.join('\n') + (endsWithNewline ? '\n' : '')
          const chunks = await cut(pieces(text, pieceBytes), chunkBytes)
          const found = chunks.flatMap(({ bytes, firstLine, rowCount }) => {
            const rows = Buffer.from(bytes)
              .toString()
              .split('\n')
              .map((content, index) => ({ content, number: firstLine + index }))
              .filter(({ content }) => isRow(content))
            expect(rows.length).toBe(rowCount)
            return rows
          })
          const expected = text
            .split('\n')
            .map((content, index) => ({ content, number: index + 1 }))
            .filter(({ content }) => isRow(content))
          expect(found).toEqual(expected)
        },
      ),
    )
  })

  it('have about the wanted size; only one long line makes a longer chunk', async () => {
    const lines = ['{"a":1}', '{"a":2}', `{"a":"${'x'.repeat(100)}"}`, '{"a":3}', '{"a":4}']
    const chunks = await cut(pieces(lines.join('\n'), 7), 20)
    expect(chunks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
      '{"a":1}\n{"a":2}\n',
      `${lines[2]}\n`,
      '{"a":3}\n{"a":4}',
    ])
    expect(chunks.map(({ firstLine }) => firstLine)).toEqual([1, 3, 4])
  })

  it('leave out a byte order mark, also one that arrives byte by byte', async () => {
    const chunks = await cut(pieces('\ufeff{"a":1}\n', 1), 100)
    expect(chunks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['{"a":1}\n'])
  })

  it('are none for nothing and for white space', async () => {
    expect(await cut([], 10)).toEqual([])
    expect(await cut([Buffer.from('\n \r\n\n')], 2)).toEqual([])
  })
})
