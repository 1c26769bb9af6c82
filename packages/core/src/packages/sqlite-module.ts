import { DltError } from '@dlt/schema'

/**
 * Node's own SQLite, loaded when it is first needed. Node says on stderr that it is experimental, which a user of a pipeline can
 * do nothing about: that one warning is kept back while the module loads. Loading is synchronous, so no other warning can fall
 * into the gap.
 *
 * @throws DltError `UNSUPPORTED` where this Node does not have it
 */
export function loadSqlite(): typeof import('node:sqlite') {
  const sqlite: typeof import('node:sqlite') | undefined = silently(() => process.getBuiltinModule('node:sqlite'))
  if (sqlite !== undefined) return sqlite
  throw new DltError(`dlt needs Node 22.13 or newer, this is ${process.version}. Update Node.`, { code: 'UNSUPPORTED' })
}

function silently<Result>(load: () => Result): Result {
  const emit = process.emitWarning
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (!String(warning).includes('SQLite is an experimental feature')) Reflect.apply(emit, process, [warning, ...rest])
  }
  try {
    return load()
  } finally {
    process.emitWarning = emit
  }
}
