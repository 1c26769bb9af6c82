import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { lookupPaths } from '../../src/configuration/lookup-paths.ts'
import type { ConfigProvider } from '../../src/configuration/provider.ts'
import { resolveConfiguration, resolveConfigurationSync } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'

const sections = ['sources', 'mymod', 'mysrc']
const paths = lookupPaths('value', { sections, embedded: [] })

/** A value that a provider holds. */
interface Planted {
  readonly provider: number
  readonly path: number
  readonly ofPipeline: boolean
}

const planted: fc.Arbitrary<Planted> = fc.record({
  provider: fc.nat({ max: 2 }),
  path: fc.nat({ max: paths.length - 1 }),
  ofPipeline: fc.boolean(),
})

/** Where a value stands in the order in which it is looked for: smaller is earlier. */
const rank = ({ provider, path, ofPipeline }: Planted): number => (ofPipeline ? 0 : 1000) + provider * 100 + path

const nameOf = (value: Planted): string => JSON.stringify(value)

function providersOf(values: readonly Planted[], isLate: (provider: number) => boolean): readonly ConfigProvider[] {
  return [0, 1, 2].map((index) => {
    const held = new Map(
      values
        .filter(({ provider }) => provider === index)
        .map((value) => [[...(value.ofPipeline ? ['pp'] : []), ...(paths[value.path] ?? [])].join('.'), nameOf(value)]),
    )
    return {
      name: `provider ${index}`,
      supportsSecrets: true,
      synchronous: !isLate(index),
      keyOf: (path) => path.join('.'),
      get: (path) => {
        const found = held.get(path.join('.'))
        return isLate(index) ? Promise.resolve(found) : found
      },
    }
  })
}

describe('of values that several providers hold in several places', () => {
  const values = fc.uniqueArray(planted, { selector: nameOf, maxLength: 12 })
  const spec = v.object({ value: v.optional(v.string(), 'none') })
  const first = (of: readonly Planted[]): string => {
    const [found] = of.toSorted((left, right) => rank(left) - rank(right))
    return found === undefined ? 'none' : nameOf(found)
  }

  test('the first in the order of lookups is taken, whether providers answer at once or later', async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.uniqueArray(fc.nat({ max: 2 })), async (held, late) => {
        const providers = providersOf(held, (index) => late.includes(index))
        const resolved = await resolveConfiguration(spec, { sections, pipelineName: 'pp', providers })
        expect(resolved.value).toBe(first(held))
        const atOnce = resolveConfigurationSync(spec, { sections, pipelineName: 'pp', providers })
        expect(atOnce.value).toBe(first(held.filter(({ provider }) => !late.includes(provider))))
      }),
    )
  })

  test('those of the pipeline are nobody else’s', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (held) => {
        const providers = providersOf(held, () => false)
        const resolved = await resolveConfiguration(spec, { sections, providers })
        expect(resolved.value).toBe(first(held.filter(({ ofPipeline }) => !ofPipeline)))
      }),
    )
  })

  test('a value in code wins over all', async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.string(), async (held, value) => {
        const providers = providersOf(held, () => false)
        expect(await resolveConfiguration(spec, { sections, providers, explicit: { value } })).toEqual({ value })
      }),
    )
  })
})

describe('at the same time', () => {
  test('resolutions do not mix', async () => {
    const later: ConfigProvider = {
      name: 'vault',
      supportsSecrets: true,
      keyOf: (path) => path.join('.'),
      get: async (path) => {
        await new Promise((resolve) => setTimeout(resolve, path.length % 3))
        return path.length === 3 ? `${path[1]}/${path[2]}` : undefined
      },
    }
    const spec = v.object({ a: secret(v.string()), b: v.string(), c: v.optional(v.string()) })
    const names = Array.from({ length: 20 }, (_, index) => `source_${index}`)
    const resolved = await Promise.all(
      names.map((name) => resolveConfiguration(spec, { sections: ['sources', name, name], providers: [later] })),
    )
    expect(resolved).toEqual(names.map((name) => ({ a: `${name}/a`, b: `${name}/b`, c: `${name}/c` })))
  })
})

describe('paths', () => {
  const name = fc.stringMatching(/^[a-z]{1,4}$/)
  const scopes = fc.record({
    sections: fc.oneof(
      fc.array(name, { maxLength: 4 }),
      fc.tuple(fc.constant('sources'), name, name).map((parts): string[] => parts),
    ),
    embedded: fc.array(
      fc.oneof(
        name,
        name.map((text) => `_${text}`),
      ),
      { maxLength: 3 },
    ),
  })

  test('are different from each other, end with the key, and the shortest keeps the innermost field', () => {
    fc.assert(
      fc.property(scopes, (scope) => {
        const all = lookupPaths('key', scope)
        expect(new Set(all.map((path) => path.join('.'))).size).toBe(all.length)
        for (const path of all) expect(path.at(-1)).toBe('key')
        const innermost = scope.embedded.at(-1)
        const shortest = innermost === undefined || innermost.startsWith('_') ? ['key'] : [innermost, 'key']
        expect(all.at(-1)).toEqual(shortest)
        expect(all.flat().some((part) => part.startsWith('_'))).toBe(false)
      }),
    )
  })

  test('get shorter, but for the one without the section of a source', () => {
    fc.assert(
      fc.property(scopes, (scope) => {
        const all = lookupPaths('key', scope)
        const isCompact = (path: readonly string[]) =>
          path[0] === 'sources' && path[1] === scope.sections[2] && path[1] !== scope.sections[1]
        const lengths = all.filter((path) => !isCompact(path)).map((path) => path.length)
        expect(lengths).toEqual(lengths.toSorted((left, right) => right - left))
      }),
    )
  })
})
