import { inspect } from 'node:util'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  type ConnectionCredentials,
  connectionString,
  formatConnectionString,
  parseConnectionString,
} from '../../src/configuration/credentials/connection-string.ts'
import { resolveConfiguration } from '../../src/configuration/resolve-configuration.ts'
import { rejection, TestProject } from './test-project.ts'

describe('a connection string', () => {
  test.each<{ text: string; parts: ConnectionCredentials | undefined }>([
    {
      text: 'postgresql://loader:pass@localhost:5432/data?sslmode=require&a=1&a=2',
      parts: {
        drivername: 'postgresql',
        username: 'loader',
        password: 'pass',
        host: 'localhost',
        port: 5432,
        database: 'data',
        query: { sslmode: 'require', a: ['1', '2'] },
      },
    },
    { text: 'postgres+psycopg://host', parts: { drivername: 'postgres+psycopg', host: 'host', query: {} } },
    { text: 'x://', parts: { drivername: 'x', query: {} } },
    { text: 'x:///data/file.db', parts: { drivername: 'x', database: 'data/file.db', query: {} } },
    { text: 'x:////data/file.db', parts: { drivername: 'x', database: '/data/file.db', query: {} } },
    { text: 'x://u@h/', parts: { drivername: 'x', username: 'u', host: 'h', query: {} } },
    {
      text: 'x://u:p%40%2F%3A%25@h',
      parts: { drivername: 'x', username: 'u', password: 'p@/:%', host: 'h', query: {} },
    },
    { text: 'x://u:p@ss@h', parts: { drivername: 'x', username: 'u', password: 'p@ss', host: 'h', query: {} } },
    { text: 'x://u:a:b@h', parts: { drivername: 'x', username: 'u', password: 'a:b', host: 'h', query: {} } },
    { text: 'x://:p@h', parts: { drivername: 'x', password: 'p', host: 'h', query: {} } },
    { text: 'x://u:100%@h', parts: { drivername: 'x', username: 'u', password: '100%', host: 'h', query: {} } },
    { text: 'x://[::1]:5432/d', parts: { drivername: 'x', host: '::1', port: 5432, database: 'd', query: {} } },
    { text: 'x://h:/d', parts: { drivername: 'x', host: 'h', database: 'd', query: {} } },
    { text: '  x://h\n', parts: { drivername: 'x', host: 'h', query: {} } },
    { text: 'x://h?q=a%26b+c', parts: { drivername: 'x', host: 'h', query: { q: 'a&b c' } } },
    { text: 'x://h:port', parts: undefined },
    { text: 'host', parts: undefined },
    { text: '', parts: undefined },
    { text: '{"a": 1}', parts: undefined },
    { text: 'host:5432/data', parts: undefined },
  ])('"$text"', ({ text, parts }) => {
    expect(parseConnectionString(text)).toEqual(parts)
  })

  test('of any credentials gives them back', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' })
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6())
    const query = fc.dictionary(text, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })), { maxKeys: 2 })
    const credentials = fc.record(
      { username: text, password: text, host, port: fc.integer({ min: 1, max: 65_535 }), database: text },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(credentials, query, (parts, parameters) => {
        // The name of an object's prototype is no name of a parameter.
        fc.pre(!Object.hasOwn(parameters, '__proto__'))
        const whole: ConnectionCredentials = { drivername: 'x', ...parts, query: { ...parameters } }
        expect(parseConnectionString(formatConnectionString(whole))).toEqual(whole)
      }),
    )
  })

  test('is formatted with what is there', () => {
    expect(formatConnectionString({ drivername: 'x', host: 'h' })).toBe('x://h')
    expect(
      formatConnectionString({
        drivername: 'x',
        username: 'u',
        password: 'p@/',
        host: '::1',
        port: 1,
        database: 'a/b c',
      }),
    ).toBe('x://u:p%40%2F@[::1]:1/a/b%20c')
    expect(formatConnectionString({ drivername: 'x', host: 'h', query: { a: [1, 'b c'] } })).toBe('x://h?a=1&a=b+c')
  })
})

describe('credentials of a database', () => {
  const spec = v.object({
    credentials: connectionString({ drivername: 'x', port: 5432, required: ['database', 'password', 'host'] }),
  })
  const sections = ['destination', 'files']
  const whole = { drivername: 'x', host: 'h', port: 5432, database: 'd', username: 'u', password: 'p', query: {} }

  test('are a connection string', async () => {
    using project = new TestProject({ secrets: '[destination.files]\ncredentials = "x://u:p@h/d"' })
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toEqual({ credentials: whole })
  })

  test('are single values of several files', async () => {
    using project = new TestProject({
      secrets: '[destination.files.credentials]\npassword = "p\\n"',
      config: '[destination.files.credentials]\nhost = "h"\ndatabase = "d"\nport = 1',
      environment: { DESTINATION__FILES__CREDENTIALS__USERNAME: 'u', CREDENTIALS__QUERY: '{"a": "b"}' },
    })
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toEqual({
      credentials: { ...whole, port: 1, query: { a: 'b' } },
    })
  })

  test('are a connection string completed by single values', async () => {
    using project = new TestProject({
      environment: {
        DESTINATION__FILES__CREDENTIALS: 'x://u@h/d',
        CREDENTIALS__PASSWORD: 'p',
        CREDENTIALS__HOST: 'not taken',
      },
    })
    expect(await resolveConfiguration(spec, { sections, providers: project.providers })).toEqual({ credentials: whole })
  })

  test('are never a table completed by a more general connection string', async () => {
    using project = new TestProject({
      secrets: '[destination]\ncredentials = "x://u:p@h/d"\n[destination.files.credentials]\nhost = "own"',
    })
    const error = await rejection(resolveConfiguration(spec, { sections, providers: project.providers }))
    expect(error).toMatchObject({ fields: ['credentials.database', 'credentials.password'] })
  })

  test('given in code win, and are completed', async () => {
    using project = new TestProject({ environment: { CREDENTIALS: 'x://e:e@e:1/e', CREDENTIALS__PASSWORD: 'p' } })
    const { providers } = project
    expect(await resolveConfiguration(spec, { providers, explicit: { credentials: 'x://u@h/d' } })).toEqual({
      credentials: whole,
    })
    const parts = { username: 'u', database: 'd' }
    expect(await resolveConfiguration(spec, { providers, explicit: { credentials: parts } })).toEqual({
      credentials: { drivername: 'x', username: 'u', database: 'd', password: 'p', host: 'e', port: 1, query: {} },
    })
  })

  test('without a part that nobody gives are an error', async () => {
    const error = await rejection(resolveConfiguration(spec, { providers: [], explicit: { credentials: 'x://h/d' } }))
    expect(error).toMatchObject({ fields: ['credentials.password'] })
  })

  test('resolved alone are found under their section', async () => {
    using project = new TestProject({ environment: { DESTINATION__CREDENTIALS: 'x://u:p@h/d' } })
    const credentials = connectionString({ port: 5432 })
    const options = { sections, ownSection: 'credentials', providers: project.providers }
    expect(await resolveConfiguration(credentials, options)).toEqual(whole)
    expect(await resolveConfiguration(credentials, { providers: [], explicit: 'x://u:p@h/d' })).toEqual(whole)
  })

  test.each([
    { name: 'in code', explicit: { credentials: 'hunter2' }, secrets: '' },
    { name: 'in a file', explicit: undefined, secrets: 'credentials = "hunter2"' },
  ])('that are no connection string are refused without the value: $name', async ({ explicit, secrets }) => {
    using project = new TestProject({ secrets })
    const error = await rejection(resolveConfiguration(spec, { providers: project.providers, explicit }))
    expect(error.message).toMatch(
      /^(?:The value given for "credentials"|"credentials" in secrets\.toml \(".+"\)) is not a connection string \("driver:\/\/user:password@host:port\/database", special characters percent-encoded\)\./,
    )
    expect(inspect(error)).not.toContain('hunter2')
  })

  test('with a port out of range are refused', async () => {
    const explicit = { credentials: 'x://u:p@h:99999/d' }
    const error = await rejection(resolveConfiguration(spec, { providers: [], explicit }))
    expect(error.message).toBe(
      'The configuration of a configuration is not valid. "credentials.port" (given in code) does not fit: expected <=65535. Values are not shown.',
    )
  })

  test('with a part that does not fit name where the whole stands', async () => {
    using project = new TestProject({ secrets: '[destination]\ncredentials = "x://u:p@h:0/d"' })
    const error = await rejection(resolveConfiguration(spec, { sections, providers: project.providers }))
    expect(error.message).toBe(
      `The configuration of "destination.files" is not valid. "credentials.port" ("destination.credentials" in secrets.toml ("${project.in('project', 'secrets.toml')}")) does not fit: expected >=1. Values are not shown.`,
    )
  })

  test('in config.toml are an error as text, and fields as a table', async () => {
    using text = new TestProject({ config: 'credentials = "x://u:p@h/d"' })
    const error = await rejection(resolveConfiguration(spec, { providers: text.providers }))
    expect(error.message).toContain('is a secret, and config.toml may not hold secrets.')
    using table = new TestProject({ config: '[credentials]\npassword = "p"' })
    const inTable = await rejection(resolveConfiguration(spec, { providers: table.providers }))
    expect(inTable.message).toContain('"credentials.password" in config.toml')
  })

  test('do not print their password, nor parameters', async () => {
    const explicit = { credentials: 'x://u:hunter2@h/d?token=hunter2' }
    const resolved = await resolveConfiguration(spec, { providers: [], explicit })
    expect(resolved.credentials.password).toBe('hunter2')
    expect(JSON.parse(JSON.stringify(resolved))).toEqual({
      credentials: { ...whole, password: '[secret]', query: '[secret]' },
    })
    expect(inspect(resolved, { depth: 9 })).not.toContain('hunter2')
  })
})
