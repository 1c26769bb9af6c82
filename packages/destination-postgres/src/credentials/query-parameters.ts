import { refuseCredentials } from './refuse.ts'
import { type TlsMode, type TlsWish, tlsModes } from './tls.ts'

/** Whether the server has to prove, together with the password, that the connection ends at it. */
export type ChannelBinding = 'disable' | 'prefer' | 'require'

/** What the query of a connection string says, its gaps filled from the environment. */
export interface QueryParameters {
  readonly tls: TlsWish
  readonly channelBinding: ChannelBinding
  readonly applicationName?: string
  /** Settings of the session: `-c search_path=…`. Poolers may refuse them. */
  readonly options?: string
  readonly connectTimeout?: number
}

/** Parameter -> the variable that holds for it where it is left out. */
const variables: Readonly<Record<string, string | undefined>> = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  ssl: undefined,
  client_encoding: undefined,
  channel_binding: 'PGCHANNELBINDING',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  gssencmode: 'PGGSSENCMODE',
}

/** Parameters of which some values ask for nothing more than what is done anyway: a load needs a server that takes changes. */
const limited: Readonly<Record<string, readonly string[]>> = {
  channel_binding: ['disable', 'prefer', 'require'],
  target_session_attrs: ['any', 'read-write', 'primary'],
  gssencmode: ['disable', 'prefer'],
}

const refuseUnknown = (query: Readonly<Record<string, unknown>>): void => {
  const unknown = Object.keys(query).find((name) => !Object.hasOwn(variables, name))
  if (unknown === undefined) return
  throw refuseCredentials(
    `The parameter "${unknown}" of the Postgres credentials is not known. Known are: ${Object.keys(variables).join(', ')}.`,
  )
}

/** `ssl=true` asks for encryption and no more: the server is verified then. */
const tlsMode = (mode: string | undefined, ssl: string | undefined): TlsMode => {
  if (mode === undefined && ssl !== undefined && ssl !== 'true' && ssl !== 'false')
    throw refuseCredentials('The parameter "ssl" of the Postgres credentials is "true" or "false".')
  if (mode === undefined && ssl !== undefined) return ssl === 'true' ? 'verify-full' : 'disable'
  const known = tlsModes.find((one) => one === (mode ?? 'prefer'))
  if (known !== undefined) return known
  throw refuseCredentials(
    `The sslmode "${mode}" of the Postgres credentials is not known. Choose one of: ${tlsModes.join(', ')}.`,
  )
}

/** A name of libpq's for itself: the certificates that the system trusts, which are of use only where names are checked. */
const refuseWeakSystem = (mode: TlsMode, rootCertificate: string | undefined): void => {
  if (rootCertificate !== 'system' || mode === 'verify-full') return
  throw refuseCredentials('With "sslrootcert=system" the Postgres credentials need "sslmode=verify-full".')
}

/**
 * Reads the parameters of a connection string's query.
 * @throws DltError CONFIGURATION for an unknown parameter or value
 */
export const readQueryParameters = (
  query: Readonly<Record<string, string | number | boolean>>,
  environment: NodeJS.ProcessEnv,
): QueryParameters => {
  refuseUnknown(query)
  const setting = (name: string): string | undefined => {
    const given = Object.hasOwn(query, name) ? query[name] : undefined
    const variable = variables[name]
    const value = given ?? (variable === undefined ? undefined : environment[variable])
    return value === undefined || value === '' ? undefined : String(value)
  }
  const encoding = setting('client_encoding')
  if (encoding !== undefined && !/^(utf-?8|unicode|auto)$/i.test(encoding))
    throw refuseCredentials(
      'The client_encoding of the Postgres credentials can only be "utf8": all data is sent as UTF-8.',
    )
  for (const [name, values] of Object.entries(limited)) {
    const value = setting(name)
    if (value === undefined || values.includes(value)) continue
    throw refuseCredentials(`The ${name} of the Postgres credentials can only be one of: ${values.join(', ')}.`)
  }
  const binding = setting('channel_binding')
  const rootCertificate = setting('sslrootcert')
  const given = Object.hasOwn(query, 'sslmode') ? undefined : setting('ssl')
  const mode = tlsMode(given === undefined ? setting('sslmode') : undefined, given)
  refuseWeakSystem(mode, rootCertificate)
  const certificate = setting('sslcert')
  const key = setting('sslkey')
  const applicationName = setting('application_name')
  const options = setting('options')
  const connectTimeout = setting('connect_timeout')
  return {
    tls: {
      mode,
      ...(rootCertificate !== undefined && { rootCertificate }),
      ...(certificate !== undefined && { certificate }),
      ...(key !== undefined && { key }),
    },
    channelBinding: binding === 'require' || binding === 'prefer' ? binding : 'disable',
    ...(applicationName !== undefined && { applicationName }),
    ...(options !== undefined && { options }),
    ...(connectTimeout !== undefined && { connectTimeout: Number(connectTimeout) }),
  }
}
