import { DltError } from '@dlt/schema'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { ConfigFieldMissing } from '../../src/configuration/config-field-missing.ts'
import type { ConfigProvider } from '../../src/configuration/provider.ts'
import { resolveConfiguration, resolveConfigurationSync } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'
import { rejection, TestProject } from './test-project.ts'

const sections = ['sources', 'mymod', 'mysrc']

describe('precedence', () => {
  const spec = v.object({ org: v.optional(v.string(), 'default') })

  test('explicit, environment, secrets.toml, config.toml, registered providers, default', async () => {
    const environment = { ORG: 'environment' }
    using project = new TestProject({ environment, secrets: 'org = "secrets"', config: 'org = "config"' })
    const vault: ConfigProvider = {
      name: 'vault',
      supportsSecrets: true,
      keyOf: (path) => path.join('/'),
      get: () => Promise.resolve('vault'),
    }
    const providers = [...project.providers, vault]
    const resolve = async (from: readonly ConfigProvider[], explicit?: { org?: string }) =>
      (await resolveConfiguration(spec, { providers: from, explicit })).org
    expect(await resolve(providers, { org: 'explicit' })).toBe('explicit')
    expect(await resolve(providers)).toBe('environment')
    expect(await resolve(providers.slice(1))).toBe('secrets')
    expect(await resolve(providers.slice(3))).toBe('config')
    expect(await resolve(providers.slice(5))).toBe('vault')
    expect(await resolve([])).toBe('default')
  })

  test('a general key of an earlier provider wins over a specific one of a later provider', async () => {
    using project = new TestProject({
      environment: { ORG: 'general' },
      config: '[sources.mymod.mysrc]\norg = "specific"',
    })
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toEqual({ org: 'general' })
  })

  test("the pipeline's values win over those of all pipelines, whatever the provider", async () => {
    using project = new TestProject({
      environment: { SOURCES__MYMOD__MYSRC__ORG: 'all' },
      config: '[pp]\norg = "mine"',
    })
    const { providers } = project
    expect(await resolveConfiguration(spec, { sections, providers, pipelineName: 'pp' })).toEqual({ org: 'mine' })
    expect(await resolveConfiguration(spec, { sections, providers, pipelineName: 'other' })).toEqual({ org: 'all' })
  })

  test('the project wins over the user, table by table', async () => {
    using project = new TestProject({
      config: '[server]\nhost = "project"',
      userConfig: '[server]\nhost = "user"\nport = 5432',
    })
    const server = v.object({ server: v.object({ host: v.string(), port: v.number() }) })
    expect(await resolveConfiguration(server, { providers: project.providers })).toEqual({
      server: { host: 'project', port: 5432 },
    })
  })

  test('non-secret values may stand in secrets.toml', async () => {
    using project = new TestProject({ secrets: 'org = "hidden"' })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({ org: 'hidden' })
  })
})

describe('explicit values', () => {
  const spec = v.object({ org: v.nullish(v.string(), 'default'), page: v.nullable(v.number()) })

  test('undefined is as if it was not given', async () => {
    using project = new TestProject({ environment: { ORG: 'environment', PAGE: '1' } })
    const explicit = { org: undefined, page: 2 }
    expect(await resolveConfiguration(spec, { providers: project.providers, explicit })).toEqual({
      org: 'environment',
      page: 2,
    })
  })

  test('null means no value: nothing is looked up', async () => {
    using project = new TestProject({ environment: { ORG: 'environment', PAGE: '1' } })
    const explicit = { org: null, page: null }
    expect(await resolveConfiguration(spec, { providers: project.providers, explicit })).toEqual({
      org: 'default',
      page: null,
    })
  })

  test('are not parsed as text is, but checked', async () => {
    const explicit = { page: '5' as unknown as number }
    const error = await rejection(resolveConfiguration(spec, { providers: [], explicit, owner: 'the source "mysrc"' }))
    expect(error.message).toBe(
      'The configuration of the source "mysrc" is not valid. "page" (given in code) does not fit: expected number. Values are not shown.',
    )
  })

  test('of embedded configurations are completed from providers', async () => {
    using project = new TestProject({ environment: { SERVER__PORT: '5432' } })
    const server = v.object({ server: v.object({ host: v.string(), port: v.number() }) })
    const explicit = { server: { host: 'here' } as { host: string; port: number } }
    expect(await resolveConfiguration(server, { providers: project.providers, explicit })).toEqual({
      server: { host: 'here', port: 5432 },
    })
  })

  test('that the specification does not know go to its check', async () => {
    const strict = v.strictObject({ org: v.string() })
    const explicit = { org: 'x', other: 1 }
    const error = await rejection(resolveConfiguration(strict, { providers: [], explicit }))
    expect(error.message).toBe(
      'The configuration of a configuration is not valid. "other" (given in code) does not fit: expected never. Values are not shown.',
    )
    const open = v.looseObject({ org: v.string() })
    expect(await resolveConfiguration(open, { providers: [], explicit })).toEqual(explicit)
  })
})

describe('what nobody gives', () => {
  test('is left out, null, undefined or the default, as the schema says', async () => {
    const spec = v.object({
      optional: v.optional(v.string()),
      withDefault: v.optional(v.number(), 7),
      computed: v.optional(v.array(v.string()), () => ['a']),
      nullable: v.nullable(v.string()),
      nullableWithDefault: v.nullable(v.string(), 'x'),
      nullish: v.nullish(v.string()),
      undefinedable: v.undefinedable(v.string()),
      exact: v.exactOptional(v.string()),
    })
    expect(await resolveConfiguration(spec, { providers: [] })).toStrictEqual({
      withDefault: 7,
      computed: ['a'],
      nullable: null,
      nullableWithDefault: 'x',
      undefinedable: undefined,
    })
  })

  test('makes an optional embedded configuration absent, even if a part of it is found', async () => {
    using project = new TestProject({ environment: { SERVER__HOST: 'here' } })
    const { providers } = project
    const server = v.object({ host: v.string(), port: v.number() })
    expect(await resolveConfiguration(v.object({ server: v.optional(server) }), { providers })).toStrictEqual({})
    expect(await resolveConfiguration(v.object({ server: v.nullable(server) }), { providers })).toStrictEqual({
      server: null,
    })
  })

  test('is taken from a default of the embedded configuration', async () => {
    using project = new TestProject({ environment: { SERVER__HOST: 'here' } })
    const server = v.object({ host: v.string(), port: v.number() })
    const spec = v.object({ server: v.optional(server, { host: 'localhost', port: 1 }) })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({
      server: { host: 'here', port: 1 },
    })
    expect(await resolveConfiguration(spec, { providers: [] })).toEqual({ server: { host: 'localhost', port: 1 } })
  })

  test('is an error otherwise', async () => {
    const spec = v.object({ a: v.string(), b: v.object({ c: secret(v.string()) }), d: v.number() })
    const error = await rejection(resolveConfiguration(spec, { providers: [] }))
    expect(error).toBeInstanceOf(ConfigFieldMissing)
    expect(error).toMatchObject({ code: 'CONFIGURATION', fields: ['a', 'b.c', 'd'] })
  })

  test('an empty text is a value', async () => {
    using project = new TestProject({ environment: { ORG: '' } })
    expect(await resolveConfiguration(v.object({ org: v.string() }), { providers: project.providers })).toEqual({
      org: '',
    })
  })
})

describe('unions', () => {
  const byKey = v.object({ kind: v.literal('key'), key: secret(v.string()) })
  const byUser = v.object({ user: v.string(), password: secret(v.string()) })

  test('the first form that is complete is taken', async () => {
    using project = new TestProject({ environment: { LOGIN__USER: 'ada', LOGIN__PASSWORD: 'x', LOGIN__KEY: 'k' } })
    const { providers } = project
    const login = v.object({ login: v.union([byKey, byUser]) })
    expect(await resolveConfiguration(login, { providers })).toEqual({ login: { user: 'ada', password: 'x' } })
  })

  test('variants are forms, too', async () => {
    using project = new TestProject({ config: '[login]\nkind = "b"\nuser = "ada"' })
    const a = v.object({ kind: v.literal('a'), key: v.string() })
    const b = v.object({ kind: v.literal('b'), user: v.string() })
    const login = v.object({ login: v.variant('kind', [a, b]) })
    expect(await resolveConfiguration(login, { providers: project.providers })).toEqual({
      login: { kind: 'b', user: 'ada' },
    })
  })

  test('a value or an embedded configuration', async () => {
    const spec = v.object({ server: v.union([v.object({ host: v.string() }), v.string()]) })
    using text = new TestProject({ environment: { SERVER: 'here' } })
    expect(await resolveConfiguration(spec, { providers: text.providers })).toEqual({ server: 'here' })
    using fields = new TestProject({ environment: { SERVER__HOST: 'here' } })
    expect(await resolveConfiguration(spec, { providers: fields.providers })).toEqual({ server: { host: 'here' } })
  })

  test('a value of no form is refused with the first objection', async () => {
    using project = new TestProject({ config: '[login]\nkind = "b"\nkey = 1' })
    const a = v.object({ kind: v.literal('a'), key: v.string() })
    const c = v.object({ kind: v.literal('c'), key: v.string() })
    const error = await rejection(
      resolveConfiguration(v.object({ login: v.variant('kind', [a, c]) }), { providers: project.providers }),
    )
    expect(error.message).toBe(
      `"login.kind" in config.toml ("${project.in('project', 'config.toml')}") is not one of "a". Correct it there; the value is not shown, as it may be a secret.`,
    )
  })

  test('a mistake is told, also where another form is complete', async () => {
    using project = new TestProject({
      config: '[login]\nkey = "x"\nkind = "key"',
      environment: { LOGIN__USER: 'a', LOGIN__PASSWORD: 'b' },
    })
    const error = await rejection(
      resolveConfiguration(v.object({ login: v.union([byKey, byUser]) }), { providers: project.providers }),
    )
    expect(error.message).toContain('"login.key" in config.toml')
    expect(error.message).toContain('is a secret')
  })

  test('null in code is no value of any form', async () => {
    using project = new TestProject({ environment: { LOGIN__USER: 'a', LOGIN__PASSWORD: 'b', SERVER__HOST: 'h' } })
    const { providers } = project
    const spec = v.object({
      login: v.nullable(v.union([byKey, byUser])),
      server: v.nullish(v.object({ host: v.string() })),
    })
    expect(await resolveConfiguration(spec, { providers, explicit: { login: null, server: null } })).toEqual({
      login: null,
      server: null,
    })
  })

  test('an optional union that nobody completes is absent', async () => {
    const spec = v.object({ login: v.optional(v.union([byKey, byUser])) })
    expect(await resolveConfiguration(spec, { providers: [] })).toEqual({})
  })
})

describe('schemas', () => {
  test('may be wrapped, piped, lazy and nested', async () => {
    using project = new TestProject({
      environment: { URL: ' https://x ', INNER__COUNT: '3', LATER: '2024-01-31', LIST: '[1, 2]', TAGS: '{"a": 1}' },
    })
    const spec = v.pipe(
      v.object({
        url: v.pipe(v.string(), v.trim(), v.url()),
        inner: v.object({ count: v.pipe(v.number(), v.integer(), v.maxValue(5)) }),
        later: v.lazy(() => v.date()),
        list: v.array(v.number()),
        tags: v.record(v.string(), v.number()),
        any: v.optional(v.any()),
      }),
      v.transform(({ url, ...rest }) => ({ ...rest, address: url })),
    )
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({
      address: 'https://x',
      inner: { count: 3 },
      later: new Date('2024-01-31T00:00:00Z'),
      list: [1, 2],
      tags: { a: 1 },
    })
  })

  test('a value that a check refuses is named with its key, its file and what is expected', async () => {
    using project = new TestProject({ config: 'count = 77\nmail = "ada"', environment: { WHEN: 'soon' } })
    const { providers } = project
    const file = project.in('project', 'config.toml')
    const count = v.object({ count: v.pipe(v.number(), v.maxValue(5)), mail: v.pipe(v.string(), v.email()) })
    expect((await rejection(resolveConfiguration(count, { providers, sections }))).message).toBe(
      `The configuration of "sources.mymod.mysrc" is not valid. "count" ("count" in config.toml ("${file}")) does not fit: expected <=5; ` +
        `"mail" ("mail" in config.toml ("${file}")) does not fit: expected what "email" asks for. Values are not shown.`,
    )
    expect((await rejection(resolveConfiguration(v.object({ when: v.date() }), { providers }))).message).toBe(
      '"WHEN" in environment is not an ISO date or time ("2024-01-31T00:00:00Z"). Correct it there; the value is not shown, as it may be a secret.',
    )
  })

  test('a schema without fields is refused', () => {
    expect(() => resolveConfigurationSync(v.string() as unknown as v.GenericSchema, { providers: [] })).toThrow(
      'A configuration is declared with v.object of valibot, for instance v.object({ org: v.string() }). This one is "string".',
    )
  })
})

describe('names in code', () => {
  const spec = v.object({
    perPage: v.number(),
    apiURL: v.string(),
    HTTPServer: v.object({ hostName: v.string() }),
    v2Token: v.optional(secret(v.string())),
  })

  test('are looked for in snake_case', async () => {
    using project = new TestProject({
      environment: { PER_PAGE: '5', HTTP_SERVER__HOST_NAME: 'h' },
      config: 'api_url = "u"',
      secrets: 'v2_token = "t"',
    })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({
      perPage: 5,
      apiURL: 'u',
      HTTPServer: { hostName: 'h' },
      v2Token: 't',
    })
  })

  test('stand in messages; the places and the lines to add have those of providers', async () => {
    using project = new TestProject()
    const error = await rejection(resolveConfiguration(spec, { providers: project.providers }))
    expect(error).toMatchObject({ fields: ['perPage', 'apiURL', 'HTTPServer.hostName'] })
    expect(error.message).toContain(
      '"HTTPServer.hostName" was looked for, in this order, at:\n  environment: HTTP_SERVER__HOST_NAME',
    )
    expect(error.message).toContain('  per_page = "..."\n  api_url = "..."\n  [http_server]\n  host_name = "..."')
    expect(error.message).toContain('or set in the environment: PER_PAGE, API_URL, HTTP_SERVER__HOST_NAME')
  })
})

describe('secrets', () => {
  const spec = v.object({ token: secret(v.string()) })

  test('in config.toml are an error', async () => {
    using project = new TestProject({ config: '[sources.mysrc]\ntoken = "x"' })
    const error = await rejection(resolveConfiguration(spec, { sections, providers: project.providers }))
    expect(error.message).toBe(
      `"sources.mysrc.token" in config.toml ("${project.in('project', 'config.toml')}") is a secret, and config.toml may not hold secrets. Move the value to secrets.toml, or to an environment variable.`,
    )
  })

  test('in config.toml are passed over where an earlier provider has the value', async () => {
    using project = new TestProject({ config: 'token = "x"', secrets: 'token = "y"' })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({ token: 'y' })
  })

  test.each([
    { name: 'a wrapped secret', wrapped: v.object({ token: v.optional(secret(v.string())) }) },
    { name: 'a secret that is wrapped', wrapped: v.object({ token: secret(v.optional(v.string())) }) },
    { name: 'a secret in a pipe', wrapped: v.object({ token: v.pipe(secret(v.string()), v.minLength(1)) }) },
    { name: 'a secret union', wrapped: v.object({ token: v.union([secret(v.string()), v.number()]) }) },
  ])('are known in $name', async ({ wrapped }) => {
    using project = new TestProject({ config: 'token = "x"' })
    const error = await rejection(resolveConfiguration(wrapped, { providers: project.providers }))
    expect(error.message).toContain('is a secret, and config.toml may not hold secrets.')
  })

  test('a secret configuration has only secret fields', async () => {
    using project = new TestProject({ config: '[login]\nuser = "x"' })
    const login = v.object({ login: secret(v.object({ user: v.string() })) })
    const error = await rejection(resolveConfiguration(login, { providers: project.providers }))
    expect(error.message).toContain('"login.user" in config.toml')
  })

  test('the mark changes neither what a schema accepts nor what it returns', () => {
    const schema = secret(v.pipe(v.string(), v.minLength(2)))
    expect(v.parse(schema, 'ab')).toBe('ab')
    expect(v.safeParse(schema, 'a').success).toBe(false)
  })
})

describe('providers', () => {
  const spec = v.object({ token: secret(v.string()), org: v.optional(v.string(), 'none') })
  const vault = (get: ConfigProvider['get'], more: Partial<ConfigProvider> = {}): ConfigProvider => ({
    name: 'vault',
    supportsSecrets: true,
    keyOf: (path) => path.join('/'),
    get,
    ...more,
  })

  test('may answer later', async () => {
    const asked: string[] = []
    const provider = vault((path, { secret: isSecret }) => {
      asked.push(`${path.join('/')}${isSecret ? ' (secret)' : ''}`)
      return Promise.resolve(path.join('/') === 'sources/mysrc/token' ? 'found' : null)
    })
    expect(await resolveConfiguration(spec, { sections, providers: [provider] })).toEqual({
      token: 'found',
      org: 'none',
    })
    expect(asked.slice(0, 4)).toEqual([
      'sources/mymod/mysrc/token (secret)',
      'sources/mymod/token (secret)',
      'sources/mysrc/token (secret)',
      'sources/mymod/mysrc/org',
    ])
  })

  test('that throw are named; their error is the cause', async () => {
    const cause = new Error('no connection')
    for (const get of [
      () => {
        throw cause
      },
      () => Promise.reject(cause),
    ]) {
      const error = await rejection(resolveConfiguration(spec, { sections, providers: [vault(get)] }))
      expect(error).toMatchObject({ code: 'CONFIGURATION', cause })
      expect(error.message).toBe(
        'The configuration provider "vault" failed when it was asked for "sources/mymod/mysrc/token". Its error is the cause of this one.',
      )
    }
  })

  test('that throw stop the lookup of values that are optional or have defaults, too', async () => {
    const optional = v.object({ token: v.optional(v.string()), pages: v.optional(v.number(), 5) })
    const fails = vault(() => Promise.reject(new Error('no connection')))
    const error = await rejection(resolveConfiguration(optional, { providers: [fails] }))
    expect(error.message).toContain('The configuration provider "vault" failed when it was asked for')
    const silent = vault(() => undefined)
    expect(await resolveConfiguration(optional, { providers: [silent] })).toEqual({ pages: 5 })
  })

  test('that throw an error of dlt are not wrapped', async () => {
    const refused = new DltError('The vault is sealed. Unseal it.', { code: 'CONFIGURATION' })
    const error = await rejection(resolveConfiguration(spec, { providers: [vault(() => Promise.reject(refused))] }))
    expect(error).toBe(refused)
  })

  test('are told when a resolution begins', async () => {
    let refreshed = 0
    const refresh = () => {
      refreshed++
      return Promise.resolve()
    }
    await resolveConfiguration(spec, { providers: [vault(() => 'x', { refresh })] })
    expect(refreshed).toBe(1)
  })

  test('that are empty are not asked', async () => {
    const get = () => {
      throw new Error('asked')
    }
    const error = await rejection(resolveConfiguration(spec, { providers: [vault(get, { isEmpty: true })] }))
    expect(error).toMatchObject({ fields: ['token'] })
  })

  test('that may be late are not asked where values are needed at once', () => {
    const explicit = { token: 'x' }
    const late = vault(() => 'late')
    const prompt = vault(() => 'prompt', { synchronous: true })
    expect(resolveConfigurationSync(spec, { explicit, providers: [late] })).toEqual({ token: 'x', org: 'none' })
    expect(resolveConfigurationSync(spec, { explicit, providers: [late, prompt] })).toEqual({
      token: 'x',
      org: 'prompt',
    })
  })

  test('that lie about that are refused', () => {
    const liar = vault(() => Promise.reject(new Error('late')), { synchronous: true })
    expect(() => resolveConfigurationSync(spec, { providers: [liar] })).toThrow(
      'A configuration provider that says it is synchronous returned a promise. Leave out "synchronous" where a provider may return promises.',
    )
  })
})
