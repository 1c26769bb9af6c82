import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { configFolders, type FolderFacts } from '../../src/configuration/config-folders.ts'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'
import { SecretFiles } from '../../src/configuration/secret-files.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { TestProject } from './test-project.ts'

const spec = v.object({ api_key: secret(v.string()), org: v.optional(v.string(), 'none') })
const sections = ['sources', 'my_mod', 'src']

describe('environment variables', () => {
  test('are in upper case, joined by two underscores; empty sections are left out', () => {
    using project = new TestProject()
    const [environment] = project.providers
    expect(environment?.keyOf(['sources', 'my_mod', '', 'src', 'api_key'])).toBe('SOURCES__MY_MOD__SRC__API_KEY')
  })

  test('are read when they are needed', async () => {
    const environment: Record<string, string> = { API_KEY: 'first' }
    using project = new TestProject({ environment })
    const { providers } = project
    expect(await resolveConfiguration(spec, { providers })).toMatchObject({ api_key: 'first' })
    environment['API_KEY'] = 'second'
    expect(await resolveConfiguration(spec, { providers })).toMatchObject({ api_key: 'second' })
  })
})

describe('variables of the operating system', () => {
  const fields = v.object({ user: v.string(), path: v.string() })

  test("are nobody's configuration", async () => {
    using project = new TestProject({
      environment: { USER: 'root', PATH: '/bin', SOURCES__PATH: 'p', SOURCES__USER: 'u' },
    })
    const { providers } = project
    expect(await resolveConfiguration(fields, { sections: ['sources'], providers })).toEqual({ user: 'u', path: 'p' })
    await expect(resolveConfiguration(fields, { providers })).rejects.toMatchObject({ fields: ['user', 'path'] })
  })

  test('have names that can be used in files', async () => {
    using project = new TestProject({ environment: { USER: 'root' }, config: 'user = "u"\npath = "p"' })
    expect(await resolveConfiguration(fields, { providers: project.providers })).toEqual({ user: 'u', path: 'p' })
  })
})

describe('mounted secrets', () => {
  const name = 'sources--my-mod--src--api-key'

  test('are files named after the variable, and win over it', async () => {
    using project = new TestProject({
      environment: { SOURCES__MY_MOD__SRC__API_KEY: 'variable' },
      mounted: { [name]: 'mounted\n' },
    })
    const { providers } = project
    expect(await resolveConfiguration(spec, { sections, providers })).toMatchObject({ api_key: 'mounted' })
    expect(providers[0]?.locations).toEqual([{ path: project.in('mounted'), present: true }])
  })

  test('may be in a folder of that name', async () => {
    using project = new TestProject()
    mkdirSync(project.in('mounted', name))
    project.write(`mounted/${name}/${name}`, '-----BEGIN KEY-----\nabc\n-----END KEY-----\r\n')
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toMatchObject({
      api_key: '-----BEGIN KEY-----\nabc\n-----END KEY-----',
    })
  })

  test('a more specific file is found first; only secrets are looked for', async () => {
    using project = new TestProject({ mounted: { [name]: 'specific', 'api-key': 'general', org: 'no secret' } })
    const { providers } = project
    expect(await resolveConfiguration(spec, { sections, providers })).toEqual({ api_key: 'specific', org: 'none' })
    expect(await resolveConfiguration(spec, { providers })).toEqual({ api_key: 'general', org: 'none' })
  })

  test('that appear later are found', async () => {
    using project = new TestProject({ environment: { API_KEY: 'variable' } })
    const { providers } = project
    expect(await resolveConfiguration(spec, { providers })).toMatchObject({ api_key: 'variable' })
    project.write('mounted/api-key', 'mounted')
    expect(await resolveConfiguration(spec, { providers })).toMatchObject({ api_key: 'mounted' })
    rmSync(project.in('mounted'), { recursive: true })
    expect(await resolveConfiguration(spec, { providers })).toMatchObject({ api_key: 'variable' })
  })
})

describe('mounted secrets that are out of order', () => {
  test('a folder that is a file, or not there, holds none', () => {
    using directory = new TemporaryDirectory()
    writeFileSync(directory.in('file'), '')
    for (const folder of ['file', 'missing', 'file/below']) {
      const files = new SecretFiles(directory.in(folder))
      files.refresh()
      expect(files.isEmpty).toBe(true)
      expect(files.read('TOKEN')).toBeUndefined()
    }
  })

  test('a folder without its file, and a link that leads nowhere, are as if they were not there', () => {
    using directory = new TemporaryDirectory()
    mkdirSync(directory.in('empty'))
    symlinkSync(directory.in('missing'), directory.in('link'))
    const files = new SecretFiles(directory.path)
    files.refresh()
    expect(files.isEmpty).toBe(false)
    expect(files.read('EMPTY')).toBeUndefined()
    expect(files.read('LINK')).toBeUndefined()
  })

  test('a file that cannot be read is named', () => {
    using directory = new TemporaryDirectory()
    symlinkSync(directory.in('token'), directory.in('token'))
    const files = new SecretFiles(directory.path)
    files.refresh()
    expect(() => files.read('TOKEN')).toThrow(
      `The file "${directory.in('token')}" cannot be read: ELOOP. Give the user of this process the right to read it, or remove it.`,
    )
  })
})

describe('folders of configuration files', () => {
  const facts: FolderFacts = {
    environment: {},
    currentDirectory: '/project',
    isRoot: false,
    home: '/home/ada',
    temporary: '/tmp',
  }

  test.each<{ name: string; given: Partial<FolderFacts>; folders: readonly string[] }>([
    { name: 'the project, then the user', given: {}, folders: ['/project/.dlt', '/home/ada/.dlt'] },
    { name: 'root', given: { isRoot: true }, folders: ['/project/.dlt', '/var/dlt'] },
    {
      name: 'another project',
      given: { environment: { DLT_PROJECT_DIR: '/projects/x' } },
      folders: ['/projects/x/.dlt', '/home/ada/.dlt'],
    },
    {
      name: 'a project relative to the current folder',
      given: { environment: { DLT_PROJECT_DIR: 'x' } },
      folders: ['/project/x/.dlt', '/home/ada/.dlt'],
    },
    {
      name: 'another name of the folder',
      given: { environment: { DLT_CONFIG_FOLDER: '.settings' } },
      folders: ['/project/.settings', '/home/ada/.settings'],
    },
    {
      name: 'empty variables',
      given: { environment: { DLT_PROJECT_DIR: '', DLT_CONFIG_FOLDER: '', XDG_DATA_HOME: '' } },
      folders: ['/project/.dlt', '/home/ada/.dlt'],
    },
    {
      name: 'a data folder where the home has none',
      given: { environment: { XDG_DATA_HOME: '/data' } },
      folders: ['/project/.dlt', '/data/dlt'],
    },
  ])('$name', ({ given, folders }) => {
    expect(configFolders({ ...facts, ...given })).toEqual(folders)
  })

  test('without a home, the temporary folder', () => {
    const { home: _, ...homeless } = facts
    expect(configFolders(homeless)).toEqual(['/project/.dlt', '/tmp/dlt'])
  })

  test('the folder in the home stays where it exists', () => {
    using directory = new TemporaryDirectory()
    mkdirSync(directory.in('.dlt'))
    writeFileSync(directory.in('.dlt', 'config.toml'), '')
    const environment = { XDG_DATA_HOME: '/data' }
    expect(configFolders({ ...facts, home: directory.path, environment })[1]).toBe(directory.in('.dlt'))
  })

  test('of this machine', () => {
    const [project, user] = configFolders()
    expect(project.endsWith('.dlt')).toBe(true)
    expect(user).toMatch(/dlt$/)
  })
})
