import { DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { Resource } from '../../src/declare/resource.ts'
import type { ResourceOptions } from '../../src/hints/resource-options.ts'

function failure(make: () => unknown): DltError {
  try {
    make()
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('no error was thrown')
}

describe('a resource', () => {
  it('is an immutable value, apart from the options that it was made with', () => {
    const options = { name: 'issues' }
    const issues = resource(options, [{ id: 1 }])
    options.name = 'changed'
    expect(issues.name).toBe('issues')
    expect(Object.isFrozen(issues)).toBe(true)
    expect(Object.isFrozen(issues.options)).toBe(true)
  })

  it('is recognised, and nothing else is', () => {
    expect(Resource.is(resource({ name: 'issues' }, []))).toBe(true)
    for (const other of [undefined, null, 1, 'text', {}, [], () => []]) expect(Resource.is(other)).toBe(false)
  })

  it('can be iterated without a pipeline, again and again', async () => {
    const issues = resource({ name: 'issues' }, async function* () {
      yield [{ id: 1 }, { id: 2 }]
      yield { id: 3 }
    })
    for (let round = 0; round < 2; round++) {
      const ids: number[] = []
      for await (const issue of issues) ids.push(issue.id)
      expect(ids).toEqual([1, 2, 3])
    }
  })

  it('needs a name', () => {
    const withoutName: unknown = {}
    expect(failure(() => resource(withoutName as ResourceOptions, [])).message).toBe(
      "A resource needs a name: dlt.resource({ name: 'issues' }, data).",
    )
    const blank = failure(() => resource({ name: ' ' }, []))
    expect([blank.code, blank.message]).toEqual([
      'IDENTIFIER',
      'The name of a resource is empty or white space: " ". Give it a name of letters and digits.',
    ])
  })

  it.each([-1, 1.5, Number.NaN])('refuses %s levels of nesting', (maxTableNesting) => {
    expect(failure(() => resource({ name: 'issues', maxTableNesting }, [])).message).toBe(
      'Resource "issues": maxTableNesting must be a whole number, 0 or more.',
    )
  })

  it('refuses text and nothing as data', () => {
    const untyped: unknown = 'events.jsonl'
    expect(failure(() => resource({ name: 'events' }, untyped as object)).message).toBe(
      "Resource \"events\": a file name or URI as data is not supported: 'events.jsonl'. Use dlt.jsonLines('events.jsonl').",
    )
    const nothing: unknown = undefined
    expect(failure(() => resource({ name: 'events' }, nothing as object)).code).toBe('DATA')
  })
})
