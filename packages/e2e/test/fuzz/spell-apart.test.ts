import type { JsonValue } from '@dlt/schema'
import { expect, test } from 'vitest'
import { differingParts, partsOf } from '../fixtures/compare-parts.ts'
import type { FixtureCase } from '../fixtures/recorded-case.ts'
import { runCase } from '../fixtures/run-case.ts'
import { spellApart } from './spell-apart.ts'

function caseOf(...data: readonly JsonValue[]): FixtureCase {
  return { name: 'test', about: 'names that meet', runs: [{ resources: [{ name: 'items', data }] }] }
}

async function apartFrom(fixture: FixtureCase): Promise<FixtureCase | undefined> {
  return spellApart(fixture, await runCase(fixture), 0)
}

test('documents without collisions stay as they are', async () => {
  expect(await apartFrom(caseOf({ a: 1, b: [{ A: 1 }] }))).toBeUndefined()
})

test('every path to a name that was lost gets a name of its own', async () => {
  const tagged = { $bigint: '5' }
  const fixture = caseOf({ userName: 1, user_name: tagged, a: { user_name: 2 }, l: [{ 'user name': [3] }], other: 4 })
  expect(await apartFrom(fixture)).toEqual(
    caseOf({ apart0x0: 1, apart0x1: tagged, a: { user_name: 2 }, l: [{ apart0x2: [3] }], other: 4 }),
  )
})

test('paths of one key at several depths are told apart', async () => {
  const fixture = caseOf({ d: [{ d: [{}] }] }, { d: { d: [{}] } })
  expect(await apartFrom(fixture)).toEqual(caseOf({ d: [{ apart0x0: [{}] }] }, { d: { apart0x1: [{}] } }))
})

test('a list in a list that meets a key is told apart by that key', async () => {
  const fixture = caseOf({ x: [[1]] }, { x: { List: [1] } })
  expect(await apartFrom(fixture)).toEqual(caseOf({ x: [[1]] }, { x: { apart0x0: [1] } }))
  const other = caseOf({ x: { List: [1] } }, { x: [[1]] })
  expect(await apartFrom(other)).toEqual(caseOf({ x: { apart0x0: [1] } }, { x: [[1]] }))
})

test('lists that meet are spelled apart, and what comes out is a case without collisions', async () => {
  const fixture = caseOf({ L: [{ x: 1 }], l: [{ x: 2 }] }, { v: [1, { Value: 2 }] })
  const apart = await apartFrom(fixture)
  if (apart === undefined) throw new Error('The names do not meet.')
  const here = await runCase(apart)
  expect(spellApart(apart, here, 1)).toBeUndefined()
  expect(Object.keys(here.tables ?? {})).toEqual(
    expect.arrayContaining(['items__apart0x0', 'items__apart0x1', 'items__v']),
  )
  expect(differingParts(partsOf(await runCase(fixture)), partsOf(here))).not.toEqual({})
})
