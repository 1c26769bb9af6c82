import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { readDifference, writeDifference } from '../fixtures/differences.ts'
import { fixturesFolder } from '../fixtures/recorded-case.ts'
import type { Engine } from './engines/engine.ts'
import { type Players, playShape } from './play-shape.ts'
import { PythonProcess } from './python-process.ts'
import { PythonSide } from './python-side.ts'
import type { Shape } from './shape.ts'
import type { DifferingShape } from './shapes/differing.ts'

/** What is played. */
export interface PlayedShapes {
  /** These leave what Python alone leaves. */
  readonly equal: readonly Shape[]
  /** These come out as written down. */
  readonly differing: readonly DifferingShape[]
  /** Name of a shape that Python alone cannot play on this database -> why. Default: none. */
  readonly unplayable?: Readonly<Record<string, string>>
}

const program = join(fixturesFolder, 'interoperability', 'worker.py')

/** Declares a test for each shape, on one kind of database. */
export const declareShapes = (engine: Engine, python: string, shapes: PlayedShapes): void => {
  const differences = `interoperability/differences/${engine.type}` as const

  // The processes answer one call after another: a shape also waits for all that were started with it.
  describe('Python dlt and this system in turn', { timeout: 900_000 }, () => {
    let players: Players
    const processes: PythonProcess[] = []

    beforeAll(() => {
      processes.push(new PythonProcess(python, program), new PythonProcess(python, program))
      const [partner, alone] = processes.map((process) => new PythonSide(process))
      if (partner === undefined || alone === undefined) throw new Error('a side is gone')
      players = { partner, alone }
    })

    afterAll(async () => {
      for (const process of processes) await process[Symbol.asyncDispose]()
    })

    describe.concurrent('ten rounds leave what Python alone leaves', () => {
      test.for(shapes.equal)('$name: $about', async (shape, { expect, skip }) => {
        const reason = shapes.unplayable?.[shape.name]
        if (reason !== undefined) skip(reason)
        const { differing, warnings, restored, broken } = await playShape(shape, engine, players)
        expect(differing).toEqual({})
        expect(warnings).toEqual([])
        expect(restored).toEqual({ python: {}, here: {} })
        expect(broken).toEqual({ python: [], here: [] })
      })
    })

    describe.concurrent('data that the systems take differently comes out as written down', () => {
      test.for(shapes.differing)('$name: $about', async (shape, { expect }) => {
        const { differing, broken } = await playShape(shape, engine, players)
        if (env['UPDATE_DIFFERENCES'] !== undefined) writeDifference(shape.name, differing, differences)
        expect(differing, 'listed as different, but equal').not.toEqual({})
        expect(differing).toEqual(readDifference(shape.name, differences))
        expect(broken).toEqual({ python: [], here: [] })
      })
    })
  })
}
