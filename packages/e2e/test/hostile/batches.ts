import { env } from 'node:process'
import { expect, test } from 'vitest'
import { type Random, randomFrom } from './random-documents.ts'

const { HOSTILE_DOCUMENTS = '4000', HOSTILE_SEED = '1' } = env

/** How many documents are played. */
export const total: number = Number(HOSTILE_DOCUMENTS)
/** What all batches follow from. */
export const seed: number = Number(HOSTILE_SEED)
/** Documents in a batch. */
export const perBatch: number = Math.min(total, 20_000)

const batches = Math.ceil(total / perBatch)
/** No batch takes longer than this, in milliseconds. */
const bound = 120_000

/** The source of a batch's documents, the same each time. */
export function randomOf(batch: number): Random {
  return randomFrom(seed * 1_000_003 + batch)
}

/** Rows of a page: documents meet others in pages of many sizes. */
export function pageRowsOf(batch: number): number {
  return [1000, 37, 5000, 250][batch % 4] ?? 1000
}

/** A test that plays all batches, each within the time that it may take. */
export function testBatches(title: string, play: (batch: number) => void | Promise<void>): void {
  test(`${total} hostile documents ${title}`, { timeout: batches * bound }, async () => {
    for (let batch = 0; batch < batches; batch++) {
      const startedAt = performance.now()
      try {
        await play(batch)
      } catch (error) {
        throw new Error(`Batch ${batch} of seed ${seed}`, { cause: error })
      }
      expect(performance.now() - startedAt, `batch ${batch}`).toBeLessThan(bound)
      if (batches > 1 && batch % 10 === 9) console.log(`${(batch + 1) * perBatch} of ${total} documents ${title}`)
    }
  })
}
