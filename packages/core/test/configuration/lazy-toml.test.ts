import { createRequire } from 'node:module'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { TestProject } from './test-project.ts'

const parserIsLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('smol-toml'))

test('the parser of TOML files is loaded with the first file', async () => {
  const spec = v.object({ org: v.string() })
  using without = new TestProject({ environment: { ORG: 'x' } })
  await resolveConfiguration(spec, { providers: without.providers })
  expect(parserIsLoaded()).toBe(false)
  using withFile = new TestProject({ config: 'org = "x"' })
  await resolveConfiguration(spec, { providers: withFile.providers })
  expect(parserIsLoaded()).toBe(true)
})
