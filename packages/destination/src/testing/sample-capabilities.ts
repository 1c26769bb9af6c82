import type { DestinationCapabilities } from '../capabilities.ts'

/**
 * What a plain SQL database with transactions can do, for tests that need capabilities and no destination. It reads JSON lines, appends and
 * replaces. A test that is about one of them says so: `{ ...sampleCapabilities, ddl: { … } }`.
 */
export const sampleCapabilities: DestinationCapabilities = {
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
