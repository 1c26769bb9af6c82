import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import dlt, { DltError, PipelineStepFailed } from '@dlt/core'
import * as destinations from '@dlt/core/destinations'
import { describe, expect, test } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'
import { ScriptProject } from './script-project.ts'

/** What is not built, called as a user would call it: not known to the types, so as a record. */
const options = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => given

/** Kind and message of an error: for a step that failed, those of its cause. */
async function failure(act: () => unknown): Promise<readonly [code: string, message: string]> {
  try {
    await act()
  } catch (error) {
    const cause = error instanceof PipelineStepFailed ? error.cause : error
    if (DltError.is(cause)) return [cause.code, cause.message]
    throw error
  }
  throw new Error('Nothing was thrown.')
}

describe('what is not built yet says so', () => {
  test.each(['bigquery', 'redshift'])('a destination %s', async (destination) => {
    using shop = new DuckDbShop()
    expect(Object.keys(destinations)).toEqual(['duckdb', 'postgres'])
    expect(await failure(() => shop.pipeline({ destination }).run([1], { tableName: 'items' }))).toEqual([
      'CONFIGURATION',
      `The destination "${destination}" is unknown. Official destinations: "duckdb", "postgres". Others are called by their package, for instance "@acme/dlt-destination-foo"; a name of your own needs "destination.${destination}.destination_type" in the configuration.`,
    ])
  })

  test('an import of a destination', async () => {
    using project = new ScriptProject()
    const { stderr, code } = await project.run('a.mjs', `import { bigquery } from '@dlt/core/destinations'`)
    expect(code).toBe(1)
    expect(stderr).toContain(
      "SyntaxError: The requested module '@dlt/core/destinations' does not provide an export named 'bigquery'",
    )
  })

  test('an import of built-in sources', async () => {
    using project = new ScriptProject()
    const { stderr, code } = await project.run('a.mjs', `import * as sources from '@dlt/core/sources'`)
    expect(code).toBe(1)
    expect(stderr).toContain(`[ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './sources' is not defined by "exports"`)
    // @ts-expect-error: there is no such namespace
    expect(dlt.sources).toBeUndefined()
  })

  test.each(['file.json', 'file.parquet', 's3://bucket/file.json'])('the URI %s as data', async (uri) => {
    using shop = new DuckDbShop()
    const pipeline = shop.pipeline()
    expect(await failure(() => Reflect.apply(pipeline.run, pipeline, [uri]))).toEqual([
      'UNSUPPORTED',
      `The data given: a file name or URI as data is not supported: '${uri}'. Read it in a generator that yields its rows, or use dlt.jsonLines('file.jsonl') where it is a file of JSON Lines.`,
    ])
  })

  test.each(['progress', 'fullRefresh'])('the option %s of a pipeline', async (option) => {
    expect(await failure(() => dlt.pipeline(options({ [option]: 'x' })))).toEqual([
      'CONFIGURATION',
      `dlt.pipeline has no option "${option}". It knows pipelineName, workingDir, pipelineSecret, destination, datasetName, credentials, devMode, restoreFromDestination, refresh, useSingleDataset, datasetNameLayout, importSchemaPath, exportSchemaPath, externalSchemaFormat, normalizeWorkers, promotion, quarantine, logger.`,
    ])
  })

  test('a command', () => {
    const packages = join(import.meta.dirname, '../../..')
    const manifests = globSync('*/package.json', { cwd: packages })
    expect(manifests).toContain('core/package.json')
    for (const manifest of manifests) {
      expect(JSON.parse(readFileSync(join(packages, manifest), 'utf8'))).not.toHaveProperty('bin')
    }
  })
})
