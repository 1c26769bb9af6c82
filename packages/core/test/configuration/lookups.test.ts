import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { ConfigFieldMissing } from '../../src/configuration/config-field-missing.ts'
import { connectionString } from '../../src/configuration/credentials/connection-string.ts'
import { lookupPaths } from '../../src/configuration/lookup-paths.ts'
import { withNativeForm } from '../../src/configuration/native-form.ts'
import type { ConfigProvider } from '../../src/configuration/provider.ts'
import { resolveConfiguration, resolveConfigurationSync } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'

interface Recording {
  readonly name: string
  readonly sections: readonly string[]
  readonly pipeline: string | null
  readonly environment: Readonly<Record<string, string>>
  readonly lookups: readonly (readonly [provider: string, key: string])[]
}

const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL('recorded/lookups.json', import.meta.url), 'utf8'),
)

const inner = v.object({ host: v.string(), token: secret(v.string()) })
const outer = v.object({ server: inner })
const database = connectionString({ drivername: 'postgresql', required: ['database'] })
const client = v.object({ credentials: database, create_indexes: v.boolean() })
const key = (describe: string) => ({ describe, required: [], parse: () => undefined })
const serviceAccount = withNativeForm(
  v.object({
    project_id: v.string(),
    private_key: secret(v.string()),
    private_key_id: v.optional(v.string()),
    client_email: v.string(),
  }),
  key('a key file'),
)
const oauth = withNativeForm(
  v.object({
    client_id: v.string(),
    client_secret: secret(v.string()),
    refresh_token: secret(v.string()),
    scopes: v.optional(v.array(v.string())),
    token: v.optional(secret(v.string())),
    project_id: v.string(),
  }),
  key('a client file'),
)

/** The specs of `record-lookups.py`, declared here. */
const specs: Readonly<Record<string, v.GenericSchema>> = {
  'secret of a source': v.object({ api_key: secret(v.string()) }),
  'secret with a pipeline': v.object({ api_key: secret(v.string()) }),
  embedded: outer,
  'embedded without sections': outer,
  'embedded with a pipeline': outer,
  'embedded, optional': v.object({ server: v.optional(inner) }),
  'embedded twice': v.object({ outer }),
  'embedded under a hidden name': v.object({ _server: inner }),
  'config with a section of its own': v.object({ log_level: v.string(), server: inner }),
  'config with a section of its own, in sections': v.object({ log_level: v.string(), server: inner }),
  destination: client,
  'credentials of a source': client,
  'credentials as text, in part': client,
  'union of credentials': v.object({ credentials: v.union([serviceAccount, oauth]) }),
}
const plain = v.object({ org: v.string() })

/** The three standard providers, without files; they note what they are asked for. */
function recordingProviders(environment: Readonly<Record<string, string>>): {
  readonly providers: readonly ConfigProvider[]
  readonly asked: string[][]
} {
  const asked: string[][] = []
  const provider = (name: string, supportsSecrets: boolean, keyOf: ConfigProvider['keyOf']): ConfigProvider => ({
    name,
    supportsSecrets,
    synchronous: true,
    keyOf,
    get: (path, hint) => {
      const at = keyOf(path)
      if (supportsSecrets || !hint.secret) asked.push([name, at])
      return name === 'Environment Variables' ? environment[at] : undefined
    },
  })
  const dotted = (path: readonly string[]) => path.join('.')
  return {
    asked,
    providers: [
      provider('Environment Variables', true, (path) => path.join('__').toUpperCase()),
      provider('secrets.toml', true, dotted),
      provider('config.toml', false, dotted),
    ],
  }
}

// The reference system asks for the kind of the database again where a connection string names the default one.
function withoutDriver(name: string, lookups: Recording['lookups']): Recording['lookups'] {
  return name === 'credentials as text, in part' ? lookups.filter(([, at]) => !/drivername/i.test(at)) : lookups
}

describe('lookups as recorded from the reference system', () => {
  test('has all shapes', () => {
    expect(recordings).toHaveLength(19)
    const unknown = Object.keys(specs).filter((name) => !recordings.some((recording) => recording.name === name))
    expect(unknown).toEqual([])
  })

  test.each(recordings)('$name', async ({ name, sections, pipeline, environment, lookups }) => {
    const { providers, asked } = recordingProviders(environment)
    const options = {
      sections,
      providers,
      ...(pipeline !== null && { pipelineName: pipeline }),
      ...(name.startsWith('config with a section') && { ownSection: 'runtime' }),
    }
    const outcome = await resolveConfiguration(specs[name] ?? plain, options).catch((error: unknown) => error)
    // An own section of a configuration that is no credentials is not looked up as one value here: there is no such value.
    const withoutSection = lookups.filter(
      ([, at]) => !/^(?:destination(?:\.|__)(?:files(?:\.|__))?)?runtime$/i.test(at),
    )
    expect(asked).toEqual(withoutDriver(name, withoutSection))
    if (name !== 'embedded, optional') expect(outcome).toBeInstanceOf(ConfigFieldMissing)
    else expect(outcome).toEqual({})
  })

  test('the synchronous way looks at the same places', () => {
    for (const { name, sections, pipeline, environment, lookups } of recordings) {
      if (name.startsWith('config with a section') || name === 'embedded, optional') continue
      const { providers, asked } = recordingProviders(environment)
      const options = { sections, providers, ...(pipeline !== null && { pipelineName: pipeline }) }
      expect(() => resolveConfigurationSync(specs[name] ?? plain, options)).toThrow(ConfigFieldMissing)
      expect(asked).toEqual(withoutDriver(name, lookups))
    }
  })
})

describe('lookup paths', () => {
  const scope = { sections: ['sources', 'mymod', 'mysrc'], embedded: [] }
  const keys = (...args: Parameters<typeof lookupPaths>) => lookupPaths(...args).map((path) => path.join('.'))

  test('leave sections out from the right; the compact layout is third', () => {
    expect(keys('api_key', scope)).toEqual([
      'sources.mymod.mysrc.api_key',
      'sources.mymod.api_key',
      'sources.mysrc.api_key',
      'sources.api_key',
      'api_key',
    ])
  })

  test.each([
    { name: 'a section like the name', sections: ['sources', 'github', 'github'] },
    { name: 'another top section', sections: ['destination', 'mymod', 'mysrc'] },
    { name: 'two sections', sections: ['sources', 'mymod'] },
  ])('have no compact layout for $name', ({ sections }) => {
    expect(lookupPaths('key', { sections, embedded: [] })).toHaveLength(sections.length + 1)
  })

  test('have no compact layout for a section like the name, also inside of fields', () => {
    expect(keys('key', { sections: ['sources', 'github', 'github'], embedded: ['a', 'b'] })).toEqual([
      'sources.github.github.a.b.key',
      'sources.github.github.b.key',
      'sources.github.b.key',
      'sources.b.key',
      'b.key',
    ])
  })

  test('a compact layout that is there already is not repeated', () => {
    const paths = keys('key', { sections: ['sources', 'a', 'b'], embedded: ['c', 'd'] })
    expect(new Set(paths).size).toBe(paths.length)
  })

  test('the innermost enclosing field stays', () => {
    expect(keys('host', { sections: ['destination', 'files'], embedded: ['outer', 'server'] })).toEqual([
      'destination.files.outer.server.host',
      'destination.files.server.host',
      'destination.server.host',
      'server.host',
    ])
  })

  test('an own section stays, too, unless a field encloses', () => {
    expect(keys('log_level', { sections: [], embedded: [], ownSection: 'runtime' })).toEqual(['runtime.log_level'])
    expect(keys('host', { sections: [], embedded: ['server'], ownSection: 'runtime' })).toEqual(['server.host'])
  })

  test('hidden fields are no part of a path', () => {
    expect(keys('host', { sections: ['a'], embedded: ['_b'] })).toEqual(['a.host', 'host'])
    expect(keys('host', { sections: [], embedded: ['_b', 'c'] })).toEqual(['c.host'])
  })
})
