import type { Destination, DestinationFactory, Setting } from '@dlt/destination'
import { describe, expect, test } from 'vitest'
import { configureDestination } from '../../src/destinations/configure-destination.ts'
import { LazyDestination } from '../../src/destinations/lazy-destination.ts'
import { destinationOfType, namedDestination } from '../../src/destinations/named-destination.ts'
import { resolveDestination } from '../../src/destinations/resolve-destination.ts'
import { type ProjectFiles, rejection, TestProject } from '../configuration/test-project.ts'

const settings: readonly Setting[] = [
  {
    key: 'credentials',
    type: 'text',
    parts: [{ key: 'database', option: 'path', type: 'text', default: 'none', effect: 'x' }],
    default: 'none',
    effect: 'x',
  },
  { key: 'create_indexes', option: 'createIndexes', type: 'boolean', default: 'none', effect: 'x' },
  { key: 'token', type: 'text', secret: true, default: 'none', effect: 'x' },
]

interface Made extends Destination {
  readonly options: unknown
}

// Only what is needed to be taken for a destination.
const make = (options: unknown = {}): Made => {
  const name = typeof options === 'object' && options !== null && 'name' in options ? String(options.name) : 'files'
  return { type: 'files', name, options, capabilities: {}, check() {}, connect() {} } as unknown as Made
}
/** One that says which options it was not given. */
const makeOpen = (options: Readonly<Record<string, unknown>>): Destination => ({
  ...make(options),
  open: {
    settings: settings.filter(({ key, option = key }) => options[option] === undefined),
    complete: (more) => makeOpen({ ...options, ...more }),
  },
})
const factory: DestinationFactory<unknown> = Object.assign(make, { settings })

async function optionsOf(explicit: unknown, files: ProjectFiles, pipelineName?: string): Promise<unknown> {
  using project = new TestProject(files)
  const options = { providers: project.providers, ...(pipelineName !== undefined && { pipelineName }) }
  const destination = await configureDestination(factory, explicit, options)
  return 'options' in destination ? destination.options : undefined
}

describe('the settings of a destination', () => {
  test('are found under its name, then for all destinations', async () => {
    expect(
      await optionsOf(undefined, {
        environment: { DESTINATION__FILES__CREDENTIALS: '/data/x', DESTINATION__CREATE_INDEXES: 'true' },
        secrets: '[destination.files]\ntoken = "t"',
      }),
    ).toEqual({ credentials: '/data/x', createIndexes: true, token: 't' })
  })

  test('of another destination are not taken', async () => {
    const files = { environment: { DESTINATION__OTHER__CREATE_INDEXES: 'true' } }
    expect(await optionsOf(undefined, files)).toEqual({})
    expect(await optionsOf({ name: 'other' }, files)).toEqual({ name: 'other', createIndexes: true })
  })

  test('may be given in parts', async () => {
    expect(await optionsOf(undefined, { config: '[destination.files.credentials]\ndatabase = "/data/x"' })).toEqual({
      credentials: { path: '/data/x' },
    })
  })

  test('of the pipeline come first', async () => {
    const config = '[destination.files]\ncredentials = "all"\n[pp.destination.files]\ncredentials = "own"'
    expect(await optionsOf(undefined, { config }, 'pp')).toEqual({ credentials: 'own' })
    expect(await optionsOf(undefined, { config })).toEqual({ credentials: 'all' })
  })

  test('do not win over options in code, and are not even looked for', async () => {
    const files = { environment: { CREATE_INDEXES: 'no boolean', CREDENTIALS: 'configured' } }
    expect(await optionsOf({ createIndexes: false, credentials: undefined }, files)).toEqual({
      createIndexes: false,
      credentials: 'configured',
    })
  })

  test('that do not fit are refused', async () => {
    const error = await rejection(optionsOf(undefined, { environment: { CREATE_INDEXES: 'maybe' } }))
    expect(error.message).toBe(
      '"CREATE_INDEXES" in environment is not a boolean ("true" or "false"). Correct it there; the value is not shown.',
    )
  })

  test('are none for a factory that declares none, or without any value', async () => {
    using project = new TestProject({ environment: { CREDENTIALS: 'x' } })
    const { providers } = project
    const given = {}
    expect(await configureDestination(make, given, { providers })).toMatchObject({ options: given })
    expect(await optionsOf(undefined, {})).toEqual({})
  })

  test('reach a factory that is passed uncalled', async () => {
    using project = new TestProject({ environment: { DESTINATION__FILES__CREDENTIALS: 'x' } })
    const destination = await resolveDestination(factory, { from: '/', providers: project.providers })
    expect(destination).toMatchObject({ options: { credentials: 'x' } })
  })

  test('do not reach a destination that was made already, and says nothing of its options', async () => {
    using project = new TestProject({ environment: { DESTINATION__FILES__CREDENTIALS: 'x' } })
    const made = make()
    expect(await resolveDestination(made, { from: '/', providers: project.providers })).toBe(made)
  })

  test('complete a destination that was made already: what it was not given', async () => {
    using project = new TestProject({
      environment: { DESTINATION__FILES__CREDENTIALS: 'x', DESTINATION__FILES__CREATE_INDEXES: 'no boolean' },
    })
    const resolve = (given: Destination) => resolveDestination(given, { from: '/', providers: project.providers })
    const made = makeOpen({ createIndexes: true })
    const completed = await resolve(made)
    expect(completed).toMatchObject({ options: { createIndexes: true, credentials: 'x' } })
    // One object is one database in memory: it must not become another one with each pipeline.
    expect(await resolve(made)).toBe(completed)
    expect(await resolve(makeOpen({ createIndexes: true, credentials: 'own', token: 't' }))).toMatchObject({
      options: { createIndexes: true, credentials: 'own', token: 't' },
    })
  })

  test('complete options that the destination leaves open although they are given', async () => {
    using project = new TestProject({ environment: { DESTINATION__FILES__CREDENTIALS: 'configured' } })
    const complete = (more: Readonly<Record<string, unknown>>) => make({ ...more, by: 'complete' })
    const opens = Object.assign((options: unknown) => ({ ...make(options), open: { settings, complete } }), {
      settings,
    })
    expect(await configureDestination(opens, { credentials: 'given' }, project)).toMatchObject({
      options: { credentials: 'configured', by: 'complete' },
    })
  })

  test('leave a destination as it is where nothing is configured', async () => {
    using project = new TestProject({})
    const made = makeOpen({})
    expect(await resolveDestination(made, { from: '/', providers: project.providers })).toBe(made)
  })
})

describe('a name', () => {
  test('with a type in the configuration is a destination of that type and name', async () => {
    using project = new TestProject({ config: '[destination.warehouse]\ndestination_type = "duckdb"' })
    const { providers } = project
    expect(await namedDestination('warehouse', providers)).toEqual(new LazyDestination('duckdb', { name: 'warehouse' }))
    expect(await namedDestination('other', providers)).toBe('other')
  })

  test('may be that of another type', async () => {
    using project = new TestProject({ environment: { DESTINATION__DUCKDB__DESTINATION_TYPE: '@acme/other' } })
    expect(await namedDestination('duckdb', project.providers)).toEqual(
      new LazyDestination('@acme/other', { name: 'duckdb' }),
    )
  })

  test.each(['@acme/dlt-destination-foo', './foo.mjs', 'dlt.destinations.duckdb'])(
    'of a package is none: %s',
    async (name) => {
      using project = new TestProject({ config: `[destination]\n${JSON.stringify(name)} = { destination_type = "x" }` })
      expect(await namedDestination(name, project.providers)).toBe(name)
    },
  )

  test('that is its own type is left alone', async () => {
    using project = new TestProject({ config: '[destination.duckdb]\ndestination_type = "duckdb"' })
    expect(await namedDestination('duckdb', project.providers)).toBe('duckdb')
    expect(await namedDestination(make(), project.providers)).toMatchObject({ type: 'files' })
  })

  test('and a type, from a state', () => {
    expect(destinationOfType('dlt.destinations.duckdb', undefined)).toBe('dlt.destinations.duckdb')
    expect(destinationOfType('dlt.destinations.duckdb', 'duckdb')).toBe('dlt.destinations.duckdb')
    expect(destinationOfType('dlt.destinations.duckdb', 'own')).toEqual(
      new LazyDestination('dlt.destinations.duckdb', { name: 'own' }),
    )
  })
})

describe('a layout for names of staging datasets', () => {
  const config = '[destination.files]\nstaging_dataset_name_layout = "%s_later"'
  const message =
    'The setting "staging_dataset_name_layout" is "%s_later", and the destination "files" has no staging dataset: each load has staging tables of its own, which are gone after it. Remove the setting.'

  test('is refused where the destination has none, however it was made', async () => {
    using project = new TestProject({ config })
    const options = { providers: project.providers, from: project.in() }
    expect(await rejection(configureDestination(factory, undefined, options))).toMatchObject({
      code: 'CONFIGURATION',
      message,
    })
    await expect(resolveDestination(makeOpen({}), options)).rejects.toThrow(message)
    await expect(resolveDestination(make(), options)).rejects.toThrow(message)
  })

  test('also where it is meant for all destinations', async () => {
    using project = new TestProject({ environment: { STAGING_DATASET_NAME_LAYOUT: 'x' } })
    await expect(configureDestination(factory, undefined, project)).rejects.toThrow('is "x"')
  })

  test('is for the destination to judge that knows it', async () => {
    using project = new TestProject({ config })
    const layout = {
      key: 'staging_dataset_name_layout',
      option: 'layout',
      type: 'text',
      default: 'none',
      effect: 'x',
    } as const
    const knowing = Object.assign((options: unknown) => make(options), { settings: [...settings, layout] })
    expect(await configureDestination(knowing, undefined, project)).toMatchObject({ options: { layout: '%s_later' } })
  })
})
