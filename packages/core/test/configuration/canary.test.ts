import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { DestinationError, type DestinationFactory } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import * as v from 'valibot'
import { describe, expect, test, vi } from 'vitest'
import { configAccess } from '../../src/configuration/accessors.ts'
import { aws, connectionString, googleServiceAccount, oauth2 } from '../../src/configuration/credentials/index.ts'
import type { ConfigProvider } from '../../src/configuration/provider.ts'
import { resolveConfiguration, resolveConfigurationSync } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'
import { formatToml } from '../../src/configuration/toml-document.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import { jsonLines } from '../../src/declare/json-lines.ts'
import { configureDestination } from '../../src/destinations/configure-destination.ts'
import { LazyDestination } from '../../src/destinations/lazy-destination.ts'
import { configuredOptions } from '../../src/pipeline/configured-options.ts'
import { sourceSettings } from '../../src/pipeline/step-settings.ts'
import type { StateDraft } from '../../src/state/state-draft.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import type { WarehouseOptions } from '../warehouse/warehouse.ts'
import { type ProjectFiles, rejection, TestProject } from './test-project.ts'

/** The planted secret. No quote, brace or percent sign, so that no form of quoting hides it. */
const canary = 'canary0secret0value'

/** Everything that can be seen of a value. */
function seen(value: unknown): string {
  const parts = [String(value), inspect(value, { depth: 30, showHidden: true, getters: true }), json(value)]
  if (value instanceof Error) parts.push(value.message, value.stack ?? '', seen(value.cause ?? ''))
  return parts.join('\n')
}

function json(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? ''
}

/** All files below a folder: names and content. */
function filesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const path = join(folder, name)
      return statSync(path).isFile() ? `${name}\n${readFileSync(path, 'latin1')}` : name
    })
    .join('\n')
}

test('the search finds what it looks for', () => {
  expect(seen(new Error('x', { cause: { token: canary } }))).toContain(canary)
  using project = new TestProject({ secrets: `token = "${canary}"` })
  expect(filesBelow(project.in())).toContain(canary)
})

interface Failure {
  readonly name: string
  readonly files?: ProjectFiles
  fail(providers: readonly ConfigProvider[]): Promise<unknown> | unknown
}

const machine = { environment: {}, home: '/nowhere' }
const one = (schema: v.GenericSchema) => v.object({ token: schema })
const resolves =
  (spec: v.GenericSchema, explicit?: object): Failure['fail'] =>
  (providers) =>
    resolveConfiguration(spec, { providers, ...(explicit !== undefined && { explicit }) })

// Only what is needed to be taken for a destination.
const factory = Object.assign((options: unknown) => ({ name: 'files', options }), {
  settings: [
    { key: 'credentials', type: 'text', default: 'x', effect: 'x' },
    { key: 'create_indexes', option: 'createIndexes', type: 'boolean', default: 'x', effect: 'x' },
  ],
}) as unknown as DestinationFactory<unknown>

const environment = { TOKEN: canary }
const failures: readonly Failure[] = [
  { name: 'a malformed file', files: { secrets: `token = ${canary}` }, fail: resolves(one(v.string())) },
  { name: 'an unclosed text', files: { secrets: `token = "${canary}` }, fail: resolves(one(v.string())) },
  {
    name: 'a key twice',
    files: { secrets: `token = "${canary}"\ntoken = "${canary}"` },
    fail: resolves(one(v.string())),
  },
  { name: 'a malformed header', files: { secrets: `[${canary}\n` }, fail: resolves(one(v.string())) },
  {
    name: 'a secret in config.toml',
    files: { config: `token = "${canary}"` },
    fail: resolves(one(secret(v.string()))),
  },
  { name: 'no number', files: { environment }, fail: resolves(one(secret(v.number()))) },
  { name: 'no number in a file', files: { secrets: `token = "${canary}"` }, fail: resolves(one(secret(v.number()))) },
  {
    name: 'no number in a mounted file',
    files: { mounted: { token: canary } },
    fail: resolves(one(secret(v.number()))),
  },
  { name: 'no boolean', files: { environment }, fail: resolves(one(v.boolean())) },
  { name: 'no date', files: { environment }, fail: resolves(one(v.date())) },
  { name: 'no list', files: { environment }, fail: resolves(one(v.array(v.string()))) },
  { name: 'no option', files: { environment }, fail: resolves(one(v.picklist(['a', 'b']))) },
  {
    name: 'no JSON',
    files: { environment: { TOKEN: `{"x": "${canary}` } },
    fail: resolves(one(v.record(v.string(), v.string()))),
  },
  {
    name: 'a list of other items',
    files: { environment: { TOKEN: `["${canary}"]` } },
    fail: resolves(one(v.array(v.number()))),
  },
  {
    name: 'an entry of another type',
    files: { environment: { TOKEN: `{"${canary}": "${canary}"}` } },
    fail: resolves(one(v.record(v.string(), v.pipe(v.string(), v.maxLength(1))))),
  },
  { name: 'a text that is too long', files: { environment }, fail: resolves(one(v.pipe(v.string(), v.maxLength(1)))) },
  { name: 'a text of another form', files: { environment }, fail: resolves(one(v.pipe(v.string(), v.regex(/^x$/)))) },
  {
    name: 'a check of the user',
    files: { environment },
    fail: resolves(
      one(
        v.pipe(
          v.string(),
          v.check(() => false),
        ),
      ),
    ),
  },
  { name: 'another text in code', fail: resolves(one(v.pipe(v.string(), v.maxLength(1))), { token: canary }) },
  { name: 'another type in code', fail: resolves(one(v.number()), { token: canary }) },
  { name: 'a record in code', fail: resolves(one(v.number()), { token: { [`x`]: canary } }) },
  {
    name: 'something missing beside',
    files: { environment },
    fail: resolves(v.object({ token: secret(v.string()), other: v.string() })),
  },
  { name: 'no connection string', files: { environment }, fail: resolves(one(connectionString())) },
  { name: 'no connection string in code', fail: resolves(one(connectionString()), { token: canary }) },
  {
    name: 'a connection string with a wrong port',
    files: { environment: { TOKEN: `x://u:${canary}@h:0/d` } },
    fail: resolves(one(connectionString())),
  },
  {
    name: 'an incomplete connection string',
    files: { environment: { TOKEN: `x://u:${canary}@h?p=${canary}` } },
    fail: resolves(one(connectionString({ required: ['database'] }))),
  },
  {
    name: 'no key file',
    files: { environment: { TOKEN: `{"private_key": "${canary}"` } },
    fail: resolves(one(googleServiceAccount(machine))),
  },
  {
    name: 'an incomplete key file',
    files: { environment: { TOKEN: `{"private_key": "${canary}"}` } },
    fail: resolves(one(googleServiceAccount(machine))),
  },
  {
    name: 'one key without the other',
    files: { environment: { TOKEN__AWS_SECRET_ACCESS_KEY: canary } },
    fail: resolves(one(aws(machine))),
  },
  { name: 'no form of AWS credentials', files: { environment }, fail: resolves(one(aws(machine))) },
  {
    name: 'an incomplete client',
    files: { environment: { TOKEN__CLIENT_SECRET: canary } },
    fail: resolves(one(oauth2())),
  },
  {
    name: 'no form of a union',
    files: { environment },
    fail: resolves(one(v.union([googleServiceAccount(machine), oauth2()]))),
  },
  {
    name: 'an incomplete union',
    files: { environment: { TOKEN__CLIENT_SECRET: canary } },
    fail: resolves(one(v.union([googleServiceAccount(machine), oauth2()]))),
  },
  {
    name: 'a single value of another type',
    files: { environment },
    fail: (providers) => configAccess(true, () => providers).require('token', v.number()),
  },
  {
    name: 'a single value that a check refuses',
    files: { environment },
    fail: (providers) => configAccess(true, () => providers).get('token', v.pipe(v.string(), v.maxLength(1))),
  },
  {
    name: 'setting a value in a malformed file',
    files: { secrets: `token = ${canary}` },
    fail: (providers) => configAccess(true, () => providers).set('a', canary),
  },
  {
    name: 'a provider that throws',
    files: { environment },
    fail: (providers) =>
      resolveConfiguration(v.object({ token: v.string(), other: v.string() }), {
        providers: [
          ...providers,
          {
            name: 'vault',
            supportsSecrets: true,
            keyOf: (path) => path.join('/'),
            get: () => Promise.reject(new Error('no connection')),
          },
        ],
      }),
  },
  {
    name: 'a provider that is late',
    files: { environment },
    fail: () =>
      resolveConfigurationSync(one(v.string()), {
        providers: [
          {
            name: 'vault',
            supportsSecrets: true,
            synchronous: true,
            keyOf: (path) => path.join('/'),
            get: () => Promise.resolve(canary),
          },
        ],
      }),
  },
  {
    name: 'a setting of a destination',
    files: { environment: { CREATE_INDEXES: canary, CREDENTIALS: canary } },
    fail: (providers) => configureDestination(factory, undefined, { providers }),
  },
  {
    name: 'an argument of a pipeline',
    files: { environment: { DEV_MODE: canary, PIPELINE_SECRET: canary } },
    fail: (providers) => configuredOptions({ pipelineName: 'pp' }, providers),
  },
  {
    name: 'a secret of a pipeline in config.toml',
    files: { config: `pipeline_secret = "${canary}"` },
    fail: (providers) => configuredOptions({ pipelineName: 'pp' }, providers),
  },
  {
    name: 'a setting of a step',
    files: { environment: { NEXT_ITEM_MODE: canary, EXTRACT__NEXT_ITEM_MODE: canary } },
    fail: (providers) => sourceSettings({ section: 'x', name: 'x' }, { pipelineName: 'pp', providers }),
  },
]

describe('no error of the configuration shows a value', () => {
  test.each(failures)('$name', async ({ files = {}, fail }) => {
    using project = new TestProject(files)
    const error = await rejection((async () => fail(project.providers))())
    expect(error).toMatchObject({ code: 'CONFIGURATION' })
    expect(seen(error)).not.toContain(canary)
  })
})

describe('nothing that holds a secret shows it', () => {
  test('a resolved configuration', async () => {
    const spec = v.object({
      token: secret(v.string()),
      server: v.object({ password: secret(v.optional(v.string())), tokens: secret(v.array(v.string())) }),
      login: v.union([v.object({ key: secret(v.string()) }), v.object({ user: v.string() })]),
    })
    const explicit = { token: canary, server: { password: canary, tokens: [canary] }, login: { key: canary } }
    const resolved = await resolveConfiguration(spec, { providers: [], explicit: structuredClone(explicit) })
    expect(`${inspect(resolved, { depth: 9 })}${json(resolved)}`).not.toContain(canary)
    expect(JSON.parse(json(resolved))).toEqual({
      token: '[secret]',
      server: { password: '[secret]', tokens: '[secret]' },
      login: { key: '[secret]' },
    })
    expect(resolved).toEqual(explicit)
    expect(Object.keys(resolved)).toEqual(['token', 'server', 'login'])
  })

  test.each([
    ['a list', v.array(secret(v.string())), [canary]],
    ['a tuple', v.tuple([v.string(), secret(v.string())]), ['public', canary]],
    ['the rest of a tuple', v.tupleWithRest([v.string()], secret(v.string())), ['public', canary]],
    ['a record', v.record(v.string(), secret(v.string())), { first: canary }],
    [
      'objects of a list',
      v.array(v.object({ name: v.string(), key: secret(v.string()) })),
      [{ name: 'public', key: canary }],
    ],
    ['a list that may be missing', v.optional(v.nullable(v.array(secret(v.string())))), [canary]],
    ['one of several forms', v.union([v.number(), v.array(secret(v.string()))]), [canary]],
  ])('a configuration with secrets in %s', async (_, keys, value) => {
    const spec = v.object({ keys })
    const resolved = await resolveConfiguration(spec, { providers: [], explicit: { keys: value } })
    expect(resolved).toEqual({ keys: value })
    expect(seen(resolved)).not.toContain(canary)
    using project = new TestProject({ config: formatToml({ keys: value }) })
    const error = await rejection(resolveConfiguration(spec, { providers: project.providers }))
    expect(error.message).toMatch(/^"keys" in config.toml .* is a secret, and config.toml may not hold secrets/)
  })

  test('a configuration without a value shows that there is none', async () => {
    const spec = v.object({ token: secret(v.nullable(v.string())) })
    const resolved = await resolveConfiguration(spec, { providers: [] })
    expect(JSON.parse(json(resolved))).toEqual({ token: null })
  })

  test('a configuration that a schema froze or made something else of is left as it is', async () => {
    const frozen = v.pipe(
      v.object({ token: secret(v.string()) }),
      v.readonly(),
      v.transform((value) => Object.freeze(value)),
    )
    expect(await resolveConfiguration(frozen, { providers: [], explicit: { token: 'x' } })).toEqual({ token: 'x' })
    const text = v.pipe(
      v.object({ token: secret(v.string()) }),
      v.transform(({ token }) => token.length),
    )
    expect(await resolveConfiguration(text, { providers: [], explicit: { token: 'x' } })).toBe(1)
  })

  test('a resource, a transformer and a source that were given one', async () => {
    const config = v.object({
      token: secret(v.string()),
      credentials: v.optional(connectionString()),
      org: v.optional(v.string()),
    })
    const given = { token: canary, credentials: `x://u:${canary}@h`, org: 'shown' }
    const parent = resource({ name: 'parent' }, [1])
    const made = [
      resource({ name: 'orders', config }, () => [])(given),
      transformer({ name: 'details', dataFrom: parent, config }, (item: number) => item)(given),
      source({ name: 'shop', config }, () => [])(given),
    ]
    for (const one of made) {
      expect(`${inspect(one, { depth: 30, showHidden: true, getters: true })}${json(one)}`).not.toContain(canary)
    }
    expect(inspect(made[0], { depth: 9 })).toContain("org: 'shown'")
    expect(given).toEqual({ token: canary, credentials: `x://u:${canary}@h`, org: 'shown' })
    expect(inspect(given)).toContain(canary)
  })

  test('a reference to a destination', () => {
    const lazy = new LazyDestination('duckdb', { credentials: canary })
    expect(`${inspect(lazy, { depth: 9 })}${json(lazy)}`).not.toContain(canary)
    expect(lazy.options).toEqual({ credentials: canary })
  })
})

describe('a pipeline', () => {
  const orders = resource(
    { name: 'orders', config: v.object({ token: secret(v.string()) }) },
    // The secret reaches the function of the user, and only that.
    ({ config }: { readonly config: { readonly token: string } }) => [{ id: 1, length: config.token.length }],
  )

  const unreachable: WarehouseOptions = {
    connect: () => {
      throw new DestinationError('The host does not answer.', {
        kind: 'transient',
        context: { destination: 'warehouse' },
      })
    },
  }
  const refusing: WarehouseOptions = {
    beforeLoad: () => {
      throw new DestinationError('The column is missing.', { kind: 'terminal', context: { destination: 'warehouse' } })
    },
  }

  test.each([
    { name: 'that loads', hooks: {} },
    { name: 'whose destination cannot be reached', hooks: unreachable },
    { name: 'whose package is refused', hooks: refusing },
  ])('$name writes its secrets nowhere', async ({ hooks }) => {
    using shop = new PipelineFixture(hooks)
    const pipeline = shop.pipeline({ credentials: { password: canary }, pipelineSecret: canary })
    const outcome: unknown = await pipeline.run(orders({ token: canary })).catch((error: unknown) => error)
    expect(seen(outcome)).not.toContain(canary)
    expect(shop.messages.join('\n')).not.toContain(canary)
    expect(seen(pipeline.state)).not.toContain(canary)
    expect(seen([...pipeline.schemas.values()])).not.toContain(canary)
    expect(filesBelow(shop.workingDir)).not.toContain(canary)
    expect(seen(await pipeline.pendingPackages())).not.toContain(canary)
  })

  test('whose resource fails writes its secrets nowhere', async () => {
    using shop = new PipelineFixture()
    const failing = resource(
      { name: 'orders', config: v.object({ token: secret(v.string()), page: v.number() }) },
      () => [{ id: 1 }],
    )
    const pipeline = shop.pipeline({ pipelineSecret: canary })
    const error = await rejection(pipeline.run(failing({ token: canary })))
    expect(String(error)).toContain('"page"')
    expect(seen(error)).not.toContain(canary)
    expect(filesBelow(shop.workingDir)).not.toContain(canary)
  })

  test('does not show its secret when it is printed', () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ pipelineSecret: canary, credentials: canary })
    expect(pipeline.pipelineSecret).toBe(canary)
    expect(`${inspect(pipeline, { depth: 9 })}${json(pipeline)}`).not.toContain(canary)
  })
})

/** What dlt says of a failure: its own errors, down to the first object that the user made. */
function composed(error: unknown): string {
  if (!DltError.is(error)) return ''
  return [String(error), error.stack, json(error), json(error.context), composed(error.cause)].join('\n')
}

describe('what code of the user says with a secret in it is not repeated', () => {
  const token = 'plain&canary1 "secret"'
  const config = v.object({ token: secret(v.string()) })
  const refuse = (value: string): never => {
    throw new Error(
      `401 for https://host/?token=${encodeURIComponent(value)}, that is ${value}: ${JSON.stringify(value)}`,
    )
  }
  const one = resource({ name: 'numbers' }, [1])

  const failing = [
    {
      name: 'a resource',
      data: resource({ name: 'orders', config }, (context) => refuse(context.config.token))({ token }),
    },
    {
      name: 'a generator',
      data: resource({ name: 'orders', config }, async function* (context) {
        yield { id: 1 }
        refuse(context.config.token)
      })({ token }),
    },
    {
      name: 'a map',
      data: source({ name: 'store', config }, (given) => [one.addMap(() => refuse(given.token))])({ token }),
    },
    { name: 'a source', data: source({ name: 'store', config }, (given) => refuse(given.token))({ token }) },
    {
      name: 'a transformer',
      data: transformer({ name: 'details', dataFrom: one, config }, (_: number, context) =>
        refuse(context.config.token),
      )({ token }),
    },
  ]

  test.each(failing)('$name', async ({ data }) => {
    using shop = new PipelineFixture()
    const error = await rejection(shop.pipeline().run(data))
    expect(error.message).toContain('401 for https://host/?token=***, that is ***: "***"')
    expect(composed(error)).toContain('***')
    expect(composed(error)).not.toContain('canary1')
    expect(shop.messages.join('\n')).not.toContain('canary1')
    expect(filesBelow(shop.workingDir)).not.toContain('canary1')
  })

  test('the error of the user is theirs, and the cause', async () => {
    using shop = new PipelineFixture()
    const data = resource({ name: 'orders', config }, (context) => refuse(context.config.token))({ token })
    let error: unknown = await rejection(shop.pipeline().run(data))
    while (DltError.is(error)) error = error.cause
    expect(error).toMatchObject({ message: expect.stringContaining(token) })
  })

  test('a map that throws an error of dlt', async () => {
    using shop = new PipelineFixture()
    const rejecting = source({ name: 'store', config }, (given) => [
      one.addMap(() => {
        throw new DltError(`Not with ${given.token}.`, { code: 'DATA' })
      }),
    ])
    const error = await rejection(shop.pipeline().run(rejecting({ token })))
    expect(error.message).toContain('Not with ***.')
    expect(error.message).not.toContain('canary1')
  })

  test.each([
    { name: 'a value', put: (state: StateDraft, value: string) => Object.assign(state, { tok: value }), at: 'tok' },
    {
      name: 'a part of a text in a list',
      put: (state: StateDraft, value: string) =>
        Object.assign(state, { urls: ['x', { next: `https://h/?t=${value}` }] }),
      at: 'urls[1].next',
    },
    {
      name: 'a part of an address',
      put: (state: StateDraft, value: string) => Object.assign(state, { url: `?t=${encodeURIComponent(value)}` }),
      at: 'url',
    },
    { name: 'a key', put: (state: StateDraft, value: string) => Object.assign(state, { [value]: 1 }), at: '***' },
  ])('no state holds one: $name', async ({ put, at }) => {
    using shop = new PipelineFixture()
    const remembering = resource({ name: 'orders', config }, (context) => {
      put(context.state, context.config.token)
      return [{ id: 1 }]
    })
    const pipeline = shop.pipeline()
    const error = await rejection(pipeline.run(remembering({ token })))
    expect(error).toMatchObject({ cause: { code: 'STATE' } })
    expect(error.message).toContain(
      `The state at "sources.shop.resources.orders.${at}" holds a secret of the configuration. The state is stored in plain text, also at the destination: leave the secret out, or remove it with "delete", and take it from the configuration in each run.`,
    )
    expect(filesBelow(shop.workingDir)).not.toContain('canary1')
    expect(seen(pipeline.state)).not.toContain('canary1')
  })

  test('no package that was refused, no log, and no address of a destination', async () => {
    const said = new DestinationError(`Refused for ${token}.`, {
      kind: 'terminal',
      context: { destination: 'warehouse' },
    })
    using shop = new PipelineFixture({
      beforeLoad: () => {
        throw said
      },
    })
    const pipeline = shop.pipeline()
    const info = await pipeline.run(resource({ name: 'orders', config }, () => [{ id: 1 }])({ token }))
    expect(String(info)).toContain('Refused for ***.')
    expect(seen(info)).not.toContain('canary1')
    expect(shop.messages.join('\n')).toContain('Refused for ***.')
    expect(shop.messages.join('\n')).not.toContain('canary1')
    expect(filesBelow(shop.workingDir)).not.toContain('canary1')
  })

  test('no error of a stream of JSON Lines that cannot be read', async () => {
    using shop = new PipelineFixture()
    const lines = source({ name: 'store', config }, (given) => [
      jsonLines(Readable.from(refusedStream(given.token)), { tableName: 'orders' }),
    ])
    const error = await rejection(shop.pipeline().run(lines({ token })))
    expect(error.message).toContain('503 for ***')
    expect(composed(error)).not.toContain('canary1')
    expect(filesBelow(shop.workingDir)).not.toContain('canary1')
  })

  test('no name of a file of JSON Lines that is missing', async () => {
    using shop = new PipelineFixture()
    const lines = source({ name: 'store', config }, (given) => [
      jsonLines(join(shop.folder.in(), given.token), { name: 'orders' }),
    ])
    const error = await rejection(shop.pipeline().run(lines({ token })))
    expect(error.message).toContain('***')
    expect(composed(error)).not.toContain('canary1')
  })

  test('no warning of a resource that is iterated', async () => {
    using warned = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined)
    const rows = Array.from({ length: 300 }, (_, id) => ({ id, at: 1 }))
    const coarse = source({ name: 'store', config }, (given) => [
      resource({ name: `orders ${given.token}`, incremental: { cursorPath: 'at' } }, rows),
    ])
    for await (const _ of coarse({ token }));
    expect(warned.mock.calls.map(([message]) => String(message))).toEqual([expect.stringContaining('orders ***')])
  })

  test('no error of a destination, nor where it says that it happened', async () => {
    using shop = new PipelineFixture({
      beforeLoad: () => {
        throw new DestinationError(`The file "/data/${token}" is gone.`, {
          kind: 'transient',
          context: { destination: 'warehouse', file: `/data/${token}` },
        })
      },
    })
    const run = shop.pipeline().run(resource({ name: 'orders', config }, () => [{ id: 1 }])({ token }))
    const error = await rejection(run)
    expect(error.cause).toMatchObject({ name: 'DestinationError', message: 'The file "/data/***" is gone.' })
    expect(error).toMatchObject({ context: { file: '/data/***' } })
    expect(seen(error)).not.toContain('canary1')
  })

  test('no name of a resource; the error says where it happened all the same', async () => {
    using shop = new PipelineFixture()
    const named = source({ name: 'store', config }, (given) => [
      resource({ name: given.token, incremental: { cursorPath: 'at' } }, [{ at: 1 }, {}]),
    ])
    const error = await rejection(shop.pipeline().run(named({ token })))
    expect(error.message).toContain('Resource "***", incremental 1, item 2: an item has nothing')
    expect(composed(error)).not.toContain('canary1')
  })

  test('no metrics that code counts', async () => {
    using shop = new PipelineFixture()
    const counted = source({ name: 'store', config }, (given) => [
      one.addMetrics((item, metrics) => {
        Object.assign(metrics, { last: item, [`by ${given.token}`]: [{ of: given.token }], at: new Date(0) })
      }),
    ])
    const info = await shop.pipeline().extract(counted({ token }))
    expect(seen(info)).not.toContain('canary1')
    expect(info.packages[0]?.metrics?.resources[0]?.custom).toEqual({
      last: 1,
      'by ***': [{ of: '***' }],
      at: new Date(0),
    })
  })

  test('no address of a destination in what was loaded', async () => {
    using shop = new PipelineFixture()
    Object.assign(shop.warehouse, { describe: () => `warehouse://user:${token}@host` })
    const pipeline = shop.pipeline()
    const info = await pipeline.run(resource({ name: 'orders', config }, () => [{ id: 1 }])({ token }))
    expect(info.destination).toBe('warehouse://user:***@host')
    expect(seen(info)).not.toContain('canary1')
  })
})

async function* refusedStream(secretText: string): AsyncGenerator<string, void, undefined> {
  yield '{"id":1}\n'
  throw new Error(`503 for ${secretText}`)
}
