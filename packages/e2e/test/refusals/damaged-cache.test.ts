import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { damageFile } from './damage.ts'
import { Shop } from './shop.ts'

const stateFile = 'state.json'
const schemaFile = 'schemas/shop.schema.json'

/** What is said of a file of the cache that no package can replace. */
const refusals = {
  [stateFile]: {
    code: 'STATE',
    message:
      'The state in "<working>/state.json" cannot be read: its content is not what was written. Restore it from a backup; or remove it, then run restores the state from the destination.',
  },
  [schemaFile]: {
    code: 'SCHEMA',
    message:
      'The schema "shop" in "<working>/schemas/shop.schema.json" is damaged. Restore it from a backup; or remove it, then run restores the schema from the destination.',
  },
} as const

const damages = [stateFile, schemaFile].flatMap((file) =>
  (['changed', 'cut', 'missing'] as const).map((damage) => [file, damage] as const),
)

/** Loads day 1, and makes the packages unknown that were loaded. */
async function withoutPackages(shop: Shop): Promise<void> {
  await shop.run(1)
  rmSync(join(shop.place.workingDir, 'packages/loaded'), { recursive: true })
}

describe('the cache', () => {
  test.for(damages)('with %s %s is made again from loaded packages', async ([file, damage]) => {
    using shop = new Shop()
    await shop.run(1)
    const before = damageFile(join(shop.place.workingDir, file), damage)
    await shop.run(2)
    await shop.expectRecovered()
    expect(before.length).toBeGreaterThan(0)
  })

  test.for(damages)('with %s %s is made again from packages that wait', async ([file, damage]) => {
    using shop = new Shop()
    await withoutPackages(shop)
    await shop.pipeline.extract(shop.sources(2))
    damageFile(join(shop.place.workingDir, file), damage)
    await shop.expectRecovered()
  })

  test.for([stateFile, schemaFile] as const)(
    'with a damaged %s and no package is refused; removed, it is restored',
    async (file) => {
      using shop = new Shop()
      await withoutPackages(shop)
      const path = join(shop.place.workingDir, file)
      for (const damage of ['changed', 'cut'] as const) {
        const before = damageFile(path, damage)
        expect(await shop.refusal(() => shop.run(2))).toEqual({ ...refusals[file], retryable: false })
        writeFileSync(path, before)
      }
      damageFile(path, 'missing')
      await shop.run(2)
      await shop.expectRecovered()
    },
  )

  test('of a newer version is refused', async () => {
    using shop = new Shop()
    await shop.run(1)
    const path = join(shop.place.workingDir, stateFile)
    const text = JSON.stringify({ ...shop.pipeline.state, _state_engine_version: 99 })
    const before = damageFile(path, 'missing')
    writeFileSync(path, text)
    expect(await shop.refusal(() => shop.run(2))).toEqual({
      code: 'STATE',
      retryable: false,
      message: 'The state in "<working>/state.json" has engine version 99, and this version knows up to 4. Update dlt.',
    })
    writeFileSync(path, before)
    await shop.expectRecovered()
  })
})

test('a lock file that is no database is refused; it can be removed', async () => {
  using shop = new Shop()
  await shop.run(1)
  const path = join(shop.place.workingDir, 'lock.sqlite')
  writeFileSync(path, 'not a database'.repeat(100))
  expect(await shop.refusal(() => shop.run(2))).toEqual({
    code: 'WORKING_DIRECTORY',
    retryable: false,
    message:
      'The working directory "<working>" of pipeline "shop" cannot be locked: its file "lock.sqlite" is damaged. Remove that file: it holds nothing.',
  })
  rmSync(path)
  await shop.expectRecovered()
})
