import { expect, test } from 'vitest'
import { callEvents, outsideEvents, stepEvents } from './events.ts'
import { documentedCells, packageStates } from './states-document.ts'

test.each([
  ['Steps', Object.keys(stepEvents)],
  ['Calls', Object.keys(callEvents)],
  ['From outside', Object.keys(outsideEvents)],
] as const)('the table "%s" has each state and each event once', (section, events) => {
  const cells = documentedCells(section, events).map(({ state, event }) => `${state}, ${event}`)
  const expected = packageStates.flatMap((state) => events.map((event) => `${state}, ${event}`))
  expect(cells).toEqual(expected)
})
