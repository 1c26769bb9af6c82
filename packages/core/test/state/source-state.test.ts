import { createSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/extract/declare-resource.ts'
import type { Resource } from '../../src/extract/resource.ts'
import { createState, type PipelineState } from '../../src/state/pipeline-state.ts'
import { withReplacedReset } from '../../src/state/source-state.ts'

const schema = createSchema('shop')
const appended = resource({ name: 'orders' }, [])
const replaced = resource({ name: 'prices', writeDisposition: 'replace' }, [])
const source = (...resources: Resource[]) => [{ name: 'shop', schema, resources }]

const state: PipelineState = {
  ...createState('p'),
  sources: {
    shop: { cursor: 1, resources: { orders: { at: 5 }, prices: { at: 6 } } },
    other: { resources: { prices: { at: 7 } } },
  },
}

describe('the state of a resource that replaces its table', () => {
  test('is gone when it is extracted; nothing else is', () => {
    expect(withReplacedReset(state, source(appended, replaced)).sources).toEqual({
      shop: { cursor: 1, resources: { orders: { at: 5 } } },
      other: { resources: { prices: { at: 7 } } },
    })
  })

  test('of a source without any leaves an empty entry, as in the reference system', () => {
    expect(withReplacedReset(createState('p'), source(replaced)).sources).toEqual({ shop: {} })
  })

  test('does not touch resources that append', () => {
    expect(withReplacedReset(state, source(appended))).toBe(state)
  })

  test('is changed in a new value', () => {
    const before = structuredClone(state)
    withReplacedReset(state, source(replaced))
    expect(state).toEqual(before)
  })
})
