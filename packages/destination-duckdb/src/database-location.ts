import { basename, join, resolve } from 'node:path'
import type { DestinationContext } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DuckDbOptions } from './options.ts'

/** Where a database is, resolved. */
export type DatabaseLocation =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'connection'; readonly connection: DuckDBConnection }

const urlPrefix = 'duckdb://'

const refuse = (message: string): DltError =>
  new DltError(message, { code: 'CONFIGURATION', context: { destination: 'duckdb' } })

const isConnection = (value: object): value is DuckDBConnection =>
  'runAndReadAll' in value &&
  typeof value.runAndReadAll === 'function' &&
  'run' in value &&
  typeof value.run === 'function'

/** `duckdb:///a/b` is the relative path `a/b`, `duckdb:////a/b` the absolute one, as in other tools with such addresses. */
const pathOfUrl = (url: string): string => {
  const rest = url.slice(urlPrefix.length)
  if (!rest.startsWith('/') && rest !== ':memory:')
    throw refuse(
      'A DuckDB address has three slashes before a relative path and four before an absolute one: "duckdb:///data/events.duckdb".',
    )
  return decodeURIComponent(rest.replace(/^\//, ''))
}

const locationOfText = (text: string, localDirectory: string): DatabaseLocation => {
  // DuckDB cuts a path off there. The text is not shown: parameters may be secrets, as `motherduck_token` is.
  if (text.includes('?'))
    throw refuse('A DuckDB address takes no parameters after "?". Give settings as options of duckdb({ settings }).')
  const path = text.startsWith(urlPrefix) ? pathOfUrl(text) : text
  if (path === ':memory:') return { kind: 'memory' }
  if (path.trim() === '')
    throw refuse('The path of the DuckDB file is empty. Give a path, ":memory:" or an open connection as credentials.')
  if (path === ':pipeline:')
    throw refuse('":pipeline:" is not known here. Give the path of the DuckDB file as credentials.')
  if (/^(md|motherduck):/.test(path))
    throw refuse('MotherDuck is not reached by the DuckDB destination. Give the path of a file.')
  return { kind: 'file', path: resolve(localDirectory, path) }
}

/**
 * The database that credentials name; those of the context win.
 * @throws DltError CONFIGURATION for credentials of another form
 */
export const databaseLocation = (options: DuckDbOptions, context: DestinationContext): DatabaseLocation => {
  const credentials = context.credentials ?? options.credentials
  if (credentials === undefined)
    return { kind: 'file', path: join(resolve(context.localDirectory), `${context.pipelineName}_db.duckdb`) }
  if (typeof credentials === 'string') return locationOfText(credentials, context.localDirectory)
  if (typeof credentials === 'object' && credentials !== null) {
    if (isConnection(credentials)) return { kind: 'connection', connection: credentials }
    if ('path' in credentials && typeof credentials.path === 'string')
      return locationOfText(credentials.path, context.localDirectory)
  }
  throw refuse('DuckDB credentials are a path, "duckdb:///path", ":memory:", { path } or an open DuckDBConnection.')
}

/** A location for people: an address, or words. */
export const describeLocation = (location: DatabaseLocation): string => {
  if (location.kind === 'connection') return 'duckdb (a connection of the caller)'
  return `duckdb:///${location.kind === 'memory' ? ':memory:' : location.path}`
}

/** The name of a database that is no file. */
export const memoryCatalog = 'memory'

/** Names that DuckDB keeps for itself; a file of that name is attached under another one. */
const reservedCatalogs = ['main', 'temp', 'system']

/** The name under which DuckDB attaches a database. Only the database knows it of a connection. */
export const catalogName = (location: DatabaseLocation): string | undefined => {
  if (location.kind === 'memory') return memoryCatalog
  if (location.kind === 'connection') return undefined
  return fileCatalog(location.path)
}

/** The name under which DuckDB attaches a file: its name up to the first dot. */
export const fileCatalog = (path: string): string => {
  const [stem = ''] = basename(path).split('.').filter(Boolean)
  return reservedCatalogs.includes(stem) ? `${stem}_db` : stem
}
