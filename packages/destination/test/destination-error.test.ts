import { DltError } from '@dlt/schema'
import { expect, it } from 'vitest'
import { DestinationError, normalizeDatasetName } from '../src/index.ts'

it.each([
  ['transient', true],
  ['terminal', false],
  ['undefined-entity', false],
] as const)('of kind %s may be tried again: %s', (kind, retryable) => {
  const error = new DestinationError('words', { kind, context: { table: 'items' } })
  expect(error).toMatchObject({ code: 'DESTINATION', kind, retryable, message: 'words', context: { table: 'items' } })
  expect(DestinationError.is(error)).toBe(true)
  expect(DestinationError.is(error, kind)).toBe(true)
  expect(DestinationError.is(error, kind === 'terminal' ? 'transient' : 'terminal')).toBe(false)
})

it.each([
  new DltError('words', { code: 'DESTINATION' }),
  new DltError('words', { code: 'DATA' }),
  new Error('words'),
  undefined,
])('is told from other errors: %s', (value) => {
  expect(DestinationError.is(value)).toBe(false)
})

it.each([
  ['MyData_', 'my_datax'],
  ['events', 'events'],
  ['2024 events', '_2024_events'],
])('normalizes the name of dataset "%s" as "%s"', (datasetName, name) => {
  expect(normalizeDatasetName({ datasetName }, { maxLength: 63, caseSensitive: true })).toBe(name)
})

it('shortens the name of a dataset to what the destination allows', () => {
  const name = normalizeDatasetName({ datasetName: 'x'.repeat(100) }, { maxLength: 63, caseSensitive: true })
  expect(name).toHaveLength(63)
})

it.each(['', '  '])('refuses the name "%s"', (datasetName) => {
  expect(() => normalizeDatasetName({ datasetName }, { maxLength: 63, caseSensitive: true })).toThrow(
    `Nothing is left of the dataset name "${datasetName}" as an identifier. Choose another dataset name.`,
  )
})
