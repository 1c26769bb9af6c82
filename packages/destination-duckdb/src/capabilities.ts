import type { DestinationCapabilities, LiteralStyle } from '@dlt/destination'
import type { ReplaceStrategy } from '@dlt/schema'

/** How literals are spelled in DuckDB. */
export const duckdbLiterals: LiteralStyle = {
  text: 'escape-string',
  binary: 'from-base64',
  characterFunction: 'chr',
  nul: 'keep',
}

/** The ways in which DuckDB replaces tables. */
export const duckdbReplaceStrategies: readonly ReplaceStrategy[] = [
  'truncate-and-insert',
  'insert-from-staging',
  'staging-optimized',
]

/** What DuckDB can do. */
export const duckdbCapabilities: DestinationCapabilities = {
  identifiers: { maxLength: 65_536, caseSensitive: false },
  types: {
    decimal: { precision: 38, scale: 9, maxPrecision: 38 },
    wei: { precision: 38, scale: 0 },
    timestamp: { precision: 6, maxPrecision: 9 },
    naiveTimestamps: true,
  },
  ddl: { transactional: true, multipleColumnsPerAlter: false, altersColumnTypes: true },
  load: {
    fileFormats: ['parquet', 'jsonl', 'csv', 'insert_values'],
    smallPackageFormat: 'jsonl',
    smallPackageRows: 10_000,
    transactional: true,
    // Its reader of JSON lines writes numbers inside JSON columns anew: 2.50 becomes 2.5.
    unsupportedTypes: { jsonl: ['json'] },
    literals: duckdbLiterals,
    maxStatementBytes: 32 * 1024 * 1024,
    maxTextBytes: 1024 * 1024 * 1024,
  },
  reading: { maxParameters: 30_000 },
  dispositions: {
    writeDispositions: ['append', 'replace', 'merge'],
    mergeStrategies: ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc'],
    replaceStrategies: duckdbReplaceStrategies,
  },
}
