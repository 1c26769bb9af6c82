import { refuseCredentials } from './refuse.ts'

/** One host as the network knows it: an IPv6 address has brackets only in a connection string. */
export const singleHost = (host: string): string => {
  if (host.includes(',') && !host.startsWith('/'))
    throw refuseCredentials(
      'The Postgres credentials name several hosts. Name one: the server that takes changes, or what leads to it, such as a proxy.',
    )
  return host.replace(/^\[(.*)\]$/, '$1')
}

/** Variables of `psql` that say where the server is in ways that are not read: another server would be taken without a word. */
export const refuseOtherPlaces = (environment: NodeJS.ProcessEnv): void => {
  const variable = ['PGSERVICE', 'PGHOSTADDR'].find((name) => environment[name])
  if (variable === undefined) return
  throw refuseCredentials(
    `The variable "${variable}" is set, which is not read, and the Postgres credentials name no host. Name the host in the credentials or by "PGHOST".`,
  )
}
