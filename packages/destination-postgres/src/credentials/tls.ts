import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { refuseCredentials } from './refuse.ts'

/** The modes of `sslmode`. */
export const tlsModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

/** Whether and how a connection is encrypted: see the package's README. */
export type TlsMode = (typeof tlsModes)[number]

/** What credentials say about encryption. */
export interface TlsWish {
  readonly mode: TlsMode
  /** File with the certificates of those who may sign the server's; `system` for the ones that Node knows. */
  readonly rootCertificate?: string
  /** File with the certificate of the client. */
  readonly certificate?: string
  /** File with the key of that certificate. */
  readonly key?: string
}

/** How to connect: with these options of TLS, or without encryption. */
export type TlsAttempt = ConnectionOptions | false

const inPostgresFolder = (file: string): string => join(homedir(), '.postgresql', file)

/** A file that the caller named must be there; a usual one may be missing. */
const contentOf = async (named: string | undefined, usual: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(named ?? inPostgresFolder(usual))
  } catch (error) {
    if (named === undefined) return undefined
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read'
    throw refuseCredentials(
      `The file "${named}", which the Postgres credentials name for TLS, cannot be read (${reason}). Correct its path or its permissions.`,
    )
  }
}

/** As `psql` does; the administrator may let a group read a key of its own. */
const refuseReadableKey = async (file: string): Promise<void> => {
  if (process.platform === 'win32') return
  const { mode, uid } = await stat(file)
  if ((mode & (uid === 0 ? 0o037 : 0o077)) === 0) return
  throw refuseCredentials(
    `The key of the client's certificate "${file}" can be read by other users, so that it is not used. Change that: chmod 600 "${file}"`,
  )
}

/** The certificate by which the client says who it is, with its key; nothing where there is none. */
const clientCertificate = async ({
  certificate,
  key: keyFile,
}: TlsWish): Promise<Pick<ConnectionOptions, 'cert' | 'key'>> => {
  const cert = await contentOf(certificate, 'postgresql.crt')
  if (cert === undefined) return {}
  const key = await contentOf(keyFile, 'postgresql.key')
  if (key === undefined)
    throw refuseCredentials(
      'There is a certificate of the client for the Postgres credentials, and no key of it. Name the file of the key by "sslkey".',
    )
  await refuseReadableKey(keyFile ?? inPostgresFolder('postgresql.key'))
  return { cert, key }
}

const optionsFor = async (wish: TlsWish, host: string): Promise<ConnectionOptions> => {
  const { mode, rootCertificate } = wish
  const ca = rootCertificate === 'system' ? undefined : await contentOf(rootCertificate, 'root.crt')
  const isSystem = rootCertificate === 'system'
  return {
    // By this name the certificate is checked; without it an address would be checked as "localhost".
    host,
    rejectUnauthorized: ca !== undefined || isSystem || mode.startsWith('verify'),
    ...(mode !== 'verify-full' && !isSystem && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca }),
    ...(await clientCertificate(wish)),
  }
}

/**
 * In which ways a connection is tried, in order. A socket of the same machine is never encrypted.
 * @throws DltError CONFIGURATION where a file that the credentials name cannot be read
 */
export const tlsAttempts = async (wish: TlsWish, host: string): Promise<readonly [TlsAttempt, ...TlsAttempt[]]> => {
  if (wish.mode === 'disable' || host.startsWith('/')) return [false]
  const encrypted = await optionsFor(wish, host)
  if (wish.mode === 'allow') return [false, encrypted]
  if (wish.mode === 'prefer') return [encrypted, false]
  return [encrypted]
}
