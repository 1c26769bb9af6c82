import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ScriptProject } from './script-project.ts'

const tables = `SELECT table_schema || '.' || table_name FROM information_schema.tables
  WHERE table_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY 1`

describe('the default pipeline of a script', () => {
  test('is there without any configuration: pipeline, schema and dataset are called like the script', async () => {
    using project = new ScriptProject()
    const { stdout, stderr } = await project.run(
      'pipeline.ts',
      `import dlt from '@dlt/core'
       await dlt.run(['a', 'b', 'c'], { destination: 'duckdb', tableName: 'letters' })
       const { pipelineName, defaultSchemaName, datasetName } = dlt.pipeline()
       console.log(pipelineName, defaultSchemaName, datasetName)`,
    )
    expect([stdout, stderr]).toEqual(['dlt_pipeline dlt_pipeline dlt_pipeline\n', ''])
    expect(existsSync(join(project.folder, 'data/pipelines/dlt_pipeline'))).toBe(true)
    expect(await project.query('dlt_pipeline_db.duckdb', tables)).toEqual([['dlt_pipeline.letters']])
  })

  test('has its working directory below the home of the user, below /var/dlt for root', async () => {
    using project = new ScriptProject()
    const { stdout } = await project.run(
      'pipeline.ts',
      `import dlt from '@dlt/core'
       console.log(dlt.pipeline().workingDir)`,
      { DLT_DATA_DIR: '', HOME: project.folder },
    )
    const data = process.getuid?.() === 0 ? '/var/dlt' : join(project.folder, '.dlt')
    expect(stdout).toBe(`${join(data, 'pipelines', 'dlt_pipeline')}\n`)
  })

  test('is returned by dlt.pipeline() until one is configured', async () => {
    using project = new ScriptProject()
    const { stdout } = await project.run(
      'pipeline.ts',
      `import dlt from '@dlt/core'
       const first = dlt.pipeline()
       console.log(first === dlt.pipeline(), first.pipelineName)
       dlt.pipeline({ pipelineName: 'configured' })
       console.log(dlt.pipeline().pipelineName)`,
    )
    expect(stdout).toBe('true dlt_pipeline\nconfigured\n')
  })

  test('takes its name, dataset and destination from the configuration', async () => {
    using project = new ScriptProject()
    const { stdout } = await project.run(
      'pipeline.ts',
      `import dlt from '@dlt/core'
       const info = await dlt.run(['a'], { tableName: 'letters' })
       console.log(info.pipelineName, info.datasetName, info.destinationName)`,
      { PIPELINE_NAME: 'named', DATASET_NAME: 'data', DESTINATION_TYPE: 'duckdb' },
    )
    expect(stdout).toBe('named data duckdb\n')
    expect(await project.query('named_db.duckdb', tables)).toEqual([['data.letters']])
  })

  test('says nothing but warnings, unless it is told to', async () => {
    using project = new ScriptProject()
    const code = `import dlt from '@dlt/core'
       await dlt.run(['a'], { destination: 'duckdb', tableName: 'letters', ...JSON.parse(process.env.OPTIONS ?? '{}') })`
    expect((await project.run('pipeline.ts', code)).stderr).toBe('')
    const elsewhere = { RUNTIME__LOG_LEVEL: 'INFO', OPTIONS: '{"datasetName":"another"}' }
    expect((await project.run('pipeline.ts', code, elsewhere)).stderr).toMatch(
      /^\S+Z\|\[INFO\]\|dlt\|Pipeline "dlt_pipeline": the dataset "another" is new, so loading starts anew; state and schemas stay in the dataset "dlt_pipeline"\.\n$/,
    )
  })
})

test('a script that a signal ends is finished by its next run: each row is there once', async () => {
  using project = new ScriptProject()
  const code = `import dlt from '@dlt/core'
    const { SIGNAL } = process.env
    const pipeline = dlt.pipeline({ destination: 'duckdb' })
    await pipeline.run(function* orders() {
      yield { id: 1 }
    })
    await pipeline.extract([{ id: 2 }], { tableName: 'orders' })
    await pipeline.run(function* orders() {
      yield { id: 3 }
      if (SIGNAL) process.kill(process.pid, SIGNAL)
    })
    console.log('finished')`
  for (const [SIGNAL, said] of [
    ['SIGINT', ''],
    ['SIGTERM', ''],
    ['', 'finished\n'],
  ] as const) {
    expect((await project.run('pipeline.ts', code, { SIGNAL })).stdout).toBe(said)
  }
  const ids = 'SELECT id::INTEGER FROM dlt_pipeline.orders ORDER BY id'
  // Each run loads 1 and 2; only the last one comes to its end with 3.
  expect((await project.query('dlt_pipeline_db.duckdb', ids)).flat()).toEqual([1, 1, 1, 2, 2, 2, 3])
})

describe('a script with its source', () => {
  const source = `import dlt from '@dlt/core'
    import { duckdb } from '@dlt/core/destinations'
    import * as v from 'valibot'
    const taktileData = dlt.source(
      { name: 'taktile_data', config: v.object({ id: v.number(), token: dlt.secret(v.string()) }) },
      ({ id, token }) => [
        dlt.resource({ name: 'logs' }, [{ id, letters: token.length }]),
        dlt.resource({ name: 'metrics' }, [{ id }]),
      ],
    )
    `

  test('loads only the resources that are selected, with the secrets of the configuration', async () => {
    using project = new ScriptProject()
    const { stderr } = await project.run(
      'taktile.ts',
      `${source} await taktileData({ id: 1 }).withResources('logs').run({ destination: duckdb })`,
      { SOURCES__TAKTILE_DATA__TOKEN: 'abc' },
    )
    expect(stderr).toBe('')
    expect(await project.query('dlt_taktile_db.duckdb', tables)).toEqual([['dlt_taktile.logs']])
    const rows = 'SELECT id::INTEGER, letters::INTEGER FROM dlt_taktile.logs'
    expect(await project.query('dlt_taktile_db.duckdb', rows)).toEqual([[1, 3]])
  })

  test('runs in a pipeline whose name is given', async () => {
    using project = new ScriptProject()
    const { stderr } = await project.run(
      'taktile.ts',
      `${source} await dlt.pipeline({ pipelineName: 'explicit' }).run(taktileData({ id: 1, token: '' }), { destination: duckdb })`,
    )
    expect(stderr).toBe('')
    expect(await project.query('explicit_db.duckdb', tables)).toEqual([['explicit.logs'], ['explicit.metrics']])
  })
})
