import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestName } from '../../src/options/nearest-name.ts'

const known = ['cursorPath', 'initialValue', 'lag', 'issues', 'pull_requests']

describe('the nearest name', () => {
  it.each([
    ['cursorpath', 'cursorPath'],
    ['cursor_path', 'cursorPath'],
    ['cursorPth', 'cursorPath'],
    ['initalValeu', 'initialValue'],
    ['isues', 'issues'],
    ['issue', 'issues'],
    ['lgg', 'lag'],
    ['pullrequests', 'pull_requests'],
    ['pull_request', 'pull_requests'],
    ['log', 'lag'],
    ['xyz', undefined],
    ['events', undefined],
    ['', undefined],
  ])('of %j is %j', (name, nearest) => {
    expect(nearestName(name, known)).toBe(nearest)
  })

  it('is the first of several that are as near', () => {
    expect(nearestName('bat', ['cat', 'rat'])).toBe('cat')
  })

  it('is none where nothing is known', () => {
    expect(nearestName('lag', [])).toBeUndefined()
  })

  it('of a known name is that name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), (name) => {
        expect(nearestName(name, known)).toBe(name)
      }),
    )
  })

  it('is found with a letter missing', () => {
    const long = known.filter((name) => name.length > 3)
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat({ max: 20 }), (name, at) => {
        const position = at % name.length
        expect(nearestName(name.slice(0, position) + name.slice(position + 1), known)).toBe(name)
      }),
    )
  })
})
