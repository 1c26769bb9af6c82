import type { Setting } from '@dlt/destination'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { ConfigProvider } from '../../src/configuration/provider.ts'
import { resolveSettings, resolveSettingsSync } from '../../src/configuration/resolve-settings.ts'
import { settingGroups } from '../../src/configuration/settings.ts'
import { type ProjectFiles, rejection, TestProject } from './test-project.ts'

const settings = [
  { key: 'name', type: 'text', default: 'none', effect: 'x' },
  { key: 'fast', type: 'boolean', default: 'none', effect: 'x' },
  { key: 'workers', alias: 'threads', type: 'integer', minimum: 1, default: 'none', effect: 'x' },
  { key: 'ratio', type: 'number', default: 'none', effect: 'x' },
  { key: 'tags', type: 'list', default: 'none', effect: 'x' },
  { key: 'limits', type: 'table', default: 'none', effect: 'x' },
  { key: 'mode', type: { oneOf: ['fifo', 'round_robin'] }, default: 'none', effect: 'x' },
  { key: 'token', type: 'text', secret: true, default: 'none', effect: 'x' },
  {
    key: 'credentials',
    type: 'text',
    default: 'none',
    effect: 'x',
    parts: [
      { key: 'database', option: 'path', type: 'text', default: 'none', effect: 'x' },
      { key: 'password', type: 'text', secret: true, default: 'none', effect: 'x' },
    ],
  },
] as const satisfies readonly Setting[]

const resolve = async (files: ProjectFiles, more: { pipelineName?: string; ownSection?: string } = {}) => {
  using project = new TestProject(files)
  const values = await resolveSettings(settings, {
    sections: ['destination', 'files'],
    ...more,
    providers: project.providers,
  })
  const { sections: _, ...withoutSections } = { sections: [], ...more }
  expect(
    resolveSettingsSync(settings, {
      sections: ['destination', 'files'],
      ...withoutSections,
      providers: project.providers,
    }),
  ).toEqual(values)
  return values
}

describe('settings', () => {
  test('have the types that are declared', async () => {
    const values = await resolve({
      environment: {
        NAME: 'x',
        FAST: 'yes',
        DESTINATION__WORKERS: '0x10',
        DESTINATION__FILES__RATIO: '0.5',
        TAGS: '["a"]',
        MODE: 'FIFO',
        TOKEN: 't',
      },
      config: '[destination.files.limits]\nrows = 5',
    })
    expect(values).toEqual({
      name: 'x',
      fast: true,
      workers: 16,
      ratio: 0.5,
      tags: ['a'],
      limits: { rows: 5 },
      mode: 'fifo',
      token: 't',
    })
    expectTypeOf(values.name).toEqualTypeOf<string | undefined>()
    expectTypeOf(values.fast).toEqualTypeOf<boolean | undefined>()
    expectTypeOf(values.mode).toEqualTypeOf<'fifo' | 'round_robin' | undefined>()
    expectTypeOf(values.tags).toEqualTypeOf<readonly unknown[] | undefined>()
  })

  test('that nobody sets are absent', async () => {
    expect(await resolve({})).toStrictEqual({})
  })

  test('have other names', async () => {
    expect(await resolve({ environment: { THREADS: '3' } })).toEqual({ workers: 3 })
    expect(await resolve({ environment: { THREADS: '3', WORKERS: '4' } })).toEqual({ workers: 4 })
  })

  test('of the pipeline come first; a section of their own stays', async () => {
    expect(await resolve({ config: 'name = "all"\n[pp]\nname = "mine"' }, { pipelineName: 'pp' })).toEqual({
      name: 'mine',
    })
    expect(await resolve({ config: 'name = "all"\n[load]\nname = "own"' }, { ownSection: 'load' })).toEqual({
      name: 'own',
    })
  })

  test('are given whole, or in parts', async () => {
    expect(await resolve({ environment: { DESTINATION__CREDENTIALS: '/data/x.db' } })).toEqual({
      credentials: '/data/x.db',
    })
    expect(
      await resolve({
        config: '[destination.files.credentials]\ndatabase = "/data/y.db"',
        secrets: '[credentials]\npassword = "p"',
      }),
    ).toEqual({ credentials: { path: '/data/y.db', password: 'p' } })
  })

  test('in parts may stand in config.toml, but for those that are secret', async () => {
    const secrets = [
      {
        key: 'credentials',
        type: 'text',
        secret: true,
        default: 'none',
        effect: 'x',
        parts: [
          { key: 'host', type: 'text', default: 'none', effect: 'x' },
          { key: 'password', type: 'text', secret: true, default: 'none', effect: 'x' },
        ],
      },
    ] as const
    using parts = new TestProject({ config: '[credentials]\nhost = "h"', environment: { CREDENTIALS__PASSWORD: 'p' } })
    expect(await resolveSettings(secrets, { providers: parts.providers })).toEqual({
      credentials: { host: 'h', password: 'p' },
    })
    using whole = new TestProject({ config: 'credentials = "x"' })
    const error = await rejection(resolveSettings(secrets, { providers: whole.providers }))
    expect(error.message).toContain('is a secret, and config.toml may not hold secrets.')
    using secretPart = new TestProject({ config: '[credentials]\npassword = "x"' })
    const ofPart = await rejection(resolveSettings(secrets, { providers: secretPart.providers }))
    expect(ofPart.message).toContain('"credentials.password" in config.toml')
  })

  test.each([
    { environment: { WORKERS: '0' }, message: '"WORKERS" in environment is not a whole number from 1 on.' },
    { environment: { WORKERS: 'many' }, message: '"WORKERS" in environment is not a whole number from 1 on.' },
    { environment: { FAST: 'maybe' }, message: '"FAST" in environment is not a boolean ("true" or "false").' },
    { environment: { MODE: 'lifo' }, message: '"MODE" in environment is not one of "fifo", "round_robin".' },
    { environment: { TAGS: 'a,b' }, message: '"TAGS" in environment is not a list (as text: JSON).' },
  ])('that do not fit are refused: $message', async ({ environment, message }) => {
    using project = new TestProject({ environment })
    const error = await rejection(resolveSettings(settings, { providers: project.providers }))
    expect(error).toMatchObject({
      code: 'CONFIGURATION',
      message: `${message} Correct it there; the value is not shown.`,
    })
  })

  test('that are secret may not stand in config.toml', async () => {
    using project = new TestProject({ config: 'token = "x"' })
    expect(() => resolveSettingsSync(settings, { providers: project.providers })).toThrow(
      'is a secret, and config.toml may not hold secrets.',
    )
  })

  test('are not looked for at late providers where they are needed at once', () => {
    const late: ConfigProvider = {
      name: 'late',
      supportsSecrets: true,
      keyOf: (path) => path.join('/'),
      get: () => 'x',
    }
    expect(resolveSettingsSync(settings, { providers: [late] })).toEqual({})
  })
})

describe('the settings of core', () => {
  const all = settingGroups.flatMap(({ settings: group }) => group)

  test('have a name in snake_case, an option in camelCase, a default and an effect', () => {
    for (const { key, option = 'x', default: value, effect } of all) {
      expect(key).toMatch(/^[a-z]+(?:_[a-z]+)*$/)
      expect(option).toMatch(/^[a-z]+(?:[A-Z][a-z]+)*$/)
      expect(value).not.toBe('')
      expect(effect).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('stand in one section each', () => {
    for (const { settings: group } of settingGroups) {
      expect(new Set(group.map(({ key }) => key)).size).toBe(group.length)
    }
  })
})
