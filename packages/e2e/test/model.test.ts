import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { steps } from './model/step-arbitrary.ts'
import { World } from './model/world.ts'

/** How many sequences, and of which seed: both can be set, for longer searches, which make a sequence that fails as short as they can. */
const numRuns = Number(process.env['DLT_MODEL_RUNS'] ?? 100)
const seed = Number(process.env['DLT_MODEL_SEED'] ?? 20_240_501)

describe('any sequence of runs', () => {
  test('leaves in the tables what a model of them says', { timeout: numRuns * 20_000 }, async () => {
    const property = fc.asyncProperty(steps, async (sequence) => {
      using world = new World()
      for (const step of sequence) {
        await world.perform(step)
        expect(await world.content()).toEqual(world.expected)
      }
      await world.finish()
      expect(await world.content()).toEqual(world.expected)
    })
    await fc.assert(property, { numRuns, seed, endOnFailure: numRuns <= 300 })
  })
})
