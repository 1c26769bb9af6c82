import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { configAccess } from '../../src/configuration/accessors.ts'
import { addProvider, processProviders } from '../../src/configuration/process-providers.ts'
import { type ProjectFiles, rejection, TestProject } from './test-project.ts'

class AccessedProject extends TestProject {
  readonly config = configAccess(false, () => this.providers)
  readonly secrets = configAccess(true, () => this.providers)
}

const accessed = (files: ProjectFiles = {}): AccessedProject => new AccessedProject(files)

describe('single values', () => {
  test('come as the provider holds them', async () => {
    using project = accessed({
      environment: { LOAD__WORKERS: '5' },
      config: '[load]\nworkers = 7\nretries = 3\ntags = ["a"]',
    })
    expect(await project.config.get('load.workers')).toBe('5')
    expect(await project.config.get('load.retries')).toBe(3)
    expect(await project.config.get('load.tags')).toEqual(['a'])
    expect(await project.config.get('load')).toEqual({ workers: 7, retries: 3, tags: ['a'] })
    expect(await project.config.get('load.missing')).toBeUndefined()
  })

  test('are parsed and checked by a schema', async () => {
    using project = accessed({ environment: { LOAD__WORKERS: '5', LEVEL: 'LOUD' } })
    const workers: number | undefined = await project.config.get('load.workers', v.pipe(v.number(), v.minValue(1)))
    expect(workers).toBe(5)
    const error = await rejection(project.config.get('level', v.picklist(['INFO', 'DEBUG'])))
    expect(error.message).toBe(
      '"LEVEL" in environment is not one of "INFO", "DEBUG" as it is asked for. The value is not shown.',
    )
    const tooSmall = await rejection(project.config.require('load.workers', v.pipe(v.number(), v.minValue(9))))
    expect(tooSmall.message).toBe(
      '"LOAD__WORKERS" in environment is not a number as it is asked for. The value is not shown.',
    )
  })

  test('sections are not left out', async () => {
    using project = accessed({ environment: { TOKEN: 'x' } })
    expect(await project.secrets.get('sources.github.token')).toBeUndefined()
    expect(await project.secrets.get('token')).toBe('x')
  })

  test('that must be there are an error otherwise', async () => {
    using project = accessed({ config: 'a = 1', secrets: 'a = 1' })
    expect(await project.config.require('a')).toBe(1)
    const error = await rejection(project.config.require('sources.github.org'))
    expect(error.message.split('\n').slice(0, 5)).toEqual([
      'Configuration values are missing for dlt.config: "sources.github.org".',
      '"sources.github.org" was looked for, in this order, at:',
      '  environment: SOURCES__GITHUB__ORG',
      '  secrets.toml: sources.github.org',
      '  config.toml: sources.github.org',
    ])
    expect(error).toMatchObject({ name: 'ConfigFieldMissing', fields: ['sources.github.org'] })
  })

  test('secrets are not looked for in config.toml', async () => {
    using project = accessed({ config: 'token = "x"', mounted: { 'other-token': 'y\n' } })
    expect(await project.secrets.get('token')).toBeUndefined()
    expect(await project.secrets.get('other_token')).toBe('y')
    expect(await project.config.get('token')).toBe('x')
  })

  test.each(['', 'a..b', '.a', 'a.'])('"%s" is no path', async (path) => {
    using project = accessed()
    const error = await rejection(project.config.get(path))
    expect(error.message).toBe(
      `"${path}" is no path of a value: names are joined by single dots, as in "sources.github.token".`,
    )
    expect(() => project.config.set(path, 1)).toThrow('is no path of a value')
  })
})

describe('setting', () => {
  test('goes to config.toml or secrets.toml of the project, and is found at once', async () => {
    using project = accessed({
      config: '# kept\n[load]\nworkers = 1\n',
      userConfig: '[load]\nworkers = 9\nretries = 9\n',
    })
    project.config.set('load.workers', 5)
    project.secrets.set('sources.github.token', 'x')
    expect(readFileSync(project.in('project', 'config.toml'), 'utf8')).toBe('# kept\n[load]\nworkers = 5\n')
    expect(readFileSync(project.in('project', 'secrets.toml'), 'utf8')).toBe('[sources.github]\ntoken = "x"\n')
    expect(await project.config.get('load.workers')).toBe(5)
    expect(await project.secrets.get('sources.github.token')).toBe('x')
  })

  test('null removes the value of the project; that of the user shows again', async () => {
    using project = accessed({ config: '[load]\nworkers = 1\n', userConfig: '[load]\nworkers = 9\n' })
    project.config.set('load.workers', null)
    expect(readFileSync(project.in('project', 'config.toml'), 'utf8')).toBe('[load]\n')
    expect(await project.config.get('load.workers')).toBe(9)
  })

  test('does not win over the environment', async () => {
    using project = accessed({ environment: { LOAD__WORKERS: '2' } })
    project.config.set('load.workers', 5)
    expect(await project.config.get('load.workers')).toBe('2')
  })

  test('nothing can be set where nothing can be written', () => {
    const config = configAccess(false, () => [])
    expect(() => config.set('a', 1)).toThrow('No configuration provider can be written to.')
  })
})

describe('the providers of this process', () => {
  test('are the standard ones; others come last, each name once', async () => {
    const names = () => processProviders().map(({ name }) => name)
    expect(names()).toEqual(['environment', 'dlt.secrets.values', 'secrets.toml', 'dlt.config.values', 'config.toml'])
    const vault = {
      name: 'test vault',
      supportsSecrets: true,
      keyOf: (path: readonly string[]) => path.join('/'),
      get: (path: readonly string[]) => (path[0] === 'only_in_test_vault' ? Promise.resolve('x') : undefined),
    }
    configAccess(true).addProvider(vault)
    expect(names()).toEqual([
      'environment',
      'dlt.secrets.values',
      'secrets.toml',
      'dlt.config.values',
      'config.toml',
      'test vault',
    ])
    expect(() => addProvider(vault)).toThrow(
      'There is a configuration provider "test vault" already. Give the new one another name.',
    )
    expect(await configAccess(true).get('only_in_test_vault')).toBe('x')
  })

  test.each([
    {
      provider: { name: 'x', supportsSecrets: true, get: () => 1 },
      message: 'The configuration provider "x" has no "keyOf".',
    },
    { provider: { name: 'x', keyOf: () => 'x' }, message: 'The configuration provider "x" has no "get".' },
    { provider: { get: () => 1, keyOf: () => 'x' }, message: 'A configuration provider has no "name".' },
  ])('are complete: $message', ({ provider, message }) => {
    const before = processProviders()
    // As code without types would call it.
    const add: (incomplete: object) => void = (incomplete) => Reflect.apply(addProvider, undefined, [incomplete])
    expect(() => add(provider)).toThrow(`${message} It needs name (text), get(path, { secret }) and keyOf(path).`)
    expect(processProviders()).toBe(before)
  })
})
