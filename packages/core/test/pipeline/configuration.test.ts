import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigFieldMissing } from '../../src/configuration/config-field-missing.ts'
import { secret } from '../../src/configuration/secret.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { Pipeline } from '../../src/pipeline/pipeline.ts'
import { PipelineStepFailed } from '../../src/pipeline/pipeline-step-failed.ts'
import { rejection } from '../configuration/test-project.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { PipelineFixture } from './pipeline-fixture.ts'
import { made } from './warehouse-module.ts'

const orders = { tableName: 'orders' } as const
const warehouseModule = new URL('./warehouse-module.ts', import.meta.url).href

// The very objects, not copies, so that it shows whether they are frozen.
const shownState = v.custom<{ readonly resources: { readonly orders: { readonly list: readonly unknown[] } } }>(
  (value) => typeof value === 'object',
)

let project: TemporaryDirectory

beforeEach(() => {
  project = new TemporaryDirectory()
  vi.stubEnv('DLT_PROJECT_DIR', project.path)
})

afterEach(() => {
  vi.unstubAllEnvs()
  project[Symbol.dispose]()
})

function configure(config: string): void {
  mkdirSync(project.in('.dlt'), { recursive: true })
  writeFileSync(project.in('.dlt', 'config.toml'), config)
}

describe('options of a pipeline', () => {
  test('come from the environment and from files; code wins', async () => {
    configure(`[pipelines.shop]\ndataset_name = "from_file"\n`)
    using shop = new PipelineFixture()
    expect(shop.pipeline().datasetName).toBe('from_file')
    vi.stubEnv('PIPELINES__SHOP__DATASET_NAME', 'from_environment')
    expect(shop.pipeline().datasetName).toBe('from_environment')
    expect(shop.pipeline({ datasetName: 'from_code' }).datasetName).toBe('from_code')
    await shop.pipeline().run([{ id: 1 }], orders)
    expect(shop.ids('orders', 'from_environment')).toEqual([1])
  })

  test('of the working directory and the name', () => {
    vi.stubEnv('PIPELINE_NAME', 'configured')
    vi.stubEnv('PIPELINES_DIR', project.in('pipelines'))
    const { pipelineName, workingDir } = new Pipeline()
    expect({ pipelineName, workingDir }).toEqual({
      pipelineName: 'configured',
      workingDir: project.in('pipelines', 'configured'),
    })
  })

  test('start anew', async () => {
    vi.stubEnv('DEV_MODE', 'true')
    using shop = new PipelineFixture()
    expect(shop.pipeline().datasetName).toMatch(/^shop_\d{14}$/)
    expect(shop.pipeline({ devMode: false }).datasetName).toBe('shop')
  })

  test('restore nothing', async () => {
    vi.stubEnv('RESTORE_FROM_DESTINATION', 'false')
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toEqual([])
  })

  test('that do not fit are refused when the pipeline is made', () => {
    vi.stubEnv('DEV_MODE', 'maybe')
    using shop = new PipelineFixture()
    expect(() => shop.pipeline()).toThrow(
      '"DEV_MODE" in environment is not a boolean ("true" or "false"). Correct it there; the value is not shown.',
    )
  })

  test('levels of messages', async () => {
    const written: string[] = []
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    vi.stubEnv('RUNTIME__LOG_LEVEL', 'CRITICAL')
    using shop = new PipelineFixture({ beforeLoad: refuse })
    const { destination, workingDir } = { destination: shop.warehouse, workingDir: shop.workingDir }
    const pipeline = () => new Pipeline({ pipelineName: 'shop', destination, workingDir })
    await pipeline().run([{ id: 1 }], orders)
    expect(written).toEqual([])
    vi.stubEnv('RUNTIME__LOG_LEVEL', 'error')
    await pipeline().run([{ id: 1 }], orders)
    expect(written.join('')).toContain('Table "orders" is read-only.')
    vi.restoreAllMocks()
  })
})

function refuse(): never {
  throw new DestinationError('Table "orders" is read-only.', { kind: 'terminal' })
}

describe('a destination', () => {
  test('takes its settings and type from the configuration, and is found again', async () => {
    configure(`[destination.depot]\ndestination_type = "${warehouseModule}"\npath = "${project.in('tables.json')}"\n`)
    const workingDir = project.in('work')
    const first = new Pipeline({ pipelineName: 'shop', workingDir, destination: 'depot' })
    const info = await first.run([{ id: 1 }], orders)
    expect(info).toMatchObject({ destinationName: 'depot', destinationType: 'warehouse' })
    expect(made.at(-1)).toEqual({ name: 'depot', path: project.in('tables.json') })
    expect(first.state).toMatchObject({ destination_type: warehouseModule, destination_name: 'depot' })
    const second = await new Pipeline({ pipelineName: 'shop', workingDir }).run([{ id: 2 }], orders)
    expect(second).toMatchObject({ destinationName: 'depot', firstRun: false })
  })

  test('of a configured type and name', async () => {
    vi.stubEnv('DESTINATION_TYPE', warehouseModule)
    vi.stubEnv('DESTINATION_NAME', 'depot')
    vi.stubEnv('SHOP__DESTINATION__DEPOT__PATH', project.in('own.json'))
    const pipeline = new Pipeline({ pipelineName: 'shop', workingDir: project.in('work') })
    expect(await pipeline.run([{ id: 1 }], orders)).toMatchObject({ destinationName: 'depot' })
    expect(made.at(-1)).toEqual({ name: 'depot', path: project.in('own.json') })
  })

  test('that the configuration calls something unknown is refused', async () => {
    vi.stubEnv('DESTINATION_TYPE', 'nowhere')
    const pipeline = new Pipeline({ pipelineName: 'shop', workingDir: project.in('work') })
    const error = await rejection(pipeline.run([{ id: 1 }], orders))
    expect(String(error)).toContain('The destination "nowhere" is unknown.')
  })
})

describe('settings of the steps', () => {
  test('pages have as many rows as they say', async () => {
    vi.stubEnv('DATA_WRITER__BUFFER_MAX_ITEMS', '2')
    using shop = new PipelineFixture()
    const rows = Array.from({ length: 10 }, (_, id) => ({ id }))
    await shop.pipeline().extract(rows, orders)
    const files = readdirSync(join(shop.workingDir, 'packages', 'extracted'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((name) => /orders[^/]*$/.test(name))).toHaveLength(5)
  })

  test('resources are read in turn, or one after another', async () => {
    const pulled = async (): Promise<string> => {
      using shop = new PipelineFixture()
      const order: string[] = []
      const letters = (name: string) =>
        resource({ name }, function* () {
          for (const id of [1, 2]) {
            order.push(`${name}${id}`)
            yield { id }
          }
        })
      await shop.pipeline().extract([letters('a'), letters('b')])
      return order.join(' ')
    }
    expect(await pulled()).toBe('a1 b1 a2 b2')
    vi.stubEnv('EXTRACT__NEXT_ITEM_MODE', 'fifo')
    expect(await pulled()).toBe('a1 a2 b1 b2')
  })

  test('a refused package is thrown where that is wanted, and waits all the same', async () => {
    vi.stubEnv('LOAD__RAISE_ON_FAILED_JOBS', 'true')
    using shop = new PipelineFixture({ beforeLoad: refuse })
    const error = await rejection(shop.pipeline().run([{ id: 1 }], orders))
    expect(error).toBeInstanceOf(PipelineStepFailed)
    const [waiting] = await shop.pipeline().pendingPackages()
    expect(error.cause).toMatchObject({
      code: 'DESTINATION',
      message: `The destination refused load package "${waiting?.loadId}": Table "orders" is read-only. Nothing of it is visible, and the next run tries it again.`,
    })
    expect(waiting).toMatchObject({ state: 'failed', failure: 'Table "orders" is read-only.' })
  })
})

describe('values that are missing', () => {
  const spec = v.object({ token: secret(v.string()) })

  test.each([
    {
      name: 'for a resource of a source',
      data: source({ name: 'store' }, () => [resource({ name: 'orders', config: spec }, () => [1])])(),
      context: { resource: 'orders' },
    },
    {
      name: 'for a resource',
      data: resource({ name: 'orders', config: spec }, () => [1]),
      context: { resource: 'orders' },
    },
    { name: 'for a source', data: source({ name: 'store', config: spec }, () => [])(), context: { source: 'store' } },
  ])('are a ConfigFieldMissing $name', async ({ data, context }) => {
    using shop = new PipelineFixture()
    const error = await rejection(shop.pipeline().run(data))
    expect(error).toBeInstanceOf(PipelineStepFailed)
    expect(error.cause).toBeInstanceOf(ConfigFieldMissing)
    expect(error.cause).toMatchObject({ fields: ['token'], context })
  })
})

test('the state that a pipeline shows cannot be changed', async () => {
  using shop = new PipelineFixture()
  const pipeline = shop.pipeline()
  await pipeline.run(
    resource({ name: 'orders' }, ({ state }) => {
      state['list'] = [{ page: 1 }]
      return [{ id: 1 }]
    }),
  )
  const { resources } = v.parse(shownState, pipeline.state.sources?.['shop'])
  expect(resources.orders.list).toEqual([{ page: 1 }])
  const shown: unknown[] = [pipeline.state, pipeline.state.sources, pipeline.state._local]
  expect(shown.every((one) => Object.isFrozen(one))).toBe(true)
  expect(Object.isFrozen(resources.orders.list[0])).toBe(true)
})
