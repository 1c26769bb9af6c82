import { expect, it } from 'vitest'
import { DestinationError } from '../../src/index.ts'
import { retryConflicts } from '../../src/sql/index.ts'

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
const conflict = new DestinationError('conflict', { kind: 'transient', conflict: true })

it('tries again while another transaction is in the way', async () => {
  expect(await retryConflicts(failing(2, conflict).run, policy)).toBe(3)
})

it('gives up after the last attempt, with the last error', async () => {
  const work = failing(9, conflict)
  await expect(retryConflicts(work.run, policy)).rejects.toBe(conflict)
  expect(work.calls()).toBe(3)
})

it.each([
  new DestinationError('no memory', { kind: 'transient' }),
  new DestinationError('no conflict', { kind: 'terminal', conflict: true }),
  new DestinationError('no', { kind: 'terminal' }),
  new DestinationError('no', { kind: 'undefined-entity' }),
  new Error('no'),
])('does not try again: %s', async (error) => {
  const work = failing(9, error)
  await expect(retryConflicts(work.run, policy)).rejects.toBe(error)
  expect(work.calls()).toBe(1)
})
