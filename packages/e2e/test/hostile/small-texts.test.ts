import { env } from 'node:process'
import { createShredder, encodePage, type Shredder, shredJsonLines } from '@dlt/normalize-json'
import { expect, test } from 'vitest'
import { HostilePipeline } from './hostile-pipeline.ts'
import { jsonOf } from './json-of.ts'
import { hostileDocuments, randomFrom } from './random-documents.ts'

const { HOSTILE_DOCUMENTS = '4000', HOSTILE_SEED = '1' } = env
const total = Number(HOSTILE_DOCUMENTS)
const seed = Number(HOSTILE_SEED)
const perBatch = Math.min(total, 20_000)
const batches = Math.ceil(total / perBatch)
/** No batch takes longer than this, in milliseconds. */
const bound = 120_000

/** The documents of a batch as JSON, the same each time. */
function batch(number: number): readonly string[] {
  const random = randomFrom(seed * 1_000_003 + number)
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

test(`${total} hostile documents as text make the same pages as rows`, { timeout: batches * bound }, () => {
  for (let number = 0; number < batches; number++) {
    const startedAt = performance.now()
    const lines = batch(number)
    const pageRows = [1000, 37, 5000, 250][number % 4] ?? 1000
    const maxNesting = [1000, 2, 1000, 0, 1][number % 5] ?? 1000
    for (let first = 0; first < lines.length; first += pageRows) {
      const some = lines.slice(first, first + pageRows)
      const rows = pageOf(maxNesting, (shredder) => {
        for (const line of some) shredder.add(parsed(line))
      })
      const text = pageOf(maxNesting, (shredder) => {
        shredJsonLines(Buffer.from(some.join('\n')), shredder, { file: 'hostile', firstLine: 1 })
      })
      expect(text.equals(rows), `batch ${number}, from document ${first}`).toBe(true)
    }
    expect(performance.now() - startedAt, `batch ${number}`).toBeLessThan(bound)
  }
})

test('most of them are scanned and not parsed', () => {
  const shredder = createShredder({ maxNesting: 1000 })
  const lines = batch(0)
  const scanned = lines.filter((line) => shredder.addText(Buffer.from(line), 0, Buffer.byteLength(line)))
  expect(scanned.length).toBeGreaterThan(0.5 * lines.length)
  expect(scanned.length).toBeLessThan(lines.length)
})

test(`${total} hostile documents are loaded as text`, { timeout: batches * bound }, async () => {
  for (let number = 0; number < batches; number++) {
    const startedAt = performance.now()
    await using pipeline = await HostilePipeline.create('text')
    try {
      await pipeline.loadJson(batch(number))
    } catch (error) {
      throw new Error(`Batch ${number} of seed ${seed}`, { cause: error })
    }
    expect(await pipeline.query('SELECT count(*) FROM items'), `batch ${number}`).toEqual([[BigInt(perBatch)]])
    expect(performance.now() - startedAt, `batch ${number}`).toBeLessThan(bound)
    if (batches > 1 && number % 10 === 9) console.log(`${(number + 1) * perBatch} of ${total} documents are loaded`)
  }
})
