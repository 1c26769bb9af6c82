import { userInfo } from 'node:os'
import { Pool } from 'pg'
import { describe, expect, it, test } from 'vitest'
import { databaseOf, describeDatabase } from '../src/credentials/database.ts'
import { type PostgresParts, postgres } from '../src/index.ts'

const resolve = (credentials: unknown, environment: NodeJS.ProcessEnv = {}) =>
  databaseOf({}, { credentials }, environment)

const resolveOptions = (options: object) => databaseOf(options, {}, {})

const usual = {
  kind: 'server',
  host: 'localhost',
  port: 5432,
  database: userInfo().username,
  username: userInfo().username,
  connectTimeout: 15,
  tls: { mode: 'prefer' },
  channelBinding: 'disable',
  applicationName: 'dlt',
  sessionTimezone: 'UTC',
}

describe('credentials of Postgres', () => {
  test.each<[unknown, object]>([
    [undefined, {}],
    [{}, {}],
    ['postgresql://', {}],
    ['postgres://u@h/d', { username: 'u', host: 'h', database: 'd' }],
    [
      'postgresql://u%40x:p%2F%3A%23%25@db.example:6432/d%20b?sslmode=verify-full&connect_timeout=3',
      {
        username: 'u@x',
        password: 'p/:#%',
        host: 'db.example',
        port: 6432,
        database: 'd b',
        tls: { mode: 'verify-full' },
        connectTimeout: 3,
      },
    ],
    ['postgresql://u@[::1]:5433/d', { username: 'u', host: '::1', port: 5433, database: 'd' }],
    ['postgresql://%2Frun%2Fpg/d', { host: '/run/pg', database: 'd' }],
    [
      'postgresql:///d?host=/run/pg&user=u&password=p&port=7',
      { host: '/run/pg', database: 'd', username: 'u', password: 'p', port: 7 },
    ],
    ['postgresql://u:p@/d', { username: 'u', password: 'p', database: 'd' }],
    ['postgresql://:secret@host/d', { password: 'secret', host: 'host', database: 'd' }],
    ['postgresql://:@host/d', { host: 'host', database: 'd' }],
    ['POSTGRESQL:///d?user=u', { username: 'u', database: 'd' }],
    ['\npostgresql:///d\n', { database: 'd' }],
    ['postgresql://u@:5433', { username: 'u', database: 'u', port: 5433 }],
    ['postgresql://:5433/d?host=h', { host: 'h', port: 5433, database: 'd' }],
    ['postgres://u@?dbname=d', { username: 'u', database: 'd' }],
    ['postgresql://h/d?dbname=e', { host: 'h', database: 'e' }],
    [
      'postgresql://h/d?sslmode=require&channel_binding=require&target_session_attrs=read-write&gssencmode=disable',
      { host: 'h', database: 'd', tls: { mode: 'require' }, channelBinding: 'require' },
    ],
    [
      { host: '[::1]', password: ' p\n' },
      { host: '::1', password: 'p' },
    ],
    [
      { connectionString: 'postgresql://u@h/d?sslmode=require', password: 'p', host: 'other', query: { options: 'o' } },
      { host: 'h', database: 'd', username: 'u', password: 'p', tls: { mode: 'require' }, options: 'o' },
    ],
    [
      { connectionString: 'postgresql://u:p@h/d', password: 'other' },
      { host: 'h', database: 'd', username: 'u', password: 'p' },
    ],
    ['postgresql://h/d?ssl=true', { host: 'h', database: 'd', tls: { mode: 'verify-full' } }],
    ['postgresql://h/d?ssl=false', { host: 'h', database: 'd', tls: { mode: 'disable' } }],
    [
      'postgresql://h/d?sslmode=require&sslrootcert=/ca&sslcert=/c&sslkey=/k&application_name=a&options=-c%20x=1&client_encoding=utf8',
      {
        host: 'h',
        database: 'd',
        tls: { mode: 'require', rootCertificate: '/ca', certificate: '/c', key: '/k' },
        applicationName: 'a',
        options: '-c x=1',
      },
    ],
    [
      {
        host: 'h',
        port: 1,
        database: 'd',
        username: 'u',
        password: 'p',
        connectTimeout: 0,
        sessionTimezone: 'Europe/Berlin',
        query: { sslmode: 'disable' },
      },
      {
        host: 'h',
        port: 1,
        database: 'd',
        username: 'u',
        password: 'p',
        connectTimeout: 0,
        sessionTimezone: 'Europe/Berlin',
        tls: { mode: 'disable' },
      },
    ],
  ])('%j', (credentials, expected) => {
    expect(resolve(credentials)).toEqual({ ...usual, ...expected })
  })

  const environment = {
    PGHOST: 'eh',
    PGPORT: '1234',
    PGDATABASE: 'ed',
    PGUSER: 'eu',
    PGPASSWORD: 'ep',
    PGSSLMODE: 'verify-ca',
    PGSSLROOTCERT: '/ec',
    PGAPPNAME: 'ea',
    PGCONNECT_TIMEOUT: '9',
    PGCHANNELBINDING: 'prefer',
  }

  it('take what they leave out from the environment', () => {
    expect(resolve({}, environment)).toEqual({
      ...usual,
      host: 'eh',
      port: 1234,
      database: 'ed',
      username: 'eu',
      password: 'ep',
      tls: { mode: 'verify-ca', rootCertificate: '/ec' },
      channelBinding: 'prefer',
      applicationName: 'ea',
      connectTimeout: 9,
    })
    expect(resolve('postgresql://u:p@h:1/d?sslmode=disable&connect_timeout=1&application_name=a', environment)).toEqual(
      {
        ...usual,
        host: 'h',
        port: 1,
        database: 'd',
        username: 'u',
        password: 'p',
        tls: { mode: 'disable', rootCertificate: '/ec' },
        channelBinding: 'prefer',
        applicationName: 'a',
        connectTimeout: 1,
      },
    )
    expect(resolve({ query: { ssl: true } }, { PGSSLMODE: 'disable' })).toMatchObject({ tls: { mode: 'verify-full' } })
  })

  const form =
    'The Postgres credentials are no connection string of the form "postgresql://user:password@host:port/database?sslmode=verify-full", with one host. Characters of names and passwords that have a meaning in an address, such as "@", "/", ":" and "#", are written as "%40", "%2F", "%3A" and "%23". The text is not shown.'

  const severalHosts =
    'The Postgres credentials name several hosts. Name one: the server that takes changes, or what leads to it, such as a proxy.'

  test.each<[unknown, string]>([
    ['secret731', form],
    ['mysql://u:secret731@h/d', form],
    ['postgresql://u:secret731@h:x/d', form],
    ['postgresql://u:secret731@h1:1,h2:2/d', form],
    [
      'postgresql://u:secret731%@h/d',
      'The Postgres connection string has a "%" that begins no escape. Write "%" itself as "%25".',
    ],
    [
      'postgresql://u:secret731@h/d?sslmod=disable',
      'The parameter "sslmod" of the Postgres credentials is not known. Known are: sslmode, sslrootcert, sslcert, sslkey, application_name, options, connect_timeout, ssl, client_encoding, channel_binding, target_session_attrs, gssencmode.',
    ],
    [
      'postgresql://u:secret731@h/d?sslmode=on',
      'The sslmode "on" of the Postgres credentials is not known. Choose one of: disable, allow, prefer, require, verify-ca, verify-full.',
    ],
    ['postgresql://h/d?ssl=1', 'The parameter "ssl" of the Postgres credentials is "true" or "false".'],
    [
      'postgresql://h/d?sslmode=require&sslrootcert=system',
      'With "sslrootcert=system" the Postgres credentials need "sslmode=verify-full".',
    ],
    [
      'postgresql://h/d?client_encoding=latin1',
      'The client_encoding of the Postgres credentials can only be "utf8": all data is sent as UTF-8.',
    ],
    [{ port: 0 }, 'The port of the Postgres credentials is no integer from 1 to 65535.'],
    ['postgresql://h/d?port=x', 'The port of the Postgres credentials is no integer from 1 to 65535.'],
    [{ connectTimeout: 1.5 }, 'The connect timeout of the Postgres credentials is no integer from 0 to 86400.'],
    [
      'postgresql://h/d?channel_binding=on',
      'The channel_binding of the Postgres credentials can only be one of: disable, prefer, require.',
    ],
    [
      'postgresql://h/d?target_session_attrs=standby',
      'The target_session_attrs of the Postgres credentials can only be one of: any, read-write, primary.',
    ],
    ['postgresql://u:secret731@h1,h2/d', severalHosts],
    [{ host: 'h1,h2' }, severalHosts],
    [
      { host: 'h', ssl: true },
      'The Postgres credentials have a part "ssl", which is not known. What is meant is "query", for instance { sslmode: "verify-full" }.',
    ],
    [
      { user: 'u', password: 'secret731' },
      'The Postgres credentials have a part "user", which is not known. What is meant is "username".',
    ],
    [
      { secret: 'secret731' },
      'The Postgres credentials have a part "secret", which is not known. Known are: connectionString, host, port, database, username, password, connectTimeout, sessionTimezone, query.',
    ],
    [
      { sessionTimezone: "UTC'; DROP TABLE a; --" },
      'The session time zone of the Postgres credentials is no name such as "Europe/Berlin" or "UTC".',
    ],
    [
      7,
      'Postgres credentials are a connection string, its parts { host, port, database, username, password, query }, or a Pool of "pg".',
    ],
  ])('that are wrong are refused: %j', (credentials, message) => {
    expect(() => resolve(credentials)).toThrow(expect.objectContaining({ message, code: 'CONFIGURATION' }))
  })

  test('given as an option are refused: they are parts of the option "credentials"', () => {
    const options = { password: 'secret731' }
    expect(() => postgres({ name: 'events', ...options })).toThrow(
      'The Postgres destination has no option "password". It knows name, credentials, ',
    )
  })

  it.each(['PGSERVICE', 'PGHOSTADDR'])('do not go to another server where %s says where it is', (variable) => {
    const message = `The variable "${variable}" is set, which is not read, and the Postgres credentials name no host. Name the host in the credentials or by "PGHOST".`
    expect(() => resolve({}, { [variable]: 'x' })).toThrow(expect.objectContaining({ message, code: 'CONFIGURATION' }))
    expect(resolve({ host: 'h' }, { [variable]: 'x' })).toMatchObject({ host: 'h' })
  })

  it('are described without secrets', () => {
    expect(describeDatabase(resolve('postgresql://u:secret731@[::1]:5433/a%20b?sslmode=disable'))).toBe(
      'postgresql://[::1]:5433/a%20b',
    )
    expect(describeDatabase(resolve({ host: '/run/pg', database: 'd', password: 'secret731' }))).toBe(
      'postgresql://%2Frun%2Fpg:5432/d',
    )
    const destination = postgres({ credentials: 'postgresql://u:secret731@h/d' })
    const context = { pipelineName: 'p', datasetName: 'd', localDirectory: '.' }
    expect(destination.describe(context)).toBe('postgresql://h:5432/d')
    expect(destination.describe({ ...context, credentials: 'postgresql://other/d' })).toBe('postgresql://other:5432/d')
  })
})

describe('credentials in code', () => {
  const inCode = { host: 'code', username: 'u', database: 'd' }
  const whole = 'postgresql://cu:cp@conf:7777/cd?sslmode=require'

  // What Python dlt makes of the same.
  test.each<[unknown, string | PostgresParts, object]>([
    [inCode, { password: 'p', host: 'conf' }, { host: 'code', port: 5432, password: 'p', tls: { mode: 'prefer' } }],
    [
      { ...inCode, host: undefined },
      { password: 'p', host: 'conf' },
      { host: 'conf', password: 'p' },
    ],
    [{ ...inCode, password: 'own' }, { password: 'p' }, { password: 'own' }],
    ['postgresql://u@code/d', { password: 'p', host: 'conf', port: 6000 }, { host: 'code', port: 6000, password: 'p' }],
    ['postgresql:///d?user=u', { password: 'p', host: 'conf' }, { host: 'conf', password: 'p' }],
    ['postgresql://u:own@code:5/d', { password: 'p', port: 6000 }, { host: 'code', port: 5, password: 'own' }],
    [
      { ...inCode, query: { sslmode: 'require' } },
      { password: 'p', connectTimeout: 3, query: { application_name: 'conf' } },
      { password: 'p', connectTimeout: 3, tls: { mode: 'require' }, applicationName: 'dlt' },
    ],
    [inCode, whole, { host: 'code', port: 7777, password: 'cp', tls: { mode: 'require' } }],
    [
      inCode,
      { connectionString: whole, password: 'p' },
      { host: 'code', port: 7777, password: 'p', tls: { mode: 'require' } },
    ],
  ])('%j are completed by what is configured: %j', (credentials, configuredCredentials, expected) => {
    const wanted = { database: 'd', username: 'u', ...expected }
    expect(databaseOf({ credentials: 'postgresql://other', configuredCredentials }, { credentials }, {})).toMatchObject(
      wanted,
    )
    const made = resolveOptions({ credentials, configuredCredentials })
    expect(made).toMatchObject(wanted)
    expect(resolveOptions({ configuredCredentials })).not.toMatchObject({ username: 'u' })
  })

  it('with a connection string know nothing of a configured one', () => {
    const expected = { ...usual, host: 'code', database: 'd', username: 'u' }
    expect(resolveOptions({ credentials: 'postgresql://u@code/d', configuredCredentials: whole })).toEqual(expected)
    const parts = { connectionString: whole, password: 'p' }
    expect(
      resolveOptions({ credentials: { connectionString: 'postgresql://u@code/d' }, configuredCredentials: parts }),
    ).toEqual({
      ...expected,
      password: 'p',
    })
  })

  it('come before the variables of the environment also where they are configured', () => {
    const environment = { PGPASSWORD: 'ep', PGHOST: 'eh', PGPORT: '9' }
    expect(
      databaseOf({ credentials: { host: 'code' }, configuredCredentials: { password: 'p' } }, {}, environment),
    ).toMatchObject({
      host: 'code',
      password: 'p',
      port: 9,
    })
  })

  it.each<[unknown, boolean]>([
    [undefined, true],
    ['postgresql://h/d', true],
    [inCode, true],
    [new Pool(), false],
    [7, false],
    [null, false],
  ])('%# may be completed, unless they are a pool or no credentials', (credentials, isOpen) => {
    const options: object = { credentials }
    const { open } = postgres(options)
    expect(open?.settings.some(({ key }) => key === 'credentials')).toBe(isOpen)
    expect(open?.complete({ credentials: 'x' }).open?.settings.some(({ key }) => key === 'credentials')).toBe(false)
  })
})

describe('a check before anything is connected', () => {
  const context = { pipelineName: 'p', datasetName: 'data', localDirectory: '.' }

  it('refuses names of schemas that belong to Postgres', () => {
    const options = { normalizeDatasetName: false }
    for (const datasetName of ['pg_catalog', 'information_schema', 'pg_mine'])
      expect(() => postgres(options).check({ ...context, datasetName })).toThrow(
        `The dataset "${datasetName}" has the name of a schema that Postgres keeps for itself. Choose another dataset name.`,
      )
    expect(() => postgres(options).check(context)).not.toThrow()
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 31, '1; DROP TABLE x'])('refuses %s as a time', (value) => {
    for (const option of ['lockTimeout', 'statementTimeout'])
      expect(() => Reflect.apply(postgres, undefined, [{ [option]: value }]).check(context)).toThrow(
        `The option "${option}" of the Postgres destination is no integer from 0 to 2147483647.`,
      )
  })

  it('refuses unknown strategies and wrong credentials', () => {
    expect(() => Reflect.apply(postgres, undefined, [{ replaceStrategy: 'swap' }]).check(context)).toThrow(
      'The destination "postgres" does not know the replace strategy "swap".',
    )
    expect(() => postgres({ credentials: 'x' }).check(context)).toThrow('are no connection string')
  })
})
