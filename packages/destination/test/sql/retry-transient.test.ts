import { expect, it } from 'vitest'
import { DestinationError } from '../../src/index.ts'
import { retryTransient } from '../../src/sql/index.ts'

const policy = { attempts: 3, firstPause: 1, longestPause: 2 }

const failing = (times: number, error: unknown) => {
  let calls = 0
  return {
    run: async (): Promise<number> => {
      calls += 1
      if (calls <= times) throw error
      return calls
    },
    calls: () => calls,
  }
}
const transient = new DestinationError('conflict', { kind: 'transient' })

it('tries again while the error is transient', async () => {
  expect(await retryTransient(failing(2, transient).run, policy)).toBe(3)
})

it('gives up after the last attempt, with the last error', async () => {
  const work = failing(9, transient)
  await expect(retryTransient(work.run, policy)).rejects.toBe(transient)
  expect(work.calls()).toBe(3)
})

it.each([
  new DestinationError('no', { kind: 'terminal' }),
  new DestinationError('no', { kind: 'undefined-entity' }),
  new Error('no'),
])('does not try again: %s', async (error) => {
  const work = failing(9, error)
  await expect(retryTransient(work.run, policy)).rejects.toBe(error)
  expect(work.calls()).toBe(1)
})
