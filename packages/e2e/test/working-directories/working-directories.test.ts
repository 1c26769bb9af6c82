import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { directoryContent } from '../bad-input/directory-content.ts'
import { Shop } from '../refusals/shop.ts'
import { copySample, recordedFolder, sampleScenario } from './sample.ts'

const samples = readdirSync(recordedFolder)
const ours = samples.filter((name) => name.startsWith('format-'))

describe('a working directory', () => {
  test('was recorded in each format', () => {
    expect(samples).toEqual(['format-1', 'format-2', 'python-dlt-1.31'])
  })

  test.each(ours)('in %s is read: what waits in it is finished, each row once', async (name) => {
    using shop = new Shop(sampleScenario)
    await copySample(name, shop.place)
    const pending = await shop.pipeline.pendingPackages()
    expect(pending.map(({ state, schemaName }) => `${state} ${schemaName}`)).toEqual([
      'normalized nights_schema',
      'normalized days_schema',
      'extracted nights_schema',
      'extracted days_schema',
    ])
    await shop.expectRecovered()
    expect(await shop.query('SELECT id::INTEGER, kind FROM shop.events ORDER BY id')).toEqual([
      [1, 'opened'],
      [2, 'closed'],
    ])
  })

  test.each(ours)('in %s is given up: its rows are read again, each once', async (name) => {
    using shop = new Shop(sampleScenario)
    await copySample(name, shop.place)
    const [, , { loadId } = { loadId: '' }] = await shop.pipeline.pendingPackages()
    await shop.pipeline.abort(loadId)
    await shop.pipeline.load()
    await shop.expectRecovered()
  })

  test.each([
    [
      { format: 2, pipeline: 'shop' },
      'has format 2, and this version knows format 1. Use the version that made it or a newer one, or pass another workingDir.',
    ],
    [
      { format: 1, pipeline: 'store' },
      'belongs to pipeline "store". Pass another workingDir: every pipeline needs its own.',
    ],
    ['{"format', 'has a damaged "dlt-typescript.json". Restore the file: {"format":1,"pipeline":"shop"}.'],
  ])('that is marked %j is refused, and not touched', async (marker, message) => {
    using shop = new Shop()
    await shop.run(1)
    const path = join(shop.place.workingDir, 'dlt-typescript.json')
    writeFileSync(path, typeof marker === 'string' ? marker : JSON.stringify(marker))
    const before = await directoryContent(shop.folder)
    expect(await shop.refusal(() => shop.run(2))).toEqual({
      code: 'WORKING_DIRECTORY',
      retryable: false,
      message: `The working directory "<working>" of pipeline "shop" ${message}`,
    })
    expect(await directoryContent(shop.folder)).toEqual(before)
    writeFileSync(path, '{"format":1,"pipeline":"shop"}')
    await shop.expectRecovered()
  })

  test('of Python dlt is refused with the remedy, and not touched', async () => {
    using shop = new Shop()
    cpSync(join(recordedFolder, 'python-dlt-1.31'), shop.place.workingDir, { recursive: true })
    const before = await directoryContent(shop.folder)
    expect(await shop.refusal(() => shop.run(1))).toEqual({
      code: 'WORKING_DIRECTORY',
      retryable: false,
      message:
        'The working directory "<working>" of pipeline "shop" was made by Python dlt, and the packages in it cannot be finished here. Pass another workingDir or pipelineName; what Python dlt has loaded can be continued: state and schemas are restored from the dataset.',
    })
    expect(await directoryContent(shop.folder)).toEqual(before)
  })
})
