import { describeDestination, sqlRowReader } from '@dlt/destination-testkit'
import { createDatabase, declareMissing, sharedPostgres } from '@dlt/test-services'
import pg from 'pg'
import { postgres } from '../src/index.ts'

const { capabilities } = postgres()
const shared = await sharedPostgres()

declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)

if ('address' in shared) {
  const { url } = await createDatabase(shared.address)
  const pool = new pg.Pool({ connectionString: url, allowExitOnIdle: true, max: 2 })
  let datasets = 0

  describeDestination('Postgres', {
    capabilities,
    module: new URL('../src/index.ts', import.meta.url),
    create: async ({ replaceStrategy }) => {
      datasets += 1
      return {
        destination: postgres({ credentials: url, ...(replaceStrategy !== undefined && { replaceStrategy }) }),
        context: { pipelineName: 'sample', datasetName: `data_${datasets}`, localDirectory: '.', credentials: url },
        readRows: sqlRowReader({
          query: async (text) => (await pool.query({ text, rowMode: 'array' })).rows,
          binaryAsHex: (column) => `encode(${column}, 'hex')`,
        }),
        cleanup: async () => undefined,
      }
    },
  })
}
