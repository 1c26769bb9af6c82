import { deflateSync, inflateSync } from 'node:zlib'
import { createSchema, schemaToJson } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { bumpState, createState, hashState } from '../../src/state/pipeline-state.ts'
import { decodeStoredSchema, decodeStoredState, encodeStoredState } from '../../src/state/stored-state.ts'

/** A row that Python dlt 1.31 wrote, and the hash it gave the state. */
const recorded = {
  blob: 'eNpVjlFLwzAQx79LXteNs+soBnzYu04Ry2Ai4dZe12xJ1jXXMRmC38aP51cw0Sk1Dwf53f/ufmehPCOTOlLn9d4JOU1+EbmNdoNOlohWt2QidGhJSNGKRFTI6In/kLqA2KIae8PKlw1ZHA4NiBfyObCXGPesHXK4pvi1jdnK8GSA/aTqy121Fv/DP4tdb0yQv/iqBn0TNozmxfVaF3fL0zzf3Vd0MEW+NXBa1RtaPK4Wdmm37uFQ3+bFTRTb910Znc7BKZSOBqSLRbuyI0uO0cQvf3cMelZHNH3wmL2FlwjkcP3z/SOFNBvD1RjSJ5hKyCTMRgASQITYF41khLY=',
  hash: '+AU9biUMWxA7kOdeqlU7jl0xZfgeNRZNmWmjnPqfL7U=',
}
const where = 'dataset "d"'

const inflated = (blob: string): string => inflateSync(Buffer.from(blob, 'base64')).toString()

describe('a stored state', () => {
  test('of the reference system is read, and has its hash', () => {
    const state = decodeStoredState(recorded.blob, { first_run: true }, where)
    expect(state).toMatchObject({ _state_version: 3, pipeline_name: 'p', destination_name: null })
    expect(state._version_hash).toBe(recorded.hash)
    expect(hashState(state)).toBe(recorded.hash)
    expect(state.sources).toEqual({
      p: { resources: { r: { incremental: { ts: { last_value: 5 } } } }, at: new Date('2024-01-02T03:04:05Z') },
    })
    expect(state._local).toEqual({ first_run: true })
  })

  test('is the same text that the reference system writes', () => {
    const state = decodeStoredState(recorded.blob, { first_run: true }, where)
    expect(inflated(encodeStoredState(state))).toBe(inflated(recorded.blob))
  })

  test('does not carry what is local', () => {
    const state = bumpState(createState('p', { _last_load_id: '1.5' }))
    const read = decodeStoredState(encodeStoredState(state), { first_run: false }, where)
    expect(read).toEqual({ ...state, _local: { first_run: false } })
  })

  test('may be plain JSON, as old versions stored it', () => {
    const text = '{"_state_version":2,"_state_engine_version":4,"pipeline_name":"p"}'
    expect(decodeStoredState(text, { first_run: false }, where)._state_version).toBe(2)
  })

  test.each(['', 'nothing', 'AAAA', recorded.blob.slice(0, 100)])('that is damaged is refused: "%s"', (blob) => {
    expect(() => decodeStoredState(blob, { first_run: false }, where)).toThrow(
      expect.objectContaining({ code: 'STATE', message: expect.stringContaining('The state in "dataset "d""') }),
    )
  })
})

describe('a stored schema', () => {
  const schema = createSchema('events')

  test('is JSON, or compressed JSON', () => {
    const text = schemaToJson(schema)
    expect(decodeStoredSchema(text, 'events', where)).toEqual(schema)
    const compressed = deflateSync(text, { level: 9 }).toString('base64')
    expect(decodeStoredSchema(compressed, 'events', where)).toEqual(schema)
  })

  test('that is damaged is refused with its name', () => {
    expect(() => decodeStoredSchema('{"name":', 'events', where)).toThrow(
      expect.objectContaining({
        code: 'SCHEMA',
        message: expect.stringMatching(/^The schema "events" of dataset "d" cannot be read: .* Remove its row/),
      }),
    )
  })
})
