import { DestinationError } from '@dlt/destination'
import { createSchema } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { rejection } from '../configuration/test-project.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

/** Tables with which a package is refused. */
let refused: ReadonlySet<string> = new Set()
let shop: PipelineFixture

beforeEach(() => {
  refused = new Set(['orders'])
  vi.stubEnv('LOAD__ON_FAILED_PACKAGE', 'abort')
  shop = new PipelineFixture({
    beforeLoad: ({ jobs }) => {
      const [job] = jobs.filter(({ tableName }) => refused.has(tableName))
      if (job !== undefined) throw new DestinationError(`Table "${job.tableName}" is read-only.`, { kind: 'terminal' })
    },
  })
})

afterEach(() => {
  vi.unstubAllEnvs()
  shop[Symbol.dispose]()
})

/** Counts in the state how often it was read. */
const orders = resource({ name: 'orders' }, ({ state }) => {
  state['reads'] = Number(state['reads'] ?? 0) + 1
  return [{ id: state['reads'], kind: 'order' }]
})

describe('a refused package, where load.on_failed_package is abort', () => {
  test('is given up: nothing waits, state and schemas are as before, the next run extracts the same rows again', async () => {
    const pipeline = shop.pipeline()
    const info = await pipeline.run(orders)
    expect(info.packages).toMatchObject([{ state: 'failed', isAborted: true }])
    expect([info.hasFailedJobs, info.pendingLoadIds, await pipeline.pendingPackages()]).toEqual([true, [], []])
    expect([pipeline.state.sources, pipeline.schemas.size]).toEqual([undefined, 0])
    refused = new Set()
    await pipeline.run(orders)
    expect(shop.ids('orders')).toEqual([1])
    expect(pipeline.state.sources).toEqual({ shop: { resources: { orders: { reads: 1 } } } })
  })

  test('is reported in one line, and in the text of the info', async () => {
    const info = await shop.pipeline().run(orders)
    expect(shop.messages).toEqual([
      `Pipeline "shop": load package "${info.loadIds[0]}" failed, nothing of it is visible, it was given up, and the next run extracts its rows again: Table "orders" is read-only.`,
    ])
    expect(String(info)).toContain(
      `Load package ${info.loadIds[0]} is ABORTED and contains 1 FAILED job(s): Table "orders" is read-only.`,
    )
  })

  test('takes with it what was extracted after it, and the run goes on', async () => {
    vi.stubEnv('LOAD__ON_FAILED_PACKAGE', 'block')
    await shop.pipeline().run(orders)
    await shop.pipeline().extract([{ id: 5 }], { tableName: 'later' })
    vi.stubEnv('LOAD__ON_FAILED_PACKAGE', 'abort')
    const info = await shop.pipeline().run([{ id: 6 }], { tableName: 'others' })
    expect(info.packages.map(({ state, isAborted }) => [state, isAborted])).toEqual([
      ['failed', true],
      ['loaded', undefined],
    ])
    expect([shop.ids('orders'), shop.ids('later'), shop.ids('others')]).toEqual([[], [], [6]])
  })

  test('waits all the same where another package of its extract is loaded', async () => {
    const users = resource({ name: 'users', schema: createSchema('main') }, [{ id: 1 }])
    const teams = resource({ name: 'teams', schema: createSchema('other') }, [{ id: 2 }])
    refused = new Set(['users'])
    const info = await shop.pipeline().run([users, teams])
    const [loaded, failed] = info.loadIds
    expect(info.packages.map(({ state, isAborted }) => [state, isAborted])).toEqual([
      ['loaded', undefined],
      ['failed', undefined],
    ])
    expect(info.pendingLoadIds).toEqual([])
    expect(await shop.pipeline().pendingPackages()).toMatchObject([{ loadId: failed, state: 'failed' }])
    expect(shop.messages[0]).toBe(
      `Load package "${failed}" of pipeline "shop" cannot be given up: "${loaded}" of the same extract, or of a later one, is loaded already. ` +
        `Finish the rest with pipeline.retry('${failed}'), or pass { force: true }: the rows that are loaded stay then, and will be extracted again.`,
    )
    refused = new Set()
    await shop.pipeline().run([{ id: 3 }], { tableName: 'more' })
    expect([shop.ids('users'), shop.ids('teams'), shop.ids('more')]).toEqual([[1], [2], [3]])
  })

  test('is thrown as well, where that is wanted', async () => {
    vi.stubEnv('LOAD__RAISE_ON_FAILED_JOBS', 'true')
    const error = await rejection(shop.pipeline().run(orders))
    expect(error.cause).toMatchObject({ code: 'DESTINATION' })
    expect(error.message).toContain(
      'Table "orders" is read-only. Nothing of it is visible, and it was given up: the next run extracts its rows again.',
    )
    expect(await shop.pipeline().pendingPackages()).toEqual([])
  })
})

describe('load.workers', () => {
  test('is told to the destination', async () => {
    vi.stubEnv('LOAD__WORKERS', '3')
    await shop.pipeline().run([{ id: 1 }], { tableName: 'items' })
    expect(new Set(shop.warehouse.contexts.map(({ workers }) => workers))).toEqual(new Set([3]))
  })

  test('is left to the destination where nobody says it', async () => {
    await shop.pipeline().run([{ id: 1 }], { tableName: 'items' })
    expect(shop.warehouse.contexts.every((context) => !('workers' in context))).toBe(true)
  })
})
