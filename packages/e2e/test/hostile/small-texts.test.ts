import { createShredder, encodePage, type Shredder, shredJsonLines } from '@dlt/normalize-json'
import { expect, test } from 'vitest'
import { pageRowsOf, perBatch, randomOf, testBatches } from './batches.ts'
import { HostilePipeline } from './hostile-pipeline.ts'
import { jsonOf } from './json-of.ts'
import { hostileDocuments } from './random-documents.ts'

/** The documents of a batch as JSON, the same each time. */
function linesOf(batch: number): readonly string[] {
  const random = randomOf(batch)
  return hostileDocuments(random, perBatch).map((document) => jsonOf(document, random).trim())
}

// The third parameter, the source text of a number, is newer than the types of the language version in use.
const parseWithSource: (
  text: string,
  revive: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
) => unknown = JSON.parse

function parsed(line: string): unknown {
  return parseWithSource(line, (_key, value, { source = '' } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value,
  )
}

function pageOf(maxNesting: number, add: (shredder: Shredder) => void): Buffer {
  const shredder = createShredder({ maxNesting })
  add(shredder)
  return Buffer.from(encodePage(shredder.takePage()))
}

testBatches('as text make the same pages as rows', (batch) => {
  const lines = linesOf(batch)
  const pageRows = pageRowsOf(batch)
  const maxNesting = [1000, 2, 1000, 0, 1][batch % 5] ?? 1000
  for (let first = 0; first < lines.length; first += pageRows) {
    const some = lines.slice(first, first + pageRows)
    const rows = pageOf(maxNesting, (shredder) => {
      for (const line of some) shredder.add(parsed(line))
    })
    const text = pageOf(maxNesting, (shredder) => {
      shredJsonLines(Buffer.from(some.join('\n')), shredder, { file: 'hostile', firstLine: 1 })
    })
    expect(text.equals(rows), `from document ${first}`).toBe(true)
  }
})

test('most of them are scanned and not parsed', () => {
  const shredder = createShredder({ maxNesting: 1000 })
  const lines = linesOf(0)
  const scanned = lines.filter((line) => shredder.addText(Buffer.from(line), 0, Buffer.byteLength(line)))
  expect(scanned.length).toBeGreaterThan(0.5 * lines.length)
  expect(scanned.length).toBeLessThan(lines.length)
})

testBatches('are loaded as text', async (batch) => {
  await using pipeline = await HostilePipeline.create('text')
  await pipeline.loadJson(linesOf(batch))
  expect(await pipeline.query('SELECT count(*) FROM items')).toEqual([[BigInt(perBatch)]])
})
