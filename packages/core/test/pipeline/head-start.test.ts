import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { jsonLines } from '../../src/declare/json-lines.ts'
import type { Resource } from '../../src/declare/resource.ts'
import type { CommitPointEvent } from '../../src/packages/commit-points.ts'
import { Pipeline } from '../../src/pipeline/pipeline.ts'
import { CommitPointRecorder } from '../packages/commit-point-recorder.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { Warehouse } from '../warehouse/warehouse.ts'

const quiet = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

/** The pipeline `shop` in a folder with its working directory and its warehouse, as a process on its own would have it. */
function openShop(folder: string): { readonly pipeline: Pipeline; readonly warehouse: Warehouse } {
  const warehouse = new Warehouse({ path: `${folder}/warehouse.json` })
  const options = { pipelineName: 'shop', workingDir: `${folder}/work`, destination: warehouse, logger: quiet }
  return { pipeline: new Pipeline(options), warehouse }
}

const rowCount = 90

/** Text in two files of a package: more than a small package has. */
function lines(folder: string): Resource {
  const path = join(folder, 'lines.jsonl')
  const payload = 'x'.repeat(100_000)
  const rows = Array.from({ length: rowCount }, (_, id) => `${JSON.stringify({ id, payload })}\n`)
  writeFileSync(path, rows.join(''))
  return jsonLines(path, { name: 'lines' })
}

const stage = (folder: string, name: string): string => join(folder, 'work', 'packages', name)

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.page'))

/** A resource that goes on once pages of the text were made beside it. */
function onceBegun(folder: string, then: () => void): Resource {
  return resource({ name: 'last' }, async function* () {
    while (filesIn(stage(folder, 'normalizing')).length === 0) await setImmediate()
    then()
    yield { id: 1 }
  })
}

/** What a process finds that starts where another one was killed: it runs the same again, where that is not pending. */
async function recover(folder: string): Promise<Warehouse> {
  const { pipeline, warehouse } = openShop(folder)
  const isPending = (await pipeline.pendingPackages()).length > 0
  await pipeline.run(
    isPending || warehouse.rows('shop', 'lines').length > 0
      ? []
      : [lines(folder), resource({ name: 'last' }, [{ id: 1 }])],
    {
      ...(isPending && { tableName: 'nothing' }),
    },
  )
  return warehouse
}

describe('an extract that is normalized meanwhile', () => {
  test('leaves nothing when it fails', { timeout: 60_000 }, async () => {
    using folder = new TemporaryDirectory()
    const { pipeline, warehouse } = openShop(folder.path)
    const failing = onceBegun(folder.path, () => {
      throw new TypeError('The source is gone.')
    })
    await expect(pipeline.run([lines(folder.path), failing])).rejects.toThrow('The source is gone.')
    for (const name of ['extracting', 'extracted', 'normalizing', 'normalized']) {
      expect(readdirSync(stage(folder.path, name)), name).toEqual([])
    }
    await pipeline.run(lines(folder.path))
    expect(warehouse.values('shop', 'lines', 'id')).toHaveLength(rowCount)
  })

  test('can be killed at any moment', { timeout: 120_000 }, async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    const taken: string[] = []
    const picture = (what: string): void => {
      cpSync(folder.path, images.in(String(taken.length)), { recursive: true })
      taken.push(what)
    }
    const isMet = ({ point, moment, operation }: CommitPointEvent): boolean =>
      operation !== 'sync' && moment === 'after' && (point === 'extract.commit' || point.startsWith('normalize.'))
    {
      using _recorder = new CommitPointRecorder((event) => {
        if (isMet(event)) picture(event.point)
      })
      const { pipeline } = openShop(folder.path)
      await pipeline.run([lines(folder.path), onceBegun(folder.path, () => picture('begun'))])
    }
    expect(new Set(taken)).toEqual(
      new Set([
        'begun',
        'extract.commit',
        'normalize.scratch',
        'normalize.head-start',
        'normalize.commit',
        'normalize.remove-extracted',
      ]),
    )
    for (const [index, what] of taken.entries()) {
      const warehouse = await recover(images.in(String(index)))
      const ids = warehouse.values('shop', 'lines', 'id').toSorted((left, right) => Number(left) - Number(right))
      expect(ids, what).toEqual(Array.from({ length: rowCount }, (_, id) => id))
      expect(warehouse.values('shop', 'last', 'id'), what).toEqual([1])
      expect(readdirSync(stage(images.in(String(index)), 'normalizing')), what).toEqual([])
    }
  })
})
