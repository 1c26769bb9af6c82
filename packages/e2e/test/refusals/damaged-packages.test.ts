import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Damage, damageFile, fileIn } from './damage.ts'
import { Shop } from './shop.ts'

type Stage = 'extracted' | 'normalized'

const notWritten = 'its content is not what was written'
const ofRows = { changed: notWritten, cut: notWritten, missing: 'it cannot be read' }
const ofDocuments = { changed: notWritten, cut: notWritten, missing: 'it is missing' }
const ofManifests = { ...ofDocuments, cut: 'it is not JSON' }

/** A file of a package that waits, what is said of its damages, and the step that finds them; opening the directory finds the others. */
const damaged: readonly (readonly [Stage, RegExp, Readonly<Record<Damage, string>>, ('normalize' | 'load')?])[] = [
  ['extracted', /days\..*\.page$/, ofRows, 'normalize'],
  ['extracted', /manifest\.json$/, ofManifests],
  ['extracted', /\d\/schema\.json$/, ofDocuments],
  ['extracted', /\d\/state\.json$/, ofDocuments],
  ['extracted', /started-from\/schema\.json$/, ofDocuments, 'normalize'],
  ['extracted', /started-from\/state\.json$/, ofDocuments, 'normalize'],
  ['normalized', /days\..*\.jsonl$/, ofRows, 'load'],
  ['normalized', /manifest\.json$/, ofManifests],
  ['normalized', /\d\/schema\.json$/, ofDocuments],
  ['normalized', /\d\/state\.json$/, ofDocuments],
]

const remedy =
  'Restore it from a backup. Without one, remove the folder of its package group, those of later groups, and "state.json" of the working directory: the next run goes on from what was there before, and reads their rows again.'

const inStep = (step: string, message: string): string =>
  `Pipeline "shop" failed at step "${step}", load package "<load id>": ${message} Packages wait in the working directory; the next run finishes them first, or pipeline.abort('<load id>') gives them up.`

/** Loads day 1 and leaves day 2 waiting. */
async function waiting(shop: Shop, stage: Stage): Promise<string> {
  await shop.run(1)
  await shop.pipeline.extract(shop.sources(2))
  if (stage === 'normalized') await shop.pipeline.normalize()
  return join(shop.place.workingDir, 'packages', stage)
}

describe('a package that waits', () => {
  test.for(damaged)(
    '%s, with a damaged %s, is refused until that is restored',
    async ([stage, file, reasons, step]) => {
      using shop = new Shop()
      const path = fileIn(await waiting(shop, stage), file)
      for (const damage of ['changed', 'cut', 'missing'] as const) {
        const before = damageFile(path, damage)
        const message = `The file "${shop.plain(path)}" of a load package is damaged: ${reasons[damage]}. ${remedy}`
        expect(await shop.refusal(() => shop.run(2))).toEqual({
          code: 'PACKAGE',
          retryable: false,
          message: step === undefined ? message : inStep(step, message),
        })
        writeFileSync(path, before)
      }
      await shop.expectRecovered()
    },
  )

  test.for(['extracted', 'normalized'] as const)('%s, with damaged rows, can be given up', async (stage) => {
    using shop = new Shop()
    damageFile(fileIn(await waiting(shop, stage), /days\./), 'changed')
    const [{ loadId } = { loadId: '' }] = await shop.pipeline.pendingPackages()
    await shop.pipeline.abort(loadId)
    await shop.expectRecovered()
  })

  test.for(['extracted', 'normalized'] as const)(
    '%s, without its manifest, can be removed as the error says',
    async (stage) => {
      using shop = new Shop()
      const manifest = fileIn(await waiting(shop, stage), /manifest\.json$/)
      damageFile(manifest, 'missing')
      rmSync(dirname(dirname(manifest)), { recursive: true })
      rmSync(join(shop.place.workingDir, 'state.json'))
      await shop.expectRecovered()
    },
  )
})
