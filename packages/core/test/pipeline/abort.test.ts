import { cpSync, rmSync } from 'node:fs'
import { createSchema, DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { PipelineStepFailed } from '../../src/pipeline/pipeline-step-failed.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

const code = (error: unknown): unknown => DltError.is(error) && error.code

const caught = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await run()
  } catch (error) {
    return error
  }
}

describe('giving up a pending package', () => {
  test('puts state and schemas back, so that the next run extracts the same rows again, once', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 1 }], orders)
    const { state, schemas } = pipeline
    const {
      packages: [extracted],
    } = await pipeline.extract([{ id: 2, note: 'new' }], orders)
    const { packages, loadedBefore } = await pipeline.abort(extracted?.loadId ?? '')
    expect(packages.map(({ loadId }) => loadId)).toEqual([extracted?.loadId])
    expect(loadedBefore).toEqual([])
    expect(await pipeline.pendingPackages()).toEqual([])
    expect(pipeline.state._version_hash).toBe(state._version_hash)
    expect(pipeline.schemas).toEqual(schemas)
    await shop.pipeline().run([{ id: 2, note: 'new' }], orders)
    expect(shop.ids('orders')).toEqual([1, 2])
  })

  test('takes every later package with it, newest first, and leaves earlier ones', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const loadIds: string[] = []
    for (const id of [1, 2, 3]) {
      const { packages } = await pipeline.extract([{ id }], orders)
      loadIds.push(...packages.map(({ loadId }) => loadId))
    }
    const { packages } = await pipeline.abort(loadIds[1] ?? '')
    expect(packages.map(({ loadId }) => loadId)).toEqual([loadIds[2], loadIds[1]])
    expect((await pipeline.pendingPackages()).map(({ loadId }) => loadId)).toEqual([loadIds[0]])
    await pipeline.normalize()
    await pipeline.load()
    expect(shop.ids('orders')).toEqual([1])
  })

  test('takes the whole group, and forgets schemas that it brought', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const [one, two] = ['one', 'two'].map((name) => resource({ name, schema: createSchema(name) }, [{ id: 1 }]))
    const { packages } = await pipeline.extract([one, two].filter((each) => each !== undefined))
    expect(packages).toHaveLength(2)
    await pipeline.abort(packages[0]?.loadId ?? '')
    expect(await pipeline.pendingPackages()).toEqual([])
    expect([...pipeline.schemas.keys()]).toEqual([])
    expect(pipeline.defaultSchemaName).toBeUndefined()
  })

  test('is refused where a package of its group is loaded, unless forced', async () => {
    let refuses = true
    using shop = new PipelineFixture({
      beforeLoad: ({ schema }: { readonly schema: { readonly name: string } }) => {
        if (refuses && schema.name === 'one') throw new Error('The connection was lost.')
      },
    })
    const pipeline = shop.pipeline()
    const [one, two] = ['one', 'two'].map((name) => resource({ name, schema: createSchema(name) }, [{ id: 1 }]))
    await expect(pipeline.run([one, two].filter((each) => each !== undefined))).rejects.toThrow('connection')
    const [waiting] = await pipeline.pendingPackages()
    expect(shop.ids('two')).toEqual([1])
    const refused = await caught(() => pipeline.abort(waiting?.loadId ?? ''))
    expect(code(refused)).toBe('PACKAGE')
    expect(String(refused)).toContain('is loaded already')
    expect(await pipeline.pendingPackages()).toHaveLength(1)
    const { loadedBefore } = await pipeline.abort(waiting?.loadId ?? '', { force: true })
    expect(loadedBefore).toHaveLength(1)
    expect(await pipeline.pendingPackages()).toEqual([])
    refuses = false
    await pipeline.run([one, two].filter((each) => each !== undefined))
    expect(shop.ids('one')).toEqual([1])
    expect(shop.ids('two')).toEqual([1, 1])
  })

  test('is refused where the destination has it, though the process died before it noted that', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const { packages } = await pipeline.extract([{ id: 1 }], orders)
    await pipeline.normalize()
    cpSync(shop.workingDir, shop.folder.in('before'), { recursive: true })
    await pipeline.load()
    rmSync(shop.workingDir, { recursive: true })
    cpSync(shop.folder.in('before'), shop.workingDir, { recursive: true })
    const loadId = packages[0]?.loadId ?? ''
    const refused = await caught(() => shop.pipeline().abort(loadId))
    expect(code(refused)).toBe('PACKAGE')
    expect(String(refused)).toContain(`"${loadId}" of the same extract, or of a later one, is loaded already`)
    await shop.pipeline().retry(loadId)
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([1, 2])
  })

  test('frees a pipeline whose data cannot be normalized, as its error says', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const strict = { tableName: 'orders', columns: { id: { data_type: 'bigint', nullable: false } } } as const
    const error = await caught(() => pipeline.run([{ id: null }], strict))
    if (!(error instanceof PipelineStepFailed)) throw error
    expect(error.message).toContain(`give it up with pipeline.abort('${error.loadId}') and run again.`)
    await pipeline.abort(error.loadId ?? '')
    await pipeline.run([{ id: 7 }], strict)
    expect(shop.ids('orders')).toEqual([7])
  })

  test('never gives an aborted load id again', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const { packages } = await pipeline.extract([{ id: 1 }], orders)
    await pipeline.abort(packages[0]?.loadId ?? '')
    const { packages: again } = await shop.pipeline().extract([{ id: 1 }], orders)
    expect(Number(again[0]?.loadId)).toBeGreaterThan(Number(packages[0]?.loadId))
  })

  test('says what is pending when the package is not', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    await expect(pipeline.abort('1.5')).rejects.toThrow(
      'Pipeline "shop" has no pending load package "1.5". Nothing is pending.',
    )
    const { packages } = await pipeline.extract([{ id: 1 }], orders)
    await expect(pipeline.retry('1.5')).rejects.toThrow(`Pending are "${packages[0]?.loadId}".`)
  })
})

describe('trying a pending package again', () => {
  test('finishes it without extracting', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const { packages } = await pipeline.extract([{ id: 1 }], orders)
    const info = await pipeline.retry(packages[0]?.loadId ?? '')
    expect(info.loadIds).toEqual([packages[0]?.loadId])
    expect(shop.ids('orders')).toEqual([1])
    expect(await pipeline.pendingPackages()).toEqual([])
  })
})
