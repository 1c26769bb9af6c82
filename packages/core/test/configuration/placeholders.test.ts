import * as v from 'valibot'
import { afterEach, expect, test, vi } from 'vitest'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { TestProject } from './test-project.ts'

const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)

afterEach(() => {
  stderr.mockClear()
})

test('a placeholder of a template is a value, of which a warning tells once', async () => {
  using project = new TestProject({
    secrets: 'token = "<configure me>"',
    config: 'since = 1768-07-21T02:56:07.000003Z\norg = "configured"',
  })
  const spec = v.object({ token: secret(v.string()), since: v.date(), org: v.string() })
  for (let time = 0; time < 2; time++) {
    const resolved = await resolveConfiguration(spec, { providers: project.providers })
    expect(resolved.token).toBe('<configure me>')
  }
  const lines = stderr.mock.calls.map(([line]) => String(line).replace(/^[^|]*/, ''))
  const remedy = 'is the placeholder of a template. Write the value there, or remove the line.'
  expect(lines).toEqual([
    `|[WARNING]|dlt|"token" in secrets.toml ("${project.in('project', 'secrets.toml')}") ${remedy}\n`,
    `|[WARNING]|dlt|"since" in config.toml ("${project.in('project', 'config.toml')}") ${remedy}\n`,
  ])
})

test('in the configuration of a pipeline is told to its logger, and to nobody else', async () => {
  using shop = new PipelineFixture()
  vi.stubEnv('TOKEN_OF_PLACEHOLDERS', '<configure me>')
  vi.stubEnv('PIPELINES__SHOP__DATASET_NAME', '<configure me>')
  const config = v.object({ tokenOfPlaceholders: v.string() })
  const pipeline = shop.pipeline()
  await pipeline.extract(resource({ name: 'items', config }, ({ config }) => [{ id: config.tokenOfPlaceholders }]))
  vi.unstubAllEnvs()
  expect(shop.messages).toEqual([
    '"PIPELINES__SHOP__DATASET_NAME" in environment is the placeholder of a template. Write the value there, or remove the line.',
    '"TOKEN_OF_PLACEHOLDERS" in environment is the placeholder of a template. Write the value there, or remove the line.',
  ])
  expect(stderr).not.toHaveBeenCalled()
})

test('other values are none', async () => {
  using project = new TestProject({ environment: { ORG: '<configured>', DAY: '1768-07-22' } })
  await resolveConfiguration(v.object({ org: v.string(), day: v.string() }), { providers: project.providers })
  expect(stderr).not.toHaveBeenCalled()
})
