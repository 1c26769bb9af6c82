import { execFileSync } from 'node:child_process'
import { appendFile, chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { declareMissing, PostgresServer, sharedPostgres } from '@dlt/test-services'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { failure, PostgresDataset } from './postgres-dataset.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)

describe.skipIf('missing' in shared)('certificates', () => {
  let folder: string
  let server: PostgresServer
  const openssl = (...parameters: readonly string[]): void => {
    execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' })
  }

  /** A certificate that the authority of the tests has signed. */
  const sign = (name: string, subject: string, days: string): void => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`]
    openssl('req', ...key, '-subj', `/CN=${subject}`, '-addext', `subjectAltName=DNS:${subject}`, '-out', `${name}.csr`)
    const authority = ['-CA', 'authority.crt', '-CAkey', 'authority.key', '-CAcreateserial', '-copy_extensions', 'copy']
    openssl('x509', '-req', '-in', `${name}.csr`, ...authority, '-days', days, '-out', `${name}.crt`)
  }

  /** The server shows another certificate from now on. */
  const install = async (name: string): Promise<void> => {
    const place = dirname(server.certificateFile)
    // The files are there: they keep their owner and their permissions.
    for (const kind of ['crt', 'key'])
      await writeFile(join(place, `server.${kind}`), await readFile(join(folder, `${name}.${kind}`)))
    await server.query('SELECT pg_reload_conf()')
    const { port } = server.address
    const shown = `openssl s_client -starttls postgres -connect localhost:${port} </dev/null 2>/dev/null | openssl x509 -noout -serial`
    const wanted = execFileSync('openssl', ['x509', '-noout', '-serial', '-in', join(folder, `${name}.crt`)])
    // It takes a moment until the server has read them.
    await vi.waitFor(() => expect(String(execFileSync('sh', ['-c', shown]))).toBe(String(wanted)), { timeout: 20_000 })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-certificates-'))
    vi.stubEnv('HOME', folder)
    server = await PostgresServer.start({ durable: false, tls: 'offered' })
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'authority.key',
      '-out',
      'authority.crt',
      '-subj',
      '/CN=authority',
    )
    sign('good', 'localhost', '30')
    sign('other', 'db.example', '30')
    sign('expired', 'localhost', '-1')
    sign('client', 'dlt', '30')
    const place = dirname(server.certificateFile)
    await copyFile(join(folder, 'authority.crt'), join(place, 'authority.crt'))
    await chmod(join(place, 'authority.crt'), 0o644)
    await server.query(`ALTER SYSTEM SET ssl_ca_file = '${join(place, 'authority.crt')}'`)
    const rules = join(place, 'data', 'pg_hba.conf')
    await writeFile(rules, `hostssl certified dlt all cert\n${await readFile(rules, 'utf8')}`)
    await server.query('CREATE DATABASE certified')
    await install('good')
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const connect = async (credentials: string): Promise<string> => {
    await using dataset = await PostgresDataset.open({ credentials }, folder)
    const reader = dataset.client.reader?.()
    const sql = 'SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
    for await (const { columns } of reader?.read({ sql, parameters: [] }) ?? []) return String(columns[0]?.values[0])
    return ''
  }

  const message = async (credentials: string): Promise<string> => {
    const { message: text } = await failure(() => connect(credentials))
    return text.replace(/^Postgres at \S+ cannot be reached: /, '')
  }

  const address = (mode: string, database = 'postgres'): string => {
    const { port, user, password } = server.address
    const login = database === 'postgres' ? `${user}:${password}` : 'dlt'
    return `postgresql://${login}@localhost:${port}/${database}?sslmode=${mode}&sslrootcert=${join(folder, 'authority.crt')}`
  }

  test('of an authority that is named are trusted for their host, as long as they are valid', async () => {
    expect(await connect(address('verify-full'))).toBe('null')
    await install('other')
    expect(await connect(address('verify-ca'))).toBe('null')
    expect(await message(address('verify-full'))).toBe(
      "the server's certificate was made for another host (ERR_TLS_CERT_ALTNAME_INVALID). Connect by the name that stands in it.",
    )
    await install('expired')
    for (const mode of ['require', 'verify-ca', 'verify-full'])
      expect(await message(address(mode))).toBe(
        "the server's certificate is not valid at this time (CERT_HAS_EXPIRED). Renew it, or correct the clock.",
      )
    await install('good')
  })

  test('of the client log it in', async () => {
    const file = (name: string): string => join(folder, name)
    const certified = address('verify-full', 'certified')
    const own = `${certified}&sslcert=${file('client.crt')}`
    expect(await connect(`${own}&sslkey=${file('client.key')}`)).toBe('/CN=dlt')
    expect(await message(own)).toBe(
      'There is a certificate of the client for the Postgres credentials, and no key of it. Name the file of the key by "sslkey".',
    )
    expect(await message(`${own}&sslkey=${file('other.key')}`)).toBe(
      'a certificate or a key cannot be used (ERR_OSSL_X509_KEY_VALUES_MISMATCH). Correct the files that "sslcert", "sslkey" and "sslrootcert" name.',
    )
    await appendFile(file('readable.key'), await readFile(file('client.key')), { mode: 0o644 })
    await chmod(file('readable.key'), 0o644)
    expect(await message(`${own}&sslkey=${file('readable.key')}`)).toBe(
      `The key of the client's certificate "${file('readable.key')}" can be read by other users, so that it is not used. Change that: chmod 600 "${file('readable.key')}"`,
    )
    expect(await message(certified)).toContain('the server does not let the role "dlt" in this way.')
  })
})
