import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { iteratePipes } from '../../src/pipe/iterate-pipes.ts'
import { expectedItems, modelResources, pipeModels } from './list-model.ts'
import { readResources, testRun } from './read-resources.ts'

const ascending = (items: readonly unknown[]): readonly number[] => items.map(Number).toSorted((a, b) => a - b)

describe('any pipes', () => {
  it('give each resource the items that lists would give', async () => {
    await fc.assert(
      fc.asyncProperty(pipeModels, async (model) => {
        const { order, maxParallel, maxConcurrency, room } = model
        const bound = maxConcurrency === undefined ? {} : { maxConcurrency }
        const { items } = await readResources(modelResources(model), { order, maxParallel, room, ...bound })
        expectedItems(model).forEach((expected, index) => {
          const found = items[`r${index}`] ?? []
          if (expected.isOrdered) expect(found).toEqual(expected.items)
          else expect(ascending(found)).toEqual(ascending(expected.items))
        })
      }),
      { numRuns: 500 },
    )
  }, 120_000)

  it('give a reader who iterates them the same items', async () => {
    await fc.assert(
      fc.asyncProperty(pipeModels, async (model) => {
        const { order, maxParallel } = model
        const inputs = modelResources(model).map((resource) => ({ resource, run: testRun(), isSelected: true }))
        const found: unknown[] = []
        for await (const item of iteratePipes(inputs, { order, maxParallel })) found.push(item)
        expect(ascending(found)).toEqual(ascending(expectedItems(model).flatMap(({ items }) => items)))
      }),
      { numRuns: 200 },
    )
  }, 120_000)

  it('come to their end when any function fails, with that error', async () => {
    await fc.assert(
      fc.asyncProperty(pipeModels, fc.nat({ max: 40 }), async (model, failsAt) => {
        let count = 0
        const failing = modelResources(model).map((resource) =>
          resource.addMap((item) => {
            if (count++ === failsAt) throw new RangeError('canary')
            return item
          }),
        )
        const reading = readResources(failing, { order: model.order, room: model.room })
        const outcome = await reading.then(
          () => 'read',
          (error: unknown) => error,
        )
        if (count > failsAt) expect(String(outcome)).toContain('RangeError: canary.')
        else expect(outcome).toBe('read')
      }),
      { numRuns: 200 },
    )
  }, 120_000)
})
