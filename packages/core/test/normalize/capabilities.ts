import type { DestinationCapabilities } from '@dlt/destination'

/** A destination that reads JSON lines, which tests can read as well. */
export const capabilities: DestinationCapabilities = {
  identifiers: { maxLength: 63, caseSensitive: false },
  types: {
    decimal: { precision: 38, scale: 9 },
    wei: { precision: 38, scale: 0 },
    timestamp: { precision: 6, maxPrecision: 6 },
    naiveTimestamps: true,
  },
  ddl: { transactional: true, multipleColumnsPerAlter: true },
  load: {
    fileFormats: ['jsonl'],
    smallPackageFormat: 'jsonl',
    smallPackageRows: 10_000,
    transactional: true,
    maxStatementBytes: 1 << 20,
    maxTextBytes: 1 << 30,
  },
  dispositions: { writeDispositions: ['append', 'replace'] },
}
