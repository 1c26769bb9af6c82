import { join } from 'node:path'
import { env } from 'node:process'
import { declareMissing } from '@dlt/test-services'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { readDatasetForm } from './fixtures/dataset-form.ts'
import { readDifference, writeDifference } from './fixtures/differences.ts'
import { fixturesFolder } from './fixtures/recorded-case.ts'
import { type Players, playShape } from './interoperability/play-shape.ts'
import { ProjectFolder } from './interoperability/project/project-folder.ts'
import { pythonEnvironment } from './interoperability/python-environment.ts'
import { PythonProcess } from './interoperability/python-process.ts'
import { PythonSide } from './interoperability/python-side.ts'
import { appendShapes } from './interoperability/shapes/append.ts'
import { differingShapes } from './interoperability/shapes/differing.ts'
import { historyShapes } from './interoperability/shapes/history.ts'
import { mergeShapes } from './interoperability/shapes/merge.ts'
import { replaceShapes } from './interoperability/shapes/replace.ts'
import { stateShapes } from './interoperability/shapes/state.ts'

const shapes = [...appendShapes, ...stateShapes, ...replaceShapes, ...mergeShapes, ...historyShapes]
const environment = await pythonEnvironment()
const missing = 'missing' in environment ? environment.missing : undefined
const program = join(fixturesFolder, 'interoperability', 'worker.py')

// The processes answer one call after another: a shape also waits for all that were started with it.
describe.skipIf(missing !== undefined)('Python dlt and this system in turn', { timeout: 900_000 }, () => {
  let players: Players
  const processes: PythonProcess[] = []

  beforeAll(() => {
    if (!('python' in environment)) return
    processes.push(new PythonProcess(environment.python, program), new PythonProcess(environment.python, program))
    const [partner, alone] = processes.map((process) => new PythonSide(process))
    if (partner === undefined || alone === undefined) throw new Error('a side is gone')
    players = { partner, alone }
  })

  afterAll(async () => {
    for (const process of processes) await process[Symbol.asyncDispose]()
  })

  describe.concurrent('ten rounds leave what Python alone leaves', () => {
    test.for(shapes)('$name: $about', async (shape, { expect }) => {
      const { differing, warnings, restored, broken } = await playShape(shape, players)
      expect(differing).toEqual({})
      expect(warnings).toEqual([])
      expect(restored).toEqual({ python: {}, here: {} })
      expect(broken).toEqual({ python: [], here: [] })
    })
  })

  describe.concurrent('data that the systems take differently comes out as written down', () => {
    test.for(differingShapes)('$name: $about', async (shape, { expect }) => {
      const { differing, broken } = await playShape(shape, players)
      if (env['UPDATE_DIFFERENCES'] !== undefined) {
        writeDifference(shape.name, differing, 'interoperability/differences')
      }
      expect(differing, 'listed as different, but equal').not.toEqual({})
      expect(differing).toEqual(readDifference(shape.name, 'interoperability/differences'))
      expect(broken).toEqual({ python: [], here: [] })
    })
  })
})

describe.skipIf(missing !== undefined)('a project whose configuration both sides read', () => {
  test('continues its cursor in turn, with one destination, dataset, secret and arguments', async ({ expect }) => {
    if (!('python' in environment)) return
    await using project = await ProjectFolder.create(environment.python)
    const results = [
      await project.runPython(1),
      await project.runHere(2),
      await project.runPython(3),
      await project.runHere(4),
    ]
    expect(results).toEqual(results.map(() => ({ code: 0, stdout: '', stderr: '' })))
    const { orders, _dlt_pipeline_state: states } = (await readDatasetForm(project.file, 'shop_data', {})) ?? {}
    const ids = orders?.rows.map(([id]) => Number(id)).sort((left, right) => left - right)
    // The cursor keeps each round from loading the last row of the one before again.
    expect(ids).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    expect(new Set(orders?.rows.map(([, currency, seen]) => `${currency} ${seen}`))).toEqual(new Set(['EUR 2d611cbc']))
    expect(states?.rows.map(([version]) => version)).toEqual(['1', '2', '3', '4'])
  })
})

declareMissing('Python dlt', missing)
