import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import type { StateValue } from '../../src/index.ts'
import { rememberSecret } from '../../src/runtime/known-secrets.ts'
import { failure } from '../extract/failure.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

let shop: PipelineFixture

beforeEach(() => {
  shop = new PipelineFixture()
})

afterEach(() => {
  shop[Symbol.dispose]()
})

const items = dlt.resource({ name: 'items' }, [{ id: 1 }])

describe('a local value', () => {
  it('is there for the next process, and changes nothing that is counted', async () => {
    const pipeline = shop.pipeline()
    await pipeline.run(items)
    const { _state_version, _version_hash } = pipeline.state
    const at = new Date('2026-01-02T03:04:05Z')
    await pipeline.setLocalStateValue('notified', { at, times: 2n ** 60n })
    const next = shop.pipeline()
    expect(next.getLocalStateValue('notified')).toEqual({ at, times: 2n ** 60n })
    expect(next.state).toMatchObject({ _state_version, _version_hash })
    const info = await next.run(items)
    expect(info.extracted.map(({ storesState }) => storesState)).toEqual([false])
    expect(shop.pipeline().getLocalStateValue('notified')).toEqual({ at, times: 2n ** 60n })
  })

  it('is never sent to the destination', async () => {
    const pipeline = shop.pipeline()
    await pipeline.setLocalStateValue('place', 'only here')
    await pipeline.run(items)
    expect(readFileSync(join(shop.workingDir, 'state.json'), 'utf8')).toContain('only here')
    const elsewhere = shop.pipeline({ workingDir: shop.folder.in('elsewhere') })
    await elsewhere.run(items)
    expect([elsewhere.state._state_version, elsewhere.getLocalStateValue('place')]).toEqual([1, undefined])
  })

  it('is undefined where there is none, and can be removed', async () => {
    const pipeline = shop.pipeline()
    expect(pipeline.getLocalStateValue('nothing')).toBeUndefined()
    await pipeline.setLocalStateValue('something', 1)
    await pipeline.setLocalStateValue('something', undefined)
    expect(pipeline.getLocalStateValue('something')).toBeUndefined()
    expect(Object.keys(pipeline.state._local)).not.toContain('something')
  })

  it('is a copy', async () => {
    const pipeline = shop.pipeline()
    const list = [1]
    await pipeline.setLocalStateValue('list', list)
    list.push(2)
    expect(pipeline.getLocalStateValue('list')).toEqual([1])
  })

  it('that code of a resource sets is seen there, and stored with its data', async () => {
    const pipeline = shop.pipeline()
    const seen: unknown[] = []
    const setting = dlt.resource({ name: 'setting' }, async function* () {
      await dlt.current.pipeline().setLocalStateValue('inside', 5)
      seen.push(pipeline.getLocalStateValue('inside'))
      yield { id: 1 }
    })
    await pipeline.extract(setting)
    expect([...seen, shop.pipeline().getLocalStateValue('inside')]).toEqual([5, 5])
  })

  it('that code of a resource sets is gone where the extract fails', async () => {
    const pipeline = shop.pipeline()
    await pipeline.setLocalStateValue('inside', 'before')
    const failing = dlt.resource({ name: 'failing' }, async function* () {
      await pipeline.setLocalStateValue('inside', 'after')
      yield { id: 1 }
      throw new Error('no')
    })
    await expect(pipeline.run(failing)).rejects.toThrow('no')
    expect(pipeline.getLocalStateValue('inside')).toBe('before')
  })

  it.each(['first_run', '_last_extracted_hash', ''])('cannot be called "%s"', async (key) => {
    expect(await failure(() => shop.pipeline().setLocalStateValue(key, 1))).toEqual([
      'STATE',
      `The local value "${key}" cannot be set: "first_run" and names that begin with "_" are the pipeline's own. Give it another name.`,
    ])
  })

  it('cannot be what a state cannot hold', async () => {
    const value: StateValue = { far: Number.POSITIVE_INFINITY }
    expect(await failure(() => shop.pipeline().setLocalStateValue('odd', value))).toEqual([
      'STATE',
      'The state cannot hold the number Infinity at "_local.odd.far". Store null, booleans, finite numbers, bigint, text, dates, decimals, bytes, lists and plain objects.',
    ])
  })

  it('cannot be a secret', async () => {
    rememberSecret('canary-of-local-values')
    expect(await failure(() => shop.pipeline().setLocalStateValue('token', 'canary-of-local-values'))).toEqual([
      'STATE',
      'The state at "_local.token" holds a secret of the configuration. The state is stored in plain text, also at the destination: leave the secret out, or remove it with "delete", and take it from the configuration in each run.',
    ])
  })
})
