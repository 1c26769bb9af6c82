import { readdirSync } from 'node:fs'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configAccess } from '../../src/configuration/accessors.ts'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { resolveSettingsSync } from '../../src/configuration/resolve-settings.ts'
import { secret } from '../../src/configuration/secret.ts'
import { extractSettings } from '../../src/configuration/settings.ts'
import { rejection, TestProject } from './test-project.ts'

let project: TestProject

beforeEach(() => {
  project = new TestProject({
    environment: { LOAD__WORKERS: '7' },
    config: '[sources.shop]\npage = 1\nurl = "file"',
  })
})

afterEach(() => {
  project[Symbol.dispose]()
})

const config = () => configAccess(false, () => project.providers)
const secrets = () => configAccess(true, () => project.providers)

describe('values for a while', () => {
  it('hold while the function runs, over those of files, and no longer', async () => {
    const { get, values } = config()
    const inside = await values({ 'sources.shop.page': 5, 'sources.shop.deep.more': [1] }, async () => {
      await Promise.resolve()
      return [await get('sources.shop.page'), await get('sources.shop.url'), await get('sources.shop.deep.more')]
    })
    expect(inside).toEqual([5, 'file', [1]])
    expect([await get('sources.shop.page'), await get('sources.shop.deep.more')]).toEqual([1, undefined])
  })

  it('do not win over the environment', async () => {
    const { get, values } = config()
    expect(await values({ 'load.workers': 1 }, () => get('load.workers'))).toBe('7')
  })

  it('are not seen by code beside the function', async () => {
    const { get, values } = config()
    let beside: Promise<unknown> | undefined
    const running = values({ 'sources.shop.page': 5 }, async () => {
      await Promise.resolve()
      await beside
      return get('sources.shop.page')
    })
    beside = get('sources.shop.page')
    expect([await beside, await running]).toEqual([1, 5])
  })

  it('hold in one another: the inner ones win', async () => {
    const { get, values } = config()
    const both = () => Promise.all([get('a.x'), get('a.y')])
    expect(await values({ 'a.x': 1, 'a.y': 1 }, () => values({ 'a.y': 2 }, both))).toEqual([1, 2])
  })

  it('end with an error, too', async () => {
    const { get, values } = config()
    const no = () => Promise.reject(new Error('no'))
    expect((await rejection(values({ 'a.x': 1 }, no))).message).toBe('no')
    expect(await get('a.x')).toBeUndefined()
  })

  it('reach declared configurations and settings, by all of their paths', async () => {
    const { providers } = project
    const declared = v.object({ page: v.number(), token: secret(v.string()) })
    const resolve = () => resolveConfiguration(declared, { sections: ['sources', 'shop', 'items'], providers })
    const resolved = config().values({ 'sources.page': 2, 'sources.shop.page': 3 }, () =>
      secrets().values({ token: 'for a while' }, resolve),
    )
    expect(await resolved).toMatchObject({ page: 3, token: 'for a while' })
    const settings = () =>
      resolveSettingsSync(extractSettings, { sections: ['sources', 'shop'], ownSection: 'extract', providers })
    expect(config().values({ 'extract.max_parallel_items': 3 }, settings)).toEqual({ max_parallel_items: 3 })
  })

  it('are no secrets where they are given as configuration', async () => {
    const { get } = secrets()
    expect(await config().values({ 'sources.token': 'open' }, () => get('sources.token'))).toBeUndefined()
  })

  it('write no file', async () => {
    const before = readdirSync(project.in('project'))
    await secrets().values({ 'sources.token': 'x' }, async () => undefined)
    expect(readdirSync(project.in('project'))).toEqual(before)
  })

  it('need paths that are paths', () => {
    expect(() => config().values({ 'a..b': 1 }, () => undefined)).toThrow(
      '"a..b" is no path of a value: names are joined by single dots, as in "sources.github.token".',
    )
  })
})
