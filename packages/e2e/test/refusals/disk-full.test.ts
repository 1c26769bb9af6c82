import { join } from 'node:path'
import { SmallDisk } from '@dlt/test-services'
import { describe, expect, test } from 'vitest'
import { scenarios } from '../kill/scenario.ts'
import { Shop } from './shop.ts'

const notLocked =
  'The working directory "<working>" of pipeline "shop" cannot be locked: the disk is full. Free some space on it, then run again.'
const notExtracted =
  /^Pipeline "shop" failed at step "extract": (Resource "days": )?"<working>\/.*" cannot be written: the disk is full \(ENOSPC\)\. Free some space on it, then run again\. What was committed before is kept\.( Packages wait in the working directory; the next run finishes them first\.)?$/
const waits =
  "Packages wait in the working directory; the next run finishes them first, or pipeline.abort('<load id>') gives them up."
const notNormalized = (reason: string): RegExp =>
  new RegExp(
    `^Pipeline "shop" failed at step "normalize", load package "<load id>": ${reason} ${waits.replaceAll(/[.()]/g, '\\$&')}$`,
  )
const notWritten = notNormalized(
  '"<working>/.*" cannot be written: the disk is full \\(ENOSPC\\)\\. Free some space on it, then run again\\. What was committed before is kept\\.',
)
const rowsNotWritten = notNormalized(
  'The file "<working>/packages/normalizing/.*" for table "\\w+" could not be written: ENOSPC: no space left on device, writev?\\. Check that its folder exists and can be written, and that the disk has space left\\.',
)

describe.skipIf(!SmallDisk.isPossible())('a full disk', () => {
  test('of the working directory, whatever room is left: what fails says so, and nothing is lost', {
    timeout: 300_000,
  }, async () => {
    const kinds = { notLocked, notExtracted, rowsNotWritten, notWritten }
    const seen = new Set<string>()
    for (let freeBlocks = 0; !seen.has('loaded'); freeBlocks++) {
      using disk = new SmallDisk(2)
      using shop = new Shop(scenarios.second, () => ({ workingDir: join(disk.folder, 'work') }))
      await shop.run(1)
      disk.fill(freeBlocks)
      const refusal = await shop.outcome(() => shop.run(2))
      const kind = Object.entries(kinds).find(([, text]) =>
        typeof text === 'string' ? text === refusal?.message : text.test(refusal?.message ?? ''),
      )
      if (refusal !== undefined)
        expect(refusal, refusal.message).toMatchObject({ code: 'WORKING_DIRECTORY', retryable: true })
      expect(kind === undefined, refusal?.message).toBe(refusal === undefined)
      seen.add(kind?.[0] ?? 'loaded')
      disk.free()
      await shop.expectRecovered()
    }
    expect(seen).toEqual(new Set([...Object.keys(kinds), 'loaded']))
  })

  test('while worker threads normalize', { timeout: 300_000 }, async () => {
    using disk = new SmallDisk(24)
    using shop = new Shop(scenarios.threads, () => ({ workingDir: join(disk.folder, 'work') }))
    await shop.run(1)
    await shop.pipeline.extract(shop.sources(2))
    disk.fill(8)
    expect(await shop.refusal(() => shop.pipeline.normalize())).toEqual({
      code: 'WORKING_DIRECTORY',
      retryable: true,
      message: expect.stringMatching(rowsNotWritten),
    })
    disk.free()
    await shop.expectRecovered()
  })

  test.each([
    [3, 0],
    [12_000, 2],
    [12_000, 512],
  ])('of the database: %d rows, %d blocks free', async (rowsPerDay, freeBlocks) => {
    using disk = new SmallDisk(32)
    using shop = new Shop({ ...scenarios.second, rowsPerDay }, () => ({ file: join(disk.folder, 'target.duckdb') }))
    await shop.run(1)
    disk.fill(freeBlocks)
    expect(await shop.refusal(() => shop.run(2))).toEqual({
      code: 'DESTINATION',
      retryable: true,
      message: `Pipeline "shop" failed at step "load", load package "<load id>": DuckDB cannot write "<file>.wal": the disk is full. Free some space on it, then run again. ${waits}`,
    })
    disk.free()
    await shop.expectRecovered()
  })

  test('of a database that is to be made', async () => {
    using disk = new SmallDisk(2)
    using shop = new Shop(scenarios.first, () => ({ file: join(disk.folder, 'target.duckdb') }))
    disk.fill()
    expect(await shop.refusal(() => shop.run(1))).toEqual({
      code: 'DESTINATION',
      retryable: true,
      message:
        'Pipeline "shop" failed at step "sync": The DuckDB file "<file>" cannot be opened: the disk is full. Free some space on it, then run again.',
    })
    disk.free()
    await shop.expectRecovered()
  })
})
