import { env } from 'node:process'
import { createShredder } from '@dlt/normalize-json'
import { DltError } from '@dlt/schema'
import { expect, test } from 'vitest'
import { HostilePipeline } from './hostile-pipeline.ts'
import { normalizeInProcess } from './normalize-in-process.ts'
import { hostileDocuments, randomFrom } from './random-documents.ts'

const { HOSTILE_DOCUMENTS = '4000', HOSTILE_SEED = '1' } = env
const total = Number(HOSTILE_DOCUMENTS)
const seed = Number(HOSTILE_SEED)
const perBatch = Math.min(total, 20_000)
const batches = Math.ceil(total / perBatch)
/** No batch takes longer than this, in milliseconds. */
const bound = 120_000

/** The documents of a batch, the same each time. */
function batch(number: number): readonly object[] {
  return hostileDocuments(randomFrom(seed * 1_000_003 + number), perBatch)
}

test(`${total} hostile documents are normalized`, { timeout: batches * bound }, () => {
  for (let number = 0; number < batches; number++) {
    const startedAt = performance.now()
    // Documents meet others in pages of many sizes.
    const pageRows = [1000, 37, 5000, 250][number % 4] ?? 1000
    const { rows } = normalizeInProcess(batch(number), pageRows)
    expect(rows, `batch ${number}`).toBe(perBatch)
    expect(performance.now() - startedAt, `batch ${number}`).toBeLessThan(bound)
  }
})

test(`${total} hostile documents are loaded`, { timeout: batches * bound }, async () => {
  for (let number = 0; number < batches; number++) {
    const startedAt = performance.now()
    await using pipeline = await HostilePipeline.create()
    try {
      await pipeline.load(batch(number))
    } catch (error) {
      throw new Error(`Batch ${number} of seed ${seed}`, { cause: error })
    }
    expect(await pipeline.query('SELECT count(*) FROM items'), `batch ${number}`).toEqual([[BigInt(perBatch)]])
    expect(performance.now() - startedAt, `batch ${number}`).toBeLessThan(bound)
    if (batches > 1 && number % 10 === 9) console.log(`${(number + 1) * perBatch} of ${total} documents are loaded`)
  }
})

test('what cannot be loaded is refused, wherever it stands in a document', () => {
  const random = randomFrom(seed)
  for (const document of hostileDocuments(random, 2000)) {
    const circular: { self?: unknown } = {}
    circular.self = [circular]
    const refused = [() => 1, Symbol('s'), circular, Promise.resolve(), new WeakMap()][Math.floor(random() * 5)]
    const shredder = createShredder({ maxNesting: 1000 })
    expect(errorOf(() => shredder.add({ before: document, list: [document, { refused }] }))).toBe('DATA')
  }
})

function errorOf(action: () => void): string {
  try {
    action()
  } catch (error) {
    if (DltError.is(error)) return error.code
    throw error
  }
  return 'none'
}
