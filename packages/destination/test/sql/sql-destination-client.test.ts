import { namingConvention } from '@dlt/schema'
import { expect, it } from 'vitest'
import { type SqlConnection, SqlDestinationClient } from '../../src/sql/index.ts'
import { sampleCapabilities } from '../../src/testing/index.ts'
import { sampleDialect } from './sample-dialect.ts'

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
    capabilities: sampleCapabilities,
    datasetName: 'data',
    pipelineName: 'sample',
    naming: namingConvention('snake_case'),
    loader: { loadJob: async () => 0 },
  })
  await Promise.all([client[Symbol.asyncDispose](), client[Symbol.asyncDispose]()])
  await client[Symbol.asyncDispose]()
  expect(closed).toBe(1)
})
