import { describe, expect, test } from 'vitest'
import { LazyDestination } from '../../src/destinations/lazy-destination.ts'
import { configuredOptions } from '../../src/pipeline/configured-options.ts'
import type { PipelineOptions } from '../../src/pipeline/pipeline-options.ts'
import { loadingSettings, sourceSettings } from '../../src/pipeline/step-settings.ts'
import { type ProjectFiles, TestProject } from '../configuration/test-project.ts'

const configured = (files: ProjectFiles, given: PipelineOptions = { pipelineName: 'pp' }) => {
  using project = new TestProject(files)
  return configuredOptions(given, project.providers)
}

describe('options of a pipeline', () => {
  test('are what is given, and nothing more, without a configuration', () => {
    expect(configured({})).toEqual({ pipelineName: 'pp' })
    expect(configured({}, {}).pipelineName).toMatch(/^dlt_/)
    expect(configured({}, { pipelineName: 'pp', datasetName: undefined as unknown as string })).toEqual({
      pipelineName: 'pp',
    })
  })

  test('that are undefined in code are as if they were not given', () => {
    const given = { pipelineName: 'pp', datasetName: undefined, devMode: undefined } as unknown as PipelineOptions
    const environment = { DATASET_NAME: 'x', DEV_MODE: 'true' }
    expect(configured({ environment }, given)).toStrictEqual({ pipelineName: 'pp', datasetName: 'x', devMode: true })
    expect(configured({}, given)).toStrictEqual({ pipelineName: 'pp' })
  })

  test('can all be configured', () => {
    const config = `
[pipelines.pp]
working_dir = "/data/pp"
destination_type = "duckdb"
dataset_name = "data"
dev_mode = true
restore_from_destination = false
use_single_dataset = false
dataset_name_layout = "prod_%s"
import_schema_path = "schemas/import"
export_schema_path = "schemas/export"

[schema]
external_schema_format = "json"
external_schema_format_remove_defaults = false

[runtime]
log_level = "INFO"

[normalize]
workers = 3
`
    expect(configured({ config, secrets: '[pipelines.pp]\npipeline_secret = "s"' })).toEqual({
      pipelineName: 'pp',
      workingDir: '/data/pp',
      pipelineSecret: 's',
      destination: 'duckdb',
      datasetName: 'data',
      devMode: true,
      restoreFromDestination: false,
      useSingleDataset: false,
      datasetNameLayout: 'prod_%s',
      importSchemaPath: 'schemas/import',
      exportSchemaPath: 'schemas/export',
      externalSchemaFormat: 'json',
      removesSchemaDefaults: false,
      normalizeWorkers: 3,
      logLevel: 'INFO',
    })
  })

  test('given in code win, and are not even looked for', () => {
    const environment = {
      DATASET_NAME: 'configured',
      DEV_MODE: 'no boolean',
      NORMALIZE__WORKERS: '-1',
      RUNTIME__LOG_LEVEL: '?',
    }
    const logger = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }
    const given = { pipelineName: 'pp', datasetName: 'given', devMode: false, normalizeWorkers: 2, logger }
    expect(configured({ environment }, given)).toEqual(given)
  })

  test.each([
    'PP__PIPELINES__PP__DATASET_NAME',
    'PP__PIPELINES__DATASET_NAME',
    'PP__DATASET_NAME',
    'PIPELINES__PP__DATASET_NAME',
    'PIPELINES__DATASET_NAME',
    'DATASET_NAME',
  ])('are found as in the reference system: %s', (name) => {
    expect(configured({ environment: { [name]: 'x' } })).toEqual({ pipelineName: 'pp', datasetName: 'x' })
  })

  test('have a name that can be configured, and is the section of the others', () => {
    const config = 'pipeline_name = "configured"\n[pipelines.configured]\ndataset_name = "own"'
    expect(configured({ config }, {})).toEqual({ pipelineName: 'configured', datasetName: 'own' })
    expect(configured({ config })).toEqual({ pipelineName: 'pp' })
    expect(configured({ environment: { PIPELINES__PIPELINE_NAME: 'env' }, config }, {}).pipelineName).toBe('env')
  })

  test('name the folder of all pipelines', () => {
    expect(configured({ environment: { PIPELINES_DIR: '/data' } })).toEqual({
      pipelineName: 'pp',
      workingDir: '/data/pp',
    })
    expect(configured({ environment: { PIPELINES_DIR: '/data', WORKING_DIR: '/own' } }).workingDir).toBe('/own')
  })

  test('name the destination and its type', () => {
    const destination = (environment: Record<string, string>) => configured({ environment }).destination
    expect(destination({ DESTINATION_TYPE: 'duckdb' })).toBe('duckdb')
    expect(destination({ DESTINATION_NAME: 'duckdb' })).toBe('duckdb')
    expect(destination({ DESTINATION_TYPE: 'dlt.destinations.duckdb', DESTINATION_NAME: 'duckdb' })).toBe(
      'dlt.destinations.duckdb',
    )
    expect(destination({ DESTINATION_TYPE: 'duckdb', DESTINATION_NAME: 'own' })).toEqual(
      new LazyDestination('duckdb', { name: 'own' }),
    )
    const given = configured(
      { environment: { DESTINATION_TYPE: 'configured' } },
      { pipelineName: 'pp', destination: 'given' },
    )
    expect(given.destination).toBe('given')
  })

  test('know the names that the reference system has', () => {
    expect(configured({ environment: { PIPELINE_SALT: 's' } }).pipelineSecret).toBe('s')
    expect(() => configured({ config: 'pipeline_salt = "s"' })).toThrow(
      'is a secret, and config.toml may not hold secrets.',
    )
  })

  test('know levels of messages in any case', () => {
    expect(configured({ environment: { RUNTIME__LOG_LEVEL: 'debug' } }).logLevel).toBe('DEBUG')
    expect(configured({ environment: { PIPELINES__PP__RUNTIME__LOG_LEVEL: 'ERROR' } }).logLevel).toBe('ERROR')
    expect(() => configured({ environment: { RUNTIME__LOG_LEVEL: 'loud' } })).toThrow(
      '"RUNTIME__LOG_LEVEL" in environment is not one of "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL". Correct it there; the value is not shown.',
    )
  })

  test('that are empty are as if they were not set', () => {
    const config = '[pipelines]\ndataset_name_layout = ""\nimport_schema_path = ""\nexport_schema_path = ""'
    expect(configured({ config })).toEqual({ pipelineName: 'pp' })
  })

  test('that do not fit are refused', () => {
    expect(() => configured({ environment: { DEV_MODE: 'maybe' } })).toThrow(
      '"DEV_MODE" in environment is not a boolean ("true" or "false"). Correct it there; the value is not shown.',
    )
    expect(() => configured({ environment: { WORKERS: '0' } })).toThrow(
      '"WORKERS" in environment is not a whole number from 1 on. Correct it there; the value is not shown.',
    )
  })
})

describe('settings of the steps', () => {
  const source = { section: 'mymod', name: 'mysrc' }
  const ofSource = (files: ProjectFiles) => {
    using project = new TestProject(files)
    return sourceSettings(source, { pipelineName: 'pp', providers: project.providers })
  }

  test('are absent without a configuration', () => {
    expect(ofSource({})).toStrictEqual({})
  })

  test('hold for all sources, or one', () => {
    const config = `
[extract]
max_parallel_items = 5
next_item_mode = "fifo"

[data_writer]
buffer_max_items = 100
buffer_max_bytes = 4096

[sources.mysrc.data_writer]
buffer_max_items = 7
`
    expect(ofSource({ config })).toEqual({ order: 'fifo', maxParallel: 5, pageRows: 7, pageBytes: 4096 })
  })

  test.each([
    'PP__SOURCES__MYMOD__MYSRC__EXTRACT__MAX_PARALLEL_ITEMS',
    'SOURCES__MYMOD__MYSRC__EXTRACT__MAX_PARALLEL_ITEMS',
    'SOURCES__MYSRC__EXTRACT__MAX_PARALLEL_ITEMS',
    'SOURCES__EXTRACT__MAX_PARALLEL_ITEMS',
    'EXTRACT__MAX_PARALLEL_ITEMS',
  ])('are found as in the reference system: %s', (name) => {
    expect(ofSource({ environment: { [name]: '2' } })).toEqual({ maxParallel: 2 })
  })

  test('that do not fit are refused', () => {
    expect(() => ofSource({ environment: { EXTRACT__NEXT_ITEM_MODE: 'lifo' } })).toThrow(
      '"EXTRACT__NEXT_ITEM_MODE" in environment is not one of "round_robin", "fifo". Correct it there; the value is not shown.',
    )
  })

  test('of load', () => {
    const found = (files: ProjectFiles) => {
      using project = new TestProject(files)
      return loadingSettings({ pipelineName: 'pp', providers: project.providers })
    }
    const none = { raisesOnFailedJobs: false, abortsFailedPackages: false }
    expect(found({})).toEqual(none)
    expect(found({ environment: { LOAD__RAISE_ON_FAILED_JOBS: 'true' } })).toEqual({
      ...none,
      raisesOnFailedJobs: true,
    })
    expect(found({ config: 'raise_on_failed_jobs = true' })).toEqual({ ...none, raisesOnFailedJobs: true })
    expect(found({ config: '[load]\nworkers = 3\non_failed_package = "abort"' })).toEqual({
      raisesOnFailedJobs: false,
      abortsFailedPackages: true,
      workers: 3,
    })
    expect(found({ config: '[pp.load]\non_failed_package = "block"\n[load]\non_failed_package = "abort"' })).toEqual(
      none,
    )
    expect(() => found({ config: '[load]\non_failed_package = "skip"' })).toThrow(
      /^"load.on_failed_package" in config.toml \(".*"\) is not one of "block", "abort". Correct it there; the value is not shown.$/,
    )
    expect(() => found({ config: '[load]\nworkers = 0' })).toThrow('is not a whole number from 1 on.')
  })
})
