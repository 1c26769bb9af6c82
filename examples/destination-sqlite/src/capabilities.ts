import type { DestinationCapabilities, LiteralStyle } from '@dlt/destination'

/** How literals are spelled in SQLite. */
export const sqliteLiterals: LiteralStyle = {
  text: 'standard',
  binary: 'hex-string',
  characterFunction: 'char',
  nul: 'keep',
}

/** What this destination can do. */
export const sqliteCapabilities: DestinationCapabilities = {
  // SQLite has no limit; datasets are files, whose names have one.
  identifiers: { maxLength: 200, caseSensitive: false },
  types: {
    decimal: { precision: 38, scale: 9, maxPrecision: 38 },
    wei: { precision: 38, scale: 0 },
    timestamp: { precision: 6, maxPrecision: 6 },
    naiveTimestamps: true,
  },
  ddl: { transactional: true, multipleColumnsPerAlter: false, addsNotNullColumns: false },
  load: {
    fileFormats: ['jsonl'],
    smallPackageFormat: 'jsonl',
    smallPackageRows: 10_000,
    transactional: true,
    literals: sqliteLiterals,
    maxStatementBytes: 1_000_000,
    maxTextBytes: 500_000_000,
  },
  dispositions: {
    writeDispositions: ['append', 'replace', 'merge'],
    mergeStrategies: ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc'],
    replaceStrategies: ['truncate-and-insert', 'insert-from-staging'],
  },
}
