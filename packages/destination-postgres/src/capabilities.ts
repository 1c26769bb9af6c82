import type { DestinationCapabilities, LiteralStyle } from '@dlt/destination'
import type { ReplaceStrategy } from '@dlt/schema'

/** How literals are spelled in Postgres. */
export const postgresLiterals: LiteralStyle = {
  text: 'escape-string',
  binary: 'hex-escape',
  characterFunction: 'chr',
  nul: 'drop',
}

/** The ways in which Postgres replaces tables. */
export const postgresReplaceStrategies: readonly ReplaceStrategy[] = [
  'truncate-and-insert',
  'insert-from-staging',
  'staging-optimized',
]

/** What Postgres can do. */
export const postgresCapabilities: DestinationCapabilities = {
  identifiers: { maxLength: 63, lengthIn: 'bytes', caseSensitive: true },
  types: {
    decimal: { precision: 38, scale: 9, maxPrecision: 1000 },
    wei: { precision: 156, scale: 78 },
    textPrecision: 'characters',
    nul: 'refuse',
    timestamp: { precision: 6, maxPrecision: 6 },
    naiveTimestamps: true,
  },
  ddl: { transactional: true, multipleColumnsPerAlter: true, altersColumnTypes: true },
  load: {
    fileFormats: ['tsv'],
    smallPackageFormat: 'tsv',
    smallPackageRows: 10_000,
    transactional: true,
    maxStatementBytes: 32 * 1024 * 1024,
    maxTextBytes: 1024 * 1024 * 1024,
  },
  reading: { maxParameters: 30_000 },
  dispositions: {
    writeDispositions: ['append', 'replace', 'merge'],
    mergeStrategies: ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc'],
    replaceStrategies: postgresReplaceStrategies,
  },
}
