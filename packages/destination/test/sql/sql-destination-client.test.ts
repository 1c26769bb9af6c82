import { namingConvention } from '@dlt/schema'
import { expect, it } from 'vitest'
import type { DestinationCapabilities } from '../../src/index.ts'
import { type SqlConnection, SqlDestinationClient } from '../../src/sql/index.ts'
import { sampleDialect } from './sample-dialect.ts'

const capabilities: DestinationCapabilities = {
  identifiers: { maxLength: 63, caseSensitive: true },
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
    maxStatementBytes: 1_000_000,
    maxTextBytes: 1_000_000,
  },
  dispositions: { writeDispositions: ['append'] },
}

it('closes its connection once', async () => {
  let closed = 0
  const connection: SqlConnection = {
    execute: async () => 0,
    query: async () => [],
    transaction: (run) => run(connection),
    [Symbol.asyncDispose]: async () => {
      closed += 1
    },
  }
  const client = new SqlDestinationClient({
    connection,
    dialect: sampleDialect,
    capabilities,
    datasetName: 'data',
    pipelineName: 'sample',
    naming: namingConvention('snake_case'),
    loader: { loadJob: async () => 0 },
  })
  await Promise.all([client[Symbol.asyncDispose](), client[Symbol.asyncDispose]()])
  await client[Symbol.asyncDispose]()
  expect(closed).toBe(1)
})
