import { mkdirSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { aws } from '../../src/configuration/credentials/aws.ts'
import { googleServiceAccount } from '../../src/configuration/credentials/google.ts'
import { oauth2 } from '../../src/configuration/credentials/oauth2.ts'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { rejection, TestProject } from './test-project.ts'

const keyFile = {
  type: 'service_account',
  project_id: 'project',
  private_key_id: 'id',
  private_key: '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----',
  client_email: 'loader@project.iam.gserviceaccount.com',
  client_id: '123',
}
const serviceAccount = {
  kind: 'service_account',
  project_id: 'project',
  private_key_id: 'id',
  private_key: `${keyFile.private_key}\n`,
  client_email: keyFile.client_email,
  token_uri: 'https://oauth2.googleapis.com/token',
}
const sections = ['destination', 'warehouse']

/** A machine without any credentials. */
const bare = { environment: {}, home: '/nowhere' }

describe('Google credentials', () => {
  const spec = v.object({ credentials: googleServiceAccount(bare) })

  test('are fields', async () => {
    using project = new TestProject({
      config: '[destination.warehouse.credentials]\nproject_id = "project"\nprivate_key_id = "id"',
      secrets: `[destination.warehouse.credentials]\nclient_email = "${keyFile.client_email}"\nprivate_key = ${JSON.stringify(keyFile.private_key)}`,
    })
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toEqual({
      credentials: serviceAccount,
    })
  })

  test('are the JSON text of a key file, or its path', async () => {
    using project = new TestProject({ environment: { CREDENTIALS: JSON.stringify(keyFile) } })
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toEqual({
      credentials: serviceAccount,
    })
    project.write('key.json', JSON.stringify(keyFile))
    const explicit = { credentials: project.in('key.json') }
    expect(await resolveConfiguration(spec, { providers: [], explicit })).toEqual({ credentials: serviceAccount })
  })

  test('are a key file with the project from elsewhere', async () => {
    const { project_id: _, ...rest } = keyFile
    using project = new TestProject({
      environment: { CREDENTIALS: JSON.stringify(rest), CREDENTIALS__PROJECT_ID: 'project' },
    })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({ credentials: serviceAccount })
  })

  test('are an object', async () => {
    const { type: _, client_id: __, ...explicit } = keyFile
    expect(await resolveConfiguration(spec, { providers: [], explicit: { credentials: explicit } })).toEqual({
      credentials: serviceAccount,
    })
    expect(await resolveConfiguration(spec, { providers: [], explicit: { credentials: keyFile } })).toEqual({
      credentials: serviceAccount,
    })
  })

  test('are those of the machine where no key is given', async () => {
    using directory = new TemporaryDirectory()
    const file = directory.in('adc.json')
    writeFileSync(file, JSON.stringify({ type: 'authorized_user', quota_project_id: 'from file' }))
    const resolve = async (
      environment: Record<string, string>,
      home = '/nowhere',
      found: Record<string, string> = {},
    ) => {
      using project = new TestProject({ environment: found })
      const machine = v.object({ credentials: googleServiceAccount({ environment, home }) })
      return (await resolveConfiguration(machine, { providers: project.providers })).credentials
    }
    expect(await resolve({ GOOGLE_APPLICATION_CREDENTIALS: file })).toEqual({
      kind: 'application_default',
      project_id: 'from file',
    })
    expect(await resolve({ K_SERVICE: 'x', GOOGLE_CLOUD_PROJECT: 'cloud' })).toEqual({
      kind: 'application_default',
      project_id: 'cloud',
    })
    expect(await resolve({ K_SERVICE: 'x' })).toEqual({ kind: 'application_default' })
    expect(await resolve({ K_SERVICE: 'x' }, '/nowhere', { CREDENTIALS__PROJECT_ID: 'own' })).toEqual({
      kind: 'application_default',
      project_id: 'own',
    })
    const login = directory.in('.config', 'gcloud')
    mkdirSync(login, { recursive: true })
    writeFileSync(`${login}/application_default_credentials.json`, '{"quota_project_id": "login"}')
    expect(await resolve({}, directory.path)).toEqual({ kind: 'application_default', project_id: 'login' })
    // A file that is named and not there is a mistake.
    const named = { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere', K_SERVICE: 'x' }
    await expect(resolve(named, directory.path)).rejects.toMatchObject({
      fields: ['credentials.project_id', 'credentials.private_key', 'credentials.client_email'],
    })
  })

  test('are those of the machine when asked for, without looking', async () => {
    using project = new TestProject({ environment: { CREDENTIALS: 'default' } })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({
      credentials: { kind: 'application_default' },
    })
  })

  test('are never those of the machine when a part of a key is given', async () => {
    const machine = v.object({
      credentials: googleServiceAccount({ environment: { K_SERVICE: 'x' }, home: '/nowhere' }),
    })
    const explicit = { credentials: { client_email: 'x', project_id: 'y' } }
    expect(await rejection(resolveConfiguration(machine, { providers: [], explicit }))).toMatchObject({
      fields: ['credentials.private_key'],
    })
  })

  test.each(['hunter2', '{"private_key": "hunter2"', '{"other": "hunter2"}', '[]'])(
    'that are no key file are refused without the value: %s',
    async (text) => {
      using project = new TestProject({ environment: { CREDENTIALS: text } })
      const error = await rejection(resolveConfiguration(spec, { providers: project.providers }))
      expect(error.message).toBe(
        `"CREDENTIALS" in environment is not a Google service account's key file, as JSON text or as path. Correct it there; the value is not shown, as it may be a secret.`,
      )
      expect(inspect(error)).not.toContain('hunter2')
    },
  )

  test('do not print their key', async () => {
    const resolved = await resolveConfiguration(spec, { providers: [], explicit: { credentials: keyFile } })
    expect(`${inspect(resolved, { depth: 9 })}${JSON.stringify(resolved)}`).not.toContain('hunter2')
  })
})

describe('AWS credentials', () => {
  const spec = v.object({ credentials: aws(bare) })
  const explicitOf = (credentials: Record<string, string>) => ({ providers: [], explicit: { credentials } })

  test('are keys', async () => {
    const keys = { aws_access_key_id: 'id', aws_secret_access_key: 'hunter2' }
    expect(await resolveConfiguration(spec, explicitOf(keys))).toEqual({ credentials: { kind: 'keys', ...keys } })
    const more = {
      ...keys,
      aws_session_token: 'hunter2',
      region_name: 'eu-central-1',
      endpoint_url: 'http://x',
      s3_url_style: 'path',
    }
    const resolved = await resolveConfiguration(spec, explicitOf({ ...more, role_arn: 'arn:x' }))
    expect(resolved).toEqual({ credentials: { kind: 'keys', ...more, role_arn: 'arn:x' } })
    expect(`${inspect(resolved, { depth: 9 })}${JSON.stringify(resolved)}`).not.toContain('hunter2')
  })

  test('are found field by field', async () => {
    using project = new TestProject({
      environment: { DESTINATION__WAREHOUSE__CREDENTIALS__AWS_ACCESS_KEY_ID: 'id' },
      mounted: { 'credentials--aws-secret-access-key': 'key\n' },
    })
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toEqual({
      credentials: { kind: 'keys', aws_access_key_id: 'id', aws_secret_access_key: 'key' },
    })
  })

  test('are a profile', async () => {
    expect(await resolveConfiguration(spec, explicitOf({ profile_name: 'loader', role_arn: 'arn:x' }))).toEqual({
      credentials: { kind: 'profile', profile_name: 'loader', role_arn: 'arn:x' },
    })
  })

  test.each<{ name: string; environment: Record<string, string> }>([
    { name: 'keys', environment: { AWS_ACCESS_KEY_ID: 'x' } },
    { name: 'a profile', environment: { AWS_PROFILE: 'x' } },
    { name: 'a web identity', environment: { AWS_WEB_IDENTITY_TOKEN_FILE: 'x' } },
    { name: "a container's role", environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'x' } },
  ])('are those of the machine where it has $name', async ({ environment }) => {
    const machine = v.object({
      credentials: aws({ environment: { ...environment, AWS_REGION: 'eu' }, home: '/nowhere' }),
    })
    expect(await resolveConfiguration(machine, { providers: [] })).toEqual({
      credentials: { kind: 'default_chain', region_name: 'eu' },
    })
  })

  test('are none where the variables of the machine are empty', async () => {
    const environment = { AWS_PROFILE: '', AWS_ACCESS_KEY_ID: '', AWS_REGION: '' }
    const machine = v.object({ credentials: aws({ environment, home: '/nowhere' }) })
    expect(await rejection(resolveConfiguration(machine, { providers: [] }))).toMatchObject({
      fields: ['credentials.aws_access_key_id', 'credentials.aws_secret_access_key'],
    })
  })

  test('are those of the machine where it has files', async () => {
    using directory = new TemporaryDirectory()
    const machine = v.object({ credentials: aws({ environment: { AWS_DEFAULT_REGION: 'us' }, home: directory.path }) })
    expect(await rejection(resolveConfiguration(machine, { providers: [] }))).toMatchObject({
      fields: ['credentials.aws_access_key_id', 'credentials.aws_secret_access_key'],
    })
    mkdirSync(directory.in('.aws'))
    writeFileSync(directory.in('.aws', 'config'), '')
    expect(await resolveConfiguration(machine, { providers: [] })).toEqual({
      credentials: { kind: 'default_chain', region_name: 'us' },
    })
  })

  test('are those of the machine when asked for, without looking', async () => {
    const explicit = { credentials: 'default' }
    expect(await resolveConfiguration(spec, { providers: [], explicit })).toEqual({
      credentials: { kind: 'default_chain' },
    })
    const other = await rejection(resolveConfiguration(spec, { providers: [], explicit: { credentials: 'hunter2' } }))
    expect(other.message).toBe(
      'The value given for "credentials" is not "default"; keys and profiles are given by their own names.',
    )
  })

  test('one key without the other is a mistake', async () => {
    const machine = v.object({ credentials: aws({ environment: { AWS_PROFILE: 'x' }, home: '/nowhere' }) })
    const error = await rejection(resolveConfiguration(machine, explicitOf({ aws_access_key_id: 'id' })))
    expect(error).toMatchObject({ fields: ['credentials.aws_secret_access_key'] })
  })
})

describe('OAuth2 credentials', () => {
  const spec = v.object({ credentials: oauth2() })
  const fields = { client_id: 'id', client_secret: 'hunter2', refresh_token: 'hunter2', scopes: ['a'] }

  test('are fields', async () => {
    using project = new TestProject({
      environment: { CREDENTIALS__CLIENT_ID: 'id', CREDENTIALS__SCOPES: '["a"]' },
      secrets: '[credentials]\nclient_secret = "hunter2"\nrefresh_token = "hunter2"',
    })
    const resolved = await resolveConfiguration(spec, { providers: project.providers })
    expect(resolved).toEqual({ credentials: { kind: 'oauth2', ...fields } })
    expect(`${inspect(resolved, { depth: 9 })}${JSON.stringify(resolved)}`).not.toContain('hunter2')
  })

  test.each([{ installed: fields }, { web: fields }, fields])('are the JSON text of a key file', async (document) => {
    using project = new TestProject({ environment: { CREDENTIALS: JSON.stringify(document) } })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({
      credentials: { kind: 'oauth2', ...fields },
    })
  })

  test('are an access token alone', async () => {
    using project = new TestProject({ environment: { CREDENTIALS__TOKEN: 'hunter2' } })
    expect(await resolveConfiguration(spec, { providers: project.providers })).toEqual({
      credentials: { kind: 'oauth2', token: 'hunter2' },
    })
  })

  test('without client and token are an error', async () => {
    using project = new TestProject({ environment: { CREDENTIALS__REFRESH_TOKEN: 'hunter2' } })
    expect(await rejection(resolveConfiguration(spec, { providers: project.providers }))).toMatchObject({
      fields: ['credentials.client_id', 'credentials.client_secret'],
    })
  })
})

describe('a union of credentials', () => {
  const spec = v.object({ credentials: v.union([googleServiceAccount(bare), oauth2()]) })

  test('takes the first that is complete, whatever its form', async () => {
    using account = new TestProject({ environment: { CREDENTIALS: JSON.stringify(keyFile) } })
    expect(await resolveConfiguration(spec, { providers: account.providers })).toEqual({ credentials: serviceAccount })
    using client = new TestProject({ environment: { CREDENTIALS: '{"client_id": "id", "client_secret": "x"}' } })
    expect(await resolveConfiguration(spec, { providers: client.providers })).toEqual({
      credentials: { kind: 'oauth2', client_id: 'id', client_secret: 'x' },
    })
    using fields = new TestProject({ environment: { CREDENTIALS__CLIENT_ID: 'id', CREDENTIALS__CLIENT_SECRET: 'x' } })
    expect(await resolveConfiguration(spec, { providers: fields.providers })).toEqual({
      credentials: { kind: 'oauth2', client_id: 'id', client_secret: 'x' },
    })
  })

  test('takes values in code', async () => {
    const explicit = { credentials: { client_id: 'id', client_secret: 'x' } }
    expect(await resolveConfiguration(spec, { providers: [], explicit })).toEqual({
      credentials: { kind: 'oauth2', client_id: 'id', client_secret: 'x' },
    })
    const client = { credentials: JSON.stringify(explicit.credentials) }
    expect(await resolveConfiguration(spec, { providers: [], explicit: client })).toEqual({
      credentials: { kind: 'oauth2', client_id: 'id', client_secret: 'x' },
    })
    const text = { credentials: JSON.stringify(keyFile) }
    expect(await resolveConfiguration(spec, { providers: [], explicit: text })).toEqual({ credentials: serviceAccount })
  })

  test('does not complete values of one form in code by a text of another form', async () => {
    using project = new TestProject({ environment: { CREDENTIALS: JSON.stringify(keyFile) } })
    const { providers } = project
    const explicit = { credentials: { client_id: 'id', client_secret: 'x' } }
    expect(await resolveConfiguration(spec, { providers, explicit })).toEqual({
      credentials: { kind: 'oauth2', client_id: 'id', client_secret: 'x' },
    })
    const part = { credentials: { project_id: 'own' } }
    expect(await resolveConfiguration(spec, { providers, explicit: part })).toEqual({
      credentials: { ...serviceAccount, project_id: 'own' },
    })
  })

  test('that nobody completes says what each lacks', async () => {
    const error = await rejection(resolveConfiguration(spec, { providers: [] }))
    expect(error.message.split('\n').filter((line) => line.includes('form'))).toEqual([
      '"credentials" can have 2 forms, and none of them is complete:',
      '  form 1 of 2 lacks "credentials.project_id", "credentials.private_key" (secret), "credentials.client_email"',
      '  form 2 of 2 lacks "credentials.client_id", "credentials.client_secret" (secret)',
    ])
  })
})
