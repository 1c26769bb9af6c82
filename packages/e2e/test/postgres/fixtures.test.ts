import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt from '@dlt/core'
import { type PostgresOptions, postgres } from '@dlt/destination-postgres'
import { createDatabase, declareMissing, sharedPostgres } from '@dlt/test-services'
import pg from 'pg'
import { afterAll, describe, test } from 'vitest'
import { comparableParts } from '../fixtures/comparable-parts.ts'
import { differingParts, partsOf } from '../fixtures/compare-parts.ts'
import { readDifference } from '../fixtures/differences.ts'
import { readDatasetForm } from '../fixtures/read-duckdb.ts'
import {
  fullRun,
  type Observed,
  type RecordedCase,
  type RunOutcome,
  readRecordedCases,
} from '../fixtures/recorded-case.ts'
import { currentDocument, pipelineName, runSpec } from '../fixtures/run-spec.ts'
import { optionsOf } from '../fixtures/spec-options.ts'
import { withRandomIds } from '../fixtures/stable-ids.ts'
import { differentOnPostgres } from './different-on-postgres.ts'
import { mirrorDataset } from './mirror-dataset.ts'
import { readPostgresTables } from './read-postgres.ts'

const shared = await sharedPostgres()
const missing = 'missing' in shared ? shared.missing : undefined
declareMissing('Postgres', missing)
const database = 'address' in shared ? await createDatabase(shared.address) : undefined
const pool = new pg.Pool({ connectionString: database?.url ?? '', allowExitOnIdle: true, max: 4 })
afterAll(() => pool.end())

/** Runs a case into a dataset of its own and reads it as if it were DuckDB's. */
const runOnPostgres = async (fixture: RecordedCase): Promise<Observed> => {
  const folder = await mkdtemp(join(tmpdir(), 'dlt-fixture-'))
  const datasetName = fixture.name.replaceAll('-', '_')
  try {
    const options = optionsOf<PostgresOptions>(fixture.destination ?? {})
    await using pipeline = dlt.pipeline({
      pipelineName,
      workingDir: join(folder, 'pipelines'),
      destination: postgres({ ...options, credentials: database?.url ?? '' }),
      datasetName,
      promotion: false,
    })
    const runs: RunOutcome[] = []
    for (const run of fixture.runs) runs.push(await runSpec(pipeline, fullRun(run)))
    const schema = currentDocument(pipeline)
    const file = join(folder, 'mirror.duckdb')
    await mirrorDataset(await readPostgresTables(pool, datasetName), datasetName, file)
    const documents = withRandomIds(schema?.tables ?? {}, fixture.random_ids ?? [])
    return { runs, schema, tables: schema === null ? null : await readDatasetForm(file, datasetName, documents) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe.skipIf(missing !== undefined)('documents give on Postgres what Python dlt made of them on DuckDB', () => {
  test.concurrent.for(readRecordedCases())('$name: $about', async (fixture, { expect }) => {
    // What is different here on purpose is so on every destination.
    const wanted = comparableParts({ ...partsOf(fixture.observed), ...readDifference(fixture.name) })
    const here = comparableParts(partsOf(await runOnPostgres(fixture)))
    const parts = Object.keys(differingParts(wanted, here))
    if (fixture.name in differentOnPostgres) return expect(parts, 'explained as different, but equal').not.toEqual([])
    expect(Object.fromEntries(parts.map((part) => [part, here[part] ?? null]))).toEqual(
      Object.fromEntries(parts.map((part) => [part, wanted[part] ?? null])),
    )
  })
})
