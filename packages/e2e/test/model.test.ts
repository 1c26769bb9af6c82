import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Step } from './model/step.ts'
import { steps } from './model/step-arbitrary.ts'
import { World } from './model/world.ts'

/** How many sequences, and of which seed: both can be set, for longer searches, which make a sequence that fails as short as they can. */
const numRuns = Number(process.env['DLT_MODEL_RUNS'] ?? 300)
const seed = Number(process.env['DLT_MODEL_SEED'] ?? 20_240_501)

async function expectAsModelled(sequence: readonly Step[]): Promise<void> {
  using world = new World()
  for (const step of sequence) {
    await world.perform(step)
    expect(await world.content()).toEqual(world.expected)
  }
  await world.finish()
  expect(await world.content()).toEqual(world.expected)
}

describe('any sequence of runs', () => {
  test('leaves in the tables what a model of them says', { timeout: numRuns * 20_000 }, async () => {
    await fc.assert(fc.asyncProperty(steps, expectAsModelled), { numRuns, seed, endOnFailure: numRuns <= 300 })
  })
})

describe('sequences that were found', () => {
  const items = [
    { id: 1, value: 0 },
    { id: 2, value: 1 },
  ]
  const switching = { pipeline: 'north', table: 'switching', items, startsBare: false } as const
  const unfinishedMerge = { ...switching, disposition: 'delete-insert', diesAt: 'before call load.commit' } as const

  test.each(['scd2', 'append', 'replace'] as const)(
    'a merge that dies when its tables are there, and a fresh start that knows nothing of root ids: %s',
    async (disposition) => {
      const merge = { ...switching, disposition: 'delete-insert' } as const
      await expectAsModelled([unfinishedMerge, { ...switching, disposition, startsBare: true }, merge])
    },
  )

  test('an upsert of a pipeline that never met a column keeps the values that another one wrote', async () => {
    const merged = { pipeline: 'north', table: 'items', disposition: 'insert-only', startsBare: false } as const
    await expectAsModelled([
      { ...merged, items: [{ id: 1, value: 0, amount: 2.5 }] },
      { ...merged, items: [{ id: 1, value: 1, note: 'a' }], pipeline: 'south', disposition: 'upsert' },
      { ...merged, items: [{ id: 1, value: 2 }], disposition: 'upsert', startsBare: true },
    ])
  })
})
