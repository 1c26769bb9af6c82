import { createShredder } from '@dlt/normalize-json'
import { DltError } from '@dlt/schema'
import { expect, test } from 'vitest'
import { pageRowsOf, perBatch, randomOf, seed, testBatches } from './batches.ts'
import { HostilePipeline } from './hostile-pipeline.ts'
import { normalizeInProcess } from './normalize-in-process.ts'
import { hostileDocuments, randomFrom } from './random-documents.ts'

/** The documents of a batch, the same each time. */
function documentsOf(batch: number): readonly object[] {
  return hostileDocuments(randomOf(batch), perBatch)
}

testBatches('are normalized', (batch) => {
  const { rows } = normalizeInProcess(documentsOf(batch), pageRowsOf(batch))
  expect(rows).toBe(perBatch)
})

testBatches('are loaded', async (batch) => {
  await using pipeline = await HostilePipeline.create()
  await pipeline.load(documentsOf(batch))
  expect(await pipeline.query('SELECT count(*) FROM items')).toEqual([[BigInt(perBatch)]])
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
