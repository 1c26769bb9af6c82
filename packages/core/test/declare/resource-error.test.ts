import { DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { afterItems, resourceError } from '../../src/declare/resource-error.ts'

const items = resource({ name: 'items' }, [])
const nothingStored = 'Nothing of this run was stored; run again when the cause is removed.'

describe('the error of a resource whose own code failed', () => {
  it.each([
    ['the API is down', 'Error: the API is down.'],
    ['The API is down.', 'Error: The API is down.'],
    ['The API is down. Try again later.\n', 'Error: The API is down. Try again later.'],
    ['down!', 'Error: down!'],
    ['Is it down?', 'Error: Is it down?'],
    ['down (503)', 'Error: down (503).'],
    ['', 'Error.'],
    [' \n', 'Error.'],
  ])('because of %j is one sentence and the remedy', (message, sentence) => {
    const cause = new Error(message)
    const error = resourceError(items, cause, afterItems(2))
    expect(error.message).toBe(`Resource "items" failed after 2 items: ${sentence} ${nothingStored}`)
    expect([error.code, error.context, error.cause]).toEqual(['DATA', { resource: 'items' }, cause])
  })

  it.each([
    [0, '0 items'],
    [1, '1 item'],
    [2, '2 items'],
  ])('after %i items says so', (count, text) => {
    expect(resourceError(items, new TypeError('x'), afterItems(count)).message).toBe(
      `Resource "items" failed after ${text}: TypeError: x. ${nothingStored}`,
    )
  })

  it('shows nothing of what is no Error', () => {
    const error = resourceError(items, 'secret', afterItems(1))
    expect(error.message).toBe(
      `Resource "items" failed after 1 item: something that is no Error was thrown. ${nothingStored}`,
    )
  })
})

describe('an error of the system within a resource', () => {
  const cause = new DltError('No such file.', { code: 'CONFIGURATION', retryable: true, context: { file: 'a' } })

  it('gets the name of the resource', () => {
    const error = resourceError(items, cause, afterItems(5))
    expect(error.message).toBe('Resource "items": No such file.')
    expect([error.code, error.retryable, error.context, error.cause]).toEqual([
      'CONFIGURATION',
      true,
      { file: 'a', resource: 'items' },
      cause,
    ])
  })

  it('that has one already stays as it is', () => {
    const named = resourceError(items, cause, afterItems(5))
    expect(resourceError(resource({ name: 'other' }, []), named, afterItems(1))).toBe(named)
  })
})
