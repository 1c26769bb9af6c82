import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConsumerProject, type PackageManager, packPackages, type Tarballs } from './consumer-project.ts'

const documents = `[{ id: 1, name: 'Ada', tags: ['math', 'code'] }, { id: 2, name: 'Grace', tags: [] }]`

const loadScript = `
import dlt from '@dlt/core'

const pipeline = dlt.pipeline({ pipelineName: 'consumer', destination: 'duckdb', datasetName: 'people_data' })
const info = await pipeline.run(${documents}, { tableName: 'people' })
console.log(String(info))
console.log('failed jobs:', info.hasFailedJobs)
`

const typedScript = `
import dlt, { type LoadInfo } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'

const pipeline = dlt.pipeline({ pipelineName: 'typed', destination: duckdb({ credentials: 'typed.duckdb' }), datasetName: 'people_data' })
const info: LoadInfo = await pipeline.run(${documents}, { tableName: 'people' })
// @ts-expect-error: a write disposition that does not exist
await pipeline.run([{ id: 1 }], { tableName: 'people', writeDisposition: 'overwrite' })
console.log(String(info))
`

const countScript = `
import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create('consumer_db.duckdb')
const connection = await instance.connect()
const reader = await connection.runAndReadAll('SELECT (SELECT count(*) FROM people_data.people) AS people, (SELECT count(*) FROM people_data.people__tags) AS tags')
console.log(JSON.stringify(reader.getRows(), (_, value) => (typeof value === 'bigint' ? Number(value) : value)))
`

const refusedScript = `
import dlt from '@dlt/core'

let pulled = 0
function* people() { pulled++; yield* ${documents} }
const pipeline = dlt.pipeline({ pipelineName: 'consumer', destination: 'duckdb', datasetName: 'people_data' })
try {
  await pipeline.run(people)
} catch (error) {
  console.log(JSON.stringify({ name: error.name, message: error.message, code: error.code, pulled }))
}
`

const extractScript = `
import dlt from '@dlt/core'

const pipeline = dlt.pipeline({ pipelineName: 'consumer', destination: 'duckdb', datasetName: 'people_data' })
await pipeline.extract(${documents}, { tableName: 'people' })
try {
  await pipeline.load()
} catch (error) {
  console.log(JSON.stringify({ name: error.name, cause: error.cause?.name }))
}
`

const loadPendingScript = `
import dlt from '@dlt/core'

const pipeline = dlt.pipeline({ pipelineName: 'consumer', destination: 'duckdb', datasetName: 'people_data' })
await pipeline.normalize()
console.log(String(await pipeline.load()))
`

describe.each<PackageManager>(['npm', 'pnpm'])(
  'packed packages in a project of their own, installed by %s',
  (manager) => {
    let tarballs: Tarballs = new Map()
    beforeAll(async () => {
      tarballs = await packPackages()
    })
    afterAll(async () => {
      const [path] = tarballs.values()
      if (path !== undefined) await rm(dirname(path), { recursive: true, force: true })
    })

    const everything = {
      '@dlt/core': '*',
      '@dlt/destination-duckdb': '*',
      '@duckdb/node-api': '^1.5.6-r.1',
      '@types/node': '24.10.0',
    }

    test('JavaScript runs a pipeline and TypeScript type-checks against the published declarations', async () => {
      await using project = await ConsumerProject.create(manager, tarballs)
      await project.install(everything)
      await project.write('load.mjs', loadScript)
      const loaded = await project.node('load.mjs')
      expect(loaded.stderr).toBe('')
      expect(loaded.stdout).toContain('consumer_db.duckdb')
      expect(loaded.stdout).toContain('failed jobs: false')
      await project.write('count.mjs', countScript)
      expect((await project.node('count.mjs')).stdout.trim()).toBe('[[2,2]]')
      await project.write('typed.ts', typedScript)
      expect(await project.typeCheck('typed.ts')).toEqual({ code: 0, stdout: '', stderr: '' })
    })

    test('without the destination package nothing is extracted, and packages extracted alone load once it is there', async () => {
      await using project = await ConsumerProject.create(manager, tarballs)
      await project.install({ '@dlt/core': '*' })
      await project.write('refused.mjs', refusedScript)
      const refused = JSON.parse((await project.node('refused.mjs')).stdout)
      expect(refused).toMatchObject({ name: 'MissingPackageError', code: 'MISSING_PACKAGE', pulled: 0 })
      expect(refused.message).toContain('@dlt/destination-duckdb')
      expect(refused.message).toContain(
        manager === 'npm' ? 'npm install @dlt/destination-duckdb' : 'pnpm add @dlt/destination-duckdb',
      )

      await project.write('extract.mjs', extractScript)
      expect(JSON.parse((await project.node('extract.mjs')).stdout)).toEqual({
        name: 'PipelineStepFailed',
        cause: 'MissingPackageError',
      })
      expect(existsSync(join(project.folder, 'consumer_db.duckdb'))).toBe(false)

      await project.install(everything)
      await project.write('load-pending.mjs', loadPendingScript)
      expect((await project.node('load-pending.mjs')).stdout).toContain('consumer_db.duckdb')
      await project.write('count.mjs', countScript)
      expect((await project.node('count.mjs')).stdout.trim()).toBe('[[2,2]]')
    })
  },
)
