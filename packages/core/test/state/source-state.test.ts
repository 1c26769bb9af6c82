import { DltError, PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createState, decodeState, encodeState, hashState, type PipelineState } from '../../src/state/pipeline-state.ts'
import { withSourceStates } from '../../src/state/source-state.ts'
import { SourceStateDraft } from '../../src/state/source-state-draft.ts'

const stored = { cursor: 1, resources: { orders: { at: 5 }, prices: { at: 6 } } }

/** What the next run finds of it. */
function decodedAgain(source: unknown): unknown {
  const state = { ...createState('p'), sources: { shop: source } }
  return decodeState(encodeState(state), 'state.json').sources?.['shop']
}

function failure(run: () => unknown): DltError {
  try {
    run()
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new RangeError('Nothing was thrown.')
}

describe('a draft', () => {
  test('is a copy of what is stored', () => {
    const before = structuredClone(stored)
    const draft = new SourceStateDraft('shop', stored)
    draft.source()['cursor'] = 2
    draft.resource('orders')['at'] = 6
    expect(stored).toEqual(before)
    expect(draft.result()).toEqual({ cursor: 2, resources: { orders: { at: 6 }, prices: { at: 6 } } })
  })

  test('is the same object whenever it is asked for', () => {
    const draft = new SourceStateDraft('shop', stored)
    expect(draft.source()).toBe(draft.source())
    expect(draft.resource('orders')).toBe(draft.resource('orders'))
    expect(draft.source()['resources']).toHaveProperty('orders', draft.resource('orders'))
  })

  test('leaves nothing where nobody asked for it', () => {
    expect(new SourceStateDraft('shop', stored).result()).toBeUndefined()
    expect(new SourceStateDraft('shop').result()).toBeUndefined()
  })

  test('has an entry for who asked, though an empty one, as in the reference system', () => {
    const source = new SourceStateDraft('shop')
    source.source()
    expect(source.result()).toEqual({})
    const resource = new SourceStateDraft('shop')
    resource.resource('orders')
    expect(resource.result()).toEqual({ resources: { orders: {} } })
  })

  test.each(['__proto__', 'constructor', 'toString'])('takes %s for a name as any other', (name) => {
    const first = new SourceStateDraft('shop', {})
    first.resource(name)['at'] = 1
    first.storeCursor(name, name, { last_value: 5 })
    const result = first.result()
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(Object.hasOwn(Object.prototype, 'at')).toBe(false)
    const second = new SourceStateDraft('shop', decodedAgain(result))
    expect(second.peekCursor(name, name)).toEqual({ last_value: 5 })
    expect(second.peekCursor('orders', name)).toBeUndefined()
    expect(second.peekCursor(name, 'at')).toBeUndefined()
    second.resetResource(name)
    expect(second.result()).toEqual({ resources: {} })
  })

  test.each([[null], [5], ['text'], [[1]]])('begins anew where the state holds %j in its place', (damaged) => {
    const draft = new SourceStateDraft('shop', damaged)
    draft.resource('orders')['at'] = 1
    expect(draft.result()).toEqual({ resources: { orders: { at: 1 } } })
    const nested = new SourceStateDraft('shop', { resources: damaged })
    nested.resource('orders')['at'] = 1
    expect(nested.result()).toEqual({ resources: { orders: { at: 1 } } })
  })

  test('cannot be changed any more when its result was taken, at any depth', () => {
    const draft = new SourceStateDraft('shop', stored)
    const orders = draft.resource('orders')
    const list: unknown[] = [{ id: 1 }]
    orders['list'] = list
    draft.result()
    expect(() => {
      orders['at'] = 7
    }).toThrow(TypeError)
    expect(() => list.push(2)).toThrow(TypeError)
    expect(() => draft.source()['more']).not.toThrow()
    expect(() => {
      draft.source()['more'] = 1
    }).toThrow(TypeError)
  })

  test('keeps what it held when the result was taken: dates of user code may go on', () => {
    const draft = new SourceStateDraft('shop')
    const at = new Date(0)
    draft.source()['at'] = at
    const result = draft.result()
    at.setFullYear(2000)
    expect(result).toEqual({ at: new Date(0) })
  })
})

describe('a resource that replaces its table', () => {
  test('begins without a state; nothing else is lost', () => {
    const draft = new SourceStateDraft('shop', stored)
    draft.resetResource('prices')
    expect(draft.result()).toEqual({ cursor: 1, resources: { orders: { at: 5 } } })
  })

  test('of a source without any state leaves an empty entry, as in the reference system', () => {
    const draft = new SourceStateDraft('shop')
    draft.resetResource('prices')
    expect(draft.result()).toEqual({})
  })

  test('loses its cursor', () => {
    const draft = new SourceStateDraft('shop', { resources: { prices: { incremental: { at: { last_value: 1 } } } } })
    draft.resetResource('prices')
    expect(draft.peekCursor('prices', 'at')).toBeUndefined()
  })
})

describe('a cursor', () => {
  const cursor = { initial_value: null, last_value: 5, unique_hashes: ['x'], start_value: null }

  test('lies in the state of its resource, under its path', () => {
    const draft = new SourceStateDraft('p', { resources: { r: { seen: 1 } } })
    draft.storeCursor('r', 'items[0].at', cursor)
    expect(draft.result()).toEqual({ resources: { r: { seen: 1, incremental: { 'items[0].at': cursor } } } })
  })

  test('is found without making an entry', () => {
    const draft = new SourceStateDraft('p', { resources: { r: { incremental: { at: cursor } } } })
    expect(draft.peekCursor('r', 'at')).toBe(cursor)
    expect(draft.peekCursor('r', 'other')).toBeUndefined()
    expect(draft.peekCursor('other', 'at')).toBeUndefined()
    expect(draft.result()).toBeUndefined()
  })

  test('is found where it was put during the run', () => {
    const draft = new SourceStateDraft('p')
    draft.storeCursor('r', 'at', cursor)
    expect(draft.peekCursor('r', 'at')).toEqual(cursor)
  })

  test('makes the document and the hash of the reference system', () => {
    const draft = new SourceStateDraft('p')
    draft.storeCursor('r', 'ts', cursor)
    const state: PipelineState = {
      _state_version: 1,
      _state_engine_version: 4,
      pipeline_name: 'p',
      dataset_name: 'p_dataset',
      default_schema_name: 'p',
      schema_names: ['p'],
      destination_type: 'dlt.destinations.duckdb',
      destination_name: null,
      staging_type: null,
      staging_name: null,
      _local: { first_run: false },
    }
    const result = withSourceStates(state, [{ name: 'p', state: draft }])
    expect(hashState(result)).toBe('qaNsstzk/Os/8eXFqUWDC74P3o/O2kcyG8OIjqdVFlw=')
    expect(encodeState(result)).toContain(
      '"sources":{"p":{"resources":{"r":{"incremental":{"ts":{"initial_value":null,"last_value":5,"unique_hashes":["x"],"start_value":null}}}}}}',
    )
  })
})

describe('values', () => {
  test('of every type that a state can hold come back as what they were', () => {
    const values = {
      nothing: null,
      yes: true,
      whole: 1,
      fraction: 1.5,
      long: 9007199254740993n,
      text: 'ä',
      marked: '\uf026no decimal',
      at: new Date('2024-01-02T03:04:05.678Z'),
      precise: new PreciseDateTime(1n, true),
      day: new PlainDate(1),
      time: new PlainTime(1n),
      price: new Decimal('1.10'),
      bytes: Uint8Array.of(1, 2),
      list: [1, [2, { deep: new Date(0) }]],
      object: { deep: { deeper: 1n } },
    }
    const draft = new SourceStateDraft('s')
    Object.assign(draft.source(), values)
    const state = withSourceStates(createState('p'), [{ name: 's', state: draft }])
    const next = new SourceStateDraft('s', decodeState(encodeState(state), 'state.json').sources?.['s'])
    // A long integer that a number can hold comes back as a number.
    expect(next.source()).toEqual({ ...values, object: { deep: { deeper: 1 } } })
  })

  test.each<[string, unknown, string, string]>([
    ['a function', { at: () => 1 }, 'sources.s.at', 'a value of the type function'],
    ['a symbol', { list: [1, Symbol('canary')] }, 'sources.s.list[1]', 'a value of the type symbol'],
    ['nothing within a list', { list: [undefined] }, 'sources.s.list[0]', 'a value of the type undefined'],
    ['not a number', { deep: { at: Number.NaN } }, 'sources.s.deep.at', 'the number NaN'],
    ['infinity', { at: Number.POSITIVE_INFINITY }, 'sources.s.at', 'the number Infinity'],
    ['an invalid date', { at: new Date(Number.NaN) }, 'sources.s.at', 'an invalid date'],
    ['a map', { at: new Map([['canary', 1]]) }, 'sources.s.at', 'a Map'],
    ['a set', { at: new Set() }, 'sources.s.at', 'a Set'],
    ['an instance of a class', { at: new URL('https://canary') }, 'sources.s.at', 'a URL'],
  ])('%s is refused with its path', (_, values, path, what) => {
    const draft = new SourceStateDraft('s')
    Object.assign(draft.source(), values)
    const error = failure(() => draft.result())
    expect([error.code, error.context, error.message]).toEqual([
      'STATE',
      { path },
      `The state cannot hold ${what} at "${path}". Store null, booleans, finite numbers, bigint, text, dates, decimals, bytes, lists and plain objects.`,
    ])
  })

  test('an object that contains itself is refused; one that occurs twice is not', () => {
    const draft = new SourceStateDraft('s')
    const shared = { id: 1 }
    const state = draft.resource('r')
    state['twice'] = [shared, shared]
    expect(draft.result()).toEqual({ resources: { r: { twice: [{ id: 1 }, { id: 1 }] } } })
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const other = new SourceStateDraft('s')
    other.resource('r')['loop'] = circular
    expect(failure(() => other.result()).message).toBe(
      'The state cannot hold an object that contains itself at "sources.s.resources.r.loop.self". Store null, booleans, finite numbers, bigint, text, dates, decimals, bytes, lists and plain objects.',
    )
  })

  test('that are undefined are left out', () => {
    const draft = new SourceStateDraft('s')
    Object.assign(draft.source(), { a: undefined, b: 1 })
    expect(Object.keys(draft.result() ?? {})).toEqual(['b'])
  })

  test('come out of a draft as they went in, whatever they are', () => {
    const scalar = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.string(),
      fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') }),
      // Bytes of no length are text when they come back, as in the reference system.
      fc.uint8Array({ minLength: 1 }),
    )
    const key = fc.stringMatching(/^[a-z]{1,4}$/)
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value')), fc.dictionary(key, tie('value'))),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, value), (values) => {
        const draft = new SourceStateDraft('s')
        draft.source()['held'] = { ...values }
        expect(draft.result()).toEqual({ held: { ...values } })
      }),
    )
  })
})

describe('the state of a pipeline', () => {
  const state: PipelineState = { ...createState('p'), sources: { shop: stored, other: { resources: {} } } }

  test('is the same value where sources left nothing', () => {
    expect(withSourceStates(state, [{ name: 'shop', state: new SourceStateDraft('shop', stored) }])).toBe(state)
  })

  test('keeps other sources, and the order of keys', () => {
    const draft = new SourceStateDraft('shop', stored)
    draft.source()['cursor'] = 2
    const added = new SourceStateDraft('new')
    added.source()['a'] = 1
    const result = withSourceStates(state, [
      { name: 'new', state: added },
      { name: 'shop', state: draft },
    ])
    expect(JSON.stringify(result.sources)).toBe(
      '{"shop":{"cursor":2,"resources":{"orders":{"at":5},"prices":{"at":6}}},"other":{"resources":{}},"new":{"a":1}}',
    )
  })

  test('is changed in a new value', () => {
    const before = structuredClone(state)
    const draft = new SourceStateDraft('shop', stored)
    draft.resetResource('prices')
    withSourceStates(state, [{ name: 'shop', state: draft }])
    expect(state).toEqual(before)
  })
})
