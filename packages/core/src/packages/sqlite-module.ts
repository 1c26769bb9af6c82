/**
 * Node's own SQLite, loaded when it is first needed. Node says on stderr that it is experimental, which a user of a pipeline can
 * do nothing about: that one warning is kept back while the module loads. Loading is synchronous, so no other warning can fall
 * into the gap.
 */
export function loadSqlite(): typeof import('node:sqlite') {
  const emit = process.emitWarning
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (!String(warning).includes('SQLite is an experimental feature')) Reflect.apply(emit, process, [warning, ...rest])
  }
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emit
  }
}
