import { inspect } from 'node:util'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { ConfigFieldMissing } from '../../src/configuration/config-field-missing.ts'
import { connectionString } from '../../src/configuration/credentials/connection-string.ts'
import { type ResolveOptions, resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { secret } from '../../src/configuration/secret.ts'
import { type ProjectFiles, rejection, TestProject } from './test-project.ts'

/** The message for a configuration in which something is missing, with `<dir>` for the folder of the test. */
async function messageOf(
  spec: v.GenericSchema,
  { files = {}, ...options }: ResolveOptions & { readonly files?: ProjectFiles },
): Promise<string> {
  using project = new TestProject(files)
  const error = await rejection(resolveConfiguration(spec, { ...options, providers: project.providers }))
  expect(error).toBeInstanceOf(ConfigFieldMissing)
  return error.message.replaceAll(project.in(), '<dir>')
}

const github = { sections: ['sources', 'github_module', 'github'], owner: 'the source "github"' }

describe('the error for missing values', () => {
  test('lists every place in order, the files, and the lines to add', async () => {
    const spec = v.object({ token: secret(v.string()), org: v.string(), per_page: v.optional(v.number(), 100) })
    const files = { secrets: 'other = 1', config: 'other = 1' }
    expect(await messageOf(spec, { ...github, files })).toBe(
      [
        'Configuration values are missing for the source "github": "token" (secret), "org".',
        '"token" (secret) was looked for, in this order, at:',
        '  environment: SOURCES__GITHUB_MODULE__GITHUB__TOKEN, SOURCES__GITHUB_MODULE__TOKEN, SOURCES__GITHUB__TOKEN, SOURCES__TOKEN, TOKEN',
        '  secrets.toml: sources.github_module.github.token, sources.github_module.token, sources.github.token, sources.token, token',
        '"org" was looked for, in this order, at:',
        '  environment: SOURCES__GITHUB_MODULE__GITHUB__ORG, SOURCES__GITHUB_MODULE__ORG, SOURCES__GITHUB__ORG, SOURCES__ORG, ORG',
        '  secrets.toml: sources.github_module.github.org, sources.github_module.org, sources.github.org, sources.org, org',
        '  config.toml: sources.github_module.github.org, sources.github_module.org, sources.github.org, sources.org, org',
        'Files:',
        '  <dir>/project/secrets.toml',
        '  <dir>/user/secrets.toml (does not exist)',
        '  <dir>/project/config.toml',
        '  <dir>/user/config.toml (does not exist)',
        'To give what is missing, add to <dir>/project/secrets.toml:',
        '  [sources.github]',
        '  token = "..."',
        'To give what is missing, add to <dir>/project/config.toml:',
        '  [sources.github]',
        '  org = "..."',
        'or set in the environment: SOURCES__GITHUB__TOKEN, SOURCES__GITHUB__ORG',
      ].join('\n'),
    )
  })

  test('does not list empty files as looked at, with a pipeline lists its places first', async () => {
    const spec = v.object({ org: v.string() })
    expect(await messageOf(spec, { sections: ['load'], pipelineName: 'pp' })).toBe(
      [
        'Configuration values are missing for "load": "org".',
        '"org" was looked for, in this order, at:',
        '  environment: PP__LOAD__ORG, PP__ORG, LOAD__ORG, ORG',
        'Files:',
        '  <dir>/project/secrets.toml (does not exist)',
        '  <dir>/user/secrets.toml (does not exist)',
        '  <dir>/project/config.toml (does not exist)',
        '  <dir>/user/config.toml (does not exist)',
        'To give what is missing, add to <dir>/project/config.toml:',
        '  [load]',
        '  org = "..."',
        'or set in the environment: LOAD__ORG',
      ].join('\n'),
    )
  })

  test('names values of embedded configurations with dots', async () => {
    const server = v.object({ host: v.string(), login: v.object({ password: secret(v.string()) }) })
    const message = await messageOf(v.object({ server }), { sections: ['destination', 'files'] })
    expect(message.split('\n').filter((line) => !line.startsWith('  <dir>'))).toEqual([
      'Configuration values are missing for "destination.files": "server.host", "server.login.password" (secret).',
      '"server.host" was looked for, in this order, at:',
      '  environment: DESTINATION__FILES__SERVER__HOST, DESTINATION__SERVER__HOST, SERVER__HOST',
      '"server.login.password" (secret) was looked for, in this order, at:',
      '  environment: DESTINATION__FILES__SERVER__LOGIN__PASSWORD, DESTINATION__FILES__LOGIN__PASSWORD, DESTINATION__LOGIN__PASSWORD, LOGIN__PASSWORD',
      'Files:',
      'To give what is missing, add to <dir>/project/secrets.toml:',
      '  [destination.files.server.login]',
      '  password = "..."',
      'To give what is missing, add to <dir>/project/config.toml:',
      '  [destination.files.server]',
      '  host = "..."',
      'or set in the environment: DESTINATION__FILES__SERVER__HOST, DESTINATION__FILES__SERVER__LOGIN__PASSWORD',
    ])
  })

  test('shows what each form of a union lacks', async () => {
    const key = v.object({ key: secret(v.string()) })
    const user = v.object({ user: v.string(), password: secret(v.string()) })
    const message = await messageOf(v.object({ login: v.union([key, user]) }), {
      files: { environment: { LOGIN__USER: 'ada' } },
    })
    expect(message.split('\n').filter((line) => !line.startsWith('  <dir>'))).toEqual([
      'Configuration values are missing for a configuration: "login" (secret).',
      '"login" can have 2 forms, and none of them is complete:',
      '  form 1 of 2 lacks "login.key" (secret)',
      '    "login.key" (secret) was looked for, in this order, at:',
      '      environment: LOGIN__KEY',
      '  form 2 of 2 lacks "login.password" (secret)',
      '    "login.password" (secret) was looked for, in this order, at:',
      '      environment: LOGIN__PASSWORD',
      'Files:',
      'To give what is missing, add to <dir>/project/secrets.toml:',
      '  [login]',
      '  key = "..."',
      'or set in the environment: LOGIN__KEY',
    ])
  })

  test('a connection string without its password lacks only that', async () => {
    const spec = v.object({ credentials: connectionString({ required: ['password', 'host'] }) })
    const message = await messageOf(spec, {
      sections: ['destination', 'files'],
      files: { environment: { CREDENTIALS: 'files://loader@example.com/data' } },
    })
    expect(message).toMatch(
      /^Configuration values are missing for "destination.files": "credentials.password" \(secret\)\.\n/,
    )
    expect(message).not.toContain('loader')
  })

  test('values without sections come before the first header', async () => {
    const message = await messageOf(v.object({ server: v.object({ host: v.string() }), org: v.string() }), {})
    expect(message.split('\n').slice(-4, -1)).toEqual(['  org = "..."', '  [server]', '  host = "..."'])
  })

  test('values without sections have no header to add', async () => {
    const message = await messageOf(v.object({ org: v.string() }), {})
    expect(message.split('\n').slice(-3)).toEqual([
      'To give what is missing, add to <dir>/project/config.toml:',
      '  org = "..."',
      'or set in the environment: ORG',
    ])
  })

  test('leaves names that are no part of a path out of the lines to add', async () => {
    const message = await messageOf(v.object({ _hidden: v.object({ host: v.string() }) }), { sections: ['load'] })
    expect(message).toContain('"_hidden.host" was looked for, in this order, at:\n  environment: LOAD__HOST, HOST\n')
    expect(message).toContain('  [load]\n  host = "..."\nor set in the environment: LOAD__HOST')
  })

  test('names the own section of a configuration in the lines to add', async () => {
    const message = await messageOf(v.object({ level: v.string() }), {
      sections: ['pipelines', 'pp'],
      ownSection: 'runtime',
    })
    expect(message).toContain(
      '  [pipelines.pp.runtime]\n  level = "..."\nor set in the environment: PIPELINES__PP__RUNTIME__LEVEL',
    )
  })

  test('has its fields and places as data', async () => {
    const spec = v.object({ token: secret(v.string()) })
    const error = await rejection(resolveConfiguration(spec, { providers: [] }))
    expect(error).toMatchObject({
      name: 'ConfigFieldMissing',
      code: 'CONFIGURATION',
      fields: ['token'],
      traces: { token: [] },
    })
    expect(error.message).toBe(
      'Configuration values are missing for a configuration: "token" (secret).\n"token" (secret) was looked for, in this order, at:\n  no provider: all that may hold it are empty',
    )
    using project = new TestProject()
    const traced = await rejection(resolveConfiguration(spec, { ...github, providers: project.providers }))
    expect(traced).toMatchObject({
      traces: {
        token: [
          { provider: 'environment', key: 'SOURCES__GITHUB_MODULE__GITHUB__TOKEN' },
          { provider: 'environment', key: 'SOURCES__GITHUB_MODULE__TOKEN' },
          { provider: 'environment', key: 'SOURCES__GITHUB__TOKEN' },
          { provider: 'environment', key: 'SOURCES__TOKEN' },
          { provider: 'environment', key: 'TOKEN' },
        ],
      },
    })
  })

  test('holds no value that was found beside', async () => {
    const canary = 'hunter2-canary'
    using project = new TestProject({
      environment: { TOKEN: canary, LOGIN__PASSWORD: canary, CREDENTIALS: `x://u:${canary}@h` },
    })
    const spec = v.object({
      token: secret(v.string()),
      login: v.object({ password: secret(v.string()), user: v.string() }),
      credentials: connectionString({ required: ['database'] }),
    })
    const error = await rejection(resolveConfiguration(spec, { providers: project.providers }))
    expect(error).toMatchObject({ fields: ['login.user', 'credentials.database'] })
    expect(
      [String(error), error.stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join(),
    ).not.toContain(canary)
  })

  test('names the files of mounted secrets, for secrets only', async () => {
    const spec = v.object({ token: secret(v.string()), org: v.string() })
    const message = await messageOf(spec, { sections: ['load'], files: { mounted: { other: 'x' } } })
    expect(message).toContain(
      '  environment: <dir>/mounted/load--token, LOAD__TOKEN, <dir>/mounted/token, TOKEN\n"org" was looked for, in this order, at:\n  environment: LOAD__ORG, ORG\n',
    )
  })
})
