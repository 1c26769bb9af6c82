import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bumpState,
  createState,
  decodeState,
  encodeState,
  hashState,
  type PipelineState,
  withLocal,
} from '../../src/state/pipeline-state.ts'

/** As in the reference system's own documents. */
const recorded: PipelineState = {
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
  sources: {
    p: {
      resources: {
        r: { incremental: { ts: { initial_value: null, last_value: 5, unique_hashes: ['x'], start_value: null } } },
      },
    },
  },
}
const recordedHash = 'qaNsstzk/Os/8eXFqUWDC74P3o/O2kcyG8OIjqdVFlw='

const where = '/shop/state.json'

describe('the hash of a state', () => {
  test('is the one that the reference system takes', () => {
    expect(hashState(recorded)).toBe(recordedHash)
  })

  test('does not depend on the order of keys, on versions or on what is local', () => {
    const reordered = Object.fromEntries(Object.entries(recorded).reverse())
    const same = { ...recorded, ...reordered, _state_version: 9, _version_hash: 'x', _local: { first_run: true } }
    expect(hashState(same)).toBe(recordedHash)
  })

  test('depends on everything else', () => {
    const changes: readonly Partial<PipelineState>[] = [
      { pipeline_name: 'q' },
      { dataset_name: null },
      { schema_names: ['p', 'q'] },
      { destination_name: 'prod' },
      { sources: {} },
      { anything: 1 },
    ]
    const hashes = changes.map((change) => hashState({ ...recorded, ...change }))
    expect(new Set([recordedHash, ...hashes]).size).toBe(changes.length + 1)
  })
})

describe('the version of a state', () => {
  test('is not counted up by the first hash', () => {
    expect(bumpState(recorded)).toEqual({ ...recorded, _version_hash: recordedHash })
  })

  test('is counted up by every change, and stays without one', () => {
    const first = createState('p')
    expect(first._state_version).toBe(0)
    const second = bumpState({ ...first, dataset_name: 'd' })
    expect(second._state_version).toBe(1)
    expect(bumpState(second)).toBe(second)
    expect(bumpState(withLocal(second, { first_run: false }))._state_version).toBe(1)
    expect(bumpState({ ...second, dataset_name: 'e' })._state_version).toBe(2)
  })
})

describe('a state document', () => {
  test('comes back as it was written, with dates and large integers', () => {
    const state = bumpState({
      ...recorded,
      sources: {
        p: { at: new Date('2024-01-02T03:04:05Z'), id: 9_007_199_254_740_993n, bytes: new Uint8Array([1, 2]) },
      },
    })
    expect(decodeState(encodeState(state), where)).toEqual(state)
  })

  test('comes back with whatever a source has put into it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (source) => {
        const state = bumpState({ ...recorded, sources: { p: source } })
        const read = decodeState(encodeState(state), where)
        expect(hashState(read)).toBe(state._version_hash)
        expect(encodeState(read)).toBe(encodeState(state))
      }),
    )
  })

  test.each([
    ['{"_state_version":1', 'it is not JSON'],
    ['[]', 'it is not a state document'],
    ['{}', 'it is not a state document'],
    ['{"_state_version":"1","_state_engine_version":4,"pipeline_name":"p"}', 'it is not a state document'],
    ['null', 'it is not a state document'],
  ])('%s is refused with the file and the remedy', (text, what) => {
    expect(() => decodeState(text, where)).toThrow(
      expect.objectContaining({
        code: 'STATE',
        message: `The state in "/shop/state.json" cannot be read: ${what}. Restore it from a backup; or remove it, then run restores the state from the destination.`,
      }),
    )
  })

  test('of a newer version is refused', () => {
    const newer = encodeState({ ...recorded, _state_engine_version: 5 })
    expect(() => decodeState(newer, where)).toThrow(
      'The state in "/shop/state.json" has engine version 5, and this version knows up to 4. Update dlt.',
    )
  })
})

describe('a state that an older version of the reference system wrote', () => {
  const old = { _state_version: 7, pipeline_name: 'p', schema_names: ['p'] }

  test('gets a kind of destination in place of its destination', () => {
    const text = JSON.stringify({ ...old, _state_engine_version: 2, destination: 'dlt.destinations.postgres' })
    const state = decodeState(text, where)
    expect(state).toMatchObject({
      _state_version: 7,
      _state_engine_version: 4,
      destination_type: 'dlt.destinations.postgres',
      destination_name: null,
      _local: { first_run: false },
    })
    expect(state).not.toHaveProperty('destination')
    expect(state._version_hash).toBe(hashState(state))
  })

  test('loses a name that only repeats the kind of the destination', () => {
    const text = JSON.stringify({
      ...old,
      _state_engine_version: 4,
      destination_type: 'dlt.destinations.duckdb',
      destination_name: 'duckdb',
    })
    expect(decodeState(text, where).destination_name).toBeNull()
  })

  test('keeps another name', () => {
    const text = JSON.stringify({
      ...old,
      _state_engine_version: 4,
      destination_type: 'dlt.destinations.duckdb',
      destination_name: 'prod',
    })
    expect(decodeState(text, where).destination_name).toBe('prod')
  })
})
