import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Destination, MissingPackageError } from '@dlt/destination'
import { sampleCapabilities } from '@dlt/destination/testing'
import { DltError } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { duckdb } from '../../src/destinations/index.ts'
import { LazyDestination } from '../../src/destinations/lazy-destination.ts'
import { type DestinationInput, resolveDestination } from '../../src/destinations/resolve-destination.ts'

let script: string

beforeEach(async () => {
  script = await mkdtemp(join(tmpdir(), 'dlt-resolve-'))
  // The lock file tells the package manager, whichever one runs these tests.
  await writeFile(join(script, 'pnpm-lock.yaml'), '')
})

afterEach(async () => {
  await rm(script, { recursive: true, force: true })
})

async function install(name: string, source: string): Promise<void> {
  const folder = join(script, 'node_modules', name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js' }))
  await writeFile(join(folder, 'index.js'), source)
}

const resolve = (input: DestinationInput | undefined): Promise<Destination> =>
  resolveDestination(input, { from: script })

async function failure(input: DestinationInput | undefined): Promise<DltError> {
  const error: unknown = await resolve(input).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!DltError.is(error)) throw new Error('a DltError was expected', { cause: error })
  return error
}

const working = `export const destination = (options) => ({
  type: 'foo', name: 'foo', options, capabilities: {}, check() {}, connect() {}, describe: () => 'foo://' })`

describe('a package by name', () => {
  it('is loaded from the folder of the script', async () => {
    await install('@acme/dlt-destination-foo', working)
    expect((await resolve('@acme/dlt-destination-foo')).type).toBe('foo')
  })

  it('may have no scope when it says what it is', async () => {
    await install('dlt-destination-foo', working)
    expect((await resolve('dlt-destination-foo')).type).toBe('foo')
  })

  it('may be a module next to the script', async () => {
    await writeFile(join(script, 'foo.mjs'), working)
    expect((await resolve('./foo.mjs')).type).toBe('foo')
  })

  it('that is missing is named with the command that installs it', async () => {
    const error = await failure('@acme/dlt-destination-bar')
    expect(error).toBeInstanceOf(MissingPackageError)
    expect(error.code).toBe('MISSING_PACKAGE')
    expect(error.message).toMatch(
      /^The package "@acme\/dlt-destination-bar" \(\*\) is not installed, and the destination "@acme\/dlt-destination-bar" needs it\. Install it: /,
    )
  })

  it('whose own dependency is missing names the dependency', async () => {
    await install('@acme/dlt-destination-foo', `import '@vendor/sdk/client.js'\n${working}`)
    const error = await failure('@acme/dlt-destination-foo')
    expect(error).toBeInstanceOf(MissingPackageError)
    expect(error.message).toMatch(
      /^The package "@vendor\/sdk" \(\*\) is not installed, and the package "@acme\/dlt-destination-foo" needs it\. Install it: /,
    )
  })

  it('that cannot be loaded says why', async () => {
    await install('@acme/dlt-destination-foo', `throw new Error('the native library does not fit')`)
    const error = await failure('@acme/dlt-destination-foo')
    expect(error.code).toBe('CONFIGURATION')
    expect(error.message).toBe(
      'The package "@acme/dlt-destination-foo" for the destination "@acme/dlt-destination-foo" is installed, but cannot be loaded: the native library does not fit. Reinstall it, or use a version that fits.',
    )
  })

  it('with a missing file of its own is broken, not missing', async () => {
    await install('@acme/dlt-destination-foo', `import './client.js'`)
    const error = await failure('@acme/dlt-destination-foo')
    expect(error).not.toBeInstanceOf(MissingPackageError)
    expect(error.message).toContain('is installed, but cannot be loaded')
  })

  it('is looked for where core is installed when the script has none', async () => {
    const error = await failure('decimal.js')
    expect(error.message).toBe(
      'The package "decimal.js" is no destination: it does not export a function called "destination".',
    )
  })

  it('that is no destination is refused', async () => {
    await install('@acme/left-pad', 'export const pad = 1')
    const error = await failure('@acme/left-pad')
    expect(error.code).toBe('CONFIGURATION')
    expect(error.message).toBe(
      'The package "@acme/left-pad" is no destination: it does not export a function called "destination".',
    )
  })
})

describe('an official name', () => {
  it.each(['duckdb', 'dlt.destinations.duckdb'])('%s stands for the package', async (name) => {
    await install('@dlt/destination-duckdb', working)
    expect((await resolve(name)).type).toBe('foo')
  })

  it('that is mistyped is not taken for a package', async () => {
    const error = await failure('duckbd')
    expect(error.code).toBe('CONFIGURATION')
    expect(error.message).toBe(
      'The destination "duckbd" is unknown. Official destinations: "duckdb", "postgres". Others are called by their package, for instance "@acme/dlt-destination-foo"; a name of your own needs "destination.duckbd.destination_type" in the configuration.',
    )
  })
})

describe('a lazy destination', () => {
  it('passes its options and gives the same destination each time', async () => {
    await install('@acme/dlt-destination-foo', working)
    const lazy = new LazyDestination('@acme/dlt-destination-foo', { path: ':memory:' })
    const destination = await resolve(lazy)
    expect(destination).toMatchObject({ options: { path: ':memory:' } })
    expect(await resolve(lazy)).toBe(destination)
  })

  it('may be given by a function that makes it, uncalled', async () => {
    await install('@dlt/destination-duckdb', working)
    expect(await resolve(duckdb)).toMatchObject({ type: 'foo' })
  })

  it('can be used after its package was installed', async () => {
    const lazy = new LazyDestination('@acme/dlt-destination-late')
    expect(await failure(lazy)).toBeInstanceOf(MissingPackageError)
    await install('@acme/dlt-destination-late', working)
    expect((await resolve(lazy)).type).toBe('foo')
  })
})

describe('an object', () => {
  const destination: Destination = {
    type: 'own',
    name: 'own',
    capabilities: sampleCapabilities,
    check: () => undefined,
    connect: async () => {
      throw new Error('not part of this test')
    },
    describe: () => 'own://',
  }

  it('is taken as it is, and made by a factory', async () => {
    expect(await resolve(destination)).toBe(destination)
    expect(await resolve(() => destination)).toBe(destination)
  })

  it('that is no destination is refused', async () => {
    const notTyped: unknown = { type: 'own' }
    const error = await failure(notTyped as Destination)
    expect(error.message).toBe(
      'The destination "given" is not usable: it has no capabilities or no connect function. Pass the name of a destination, or what a destination\'s factory returns.',
    )
  })

  it('that is missing is asked for', async () => {
    expect((await failure(undefined)).message).toBe(
      "No destination is given. Pass one to the pipeline or to run, for instance { destination: 'duckdb' }.",
    )
  })
})
