import { expect, test } from 'vitest'
import type { Engine } from '../engines/engine.ts'
import { ProjectFolder } from './project-folder.ts'

/** Declares the test of a project whose configuration both systems read. */
export const declareProject = (engine: Engine, python: string): void => {
  test('a project continues its cursor in turn: both sides read its destination, dataset, secret and arguments', async () => {
    await using project = await ProjectFolder.create(python, engine)
    const results = [
      await project.runPython(1),
      await project.runHere(2),
      await project.runPython(3),
      await project.runHere(4),
    ]
    expect(results).toEqual(results.map(() => ({ code: 0, stdout: '', stderr: '' })))
    const { orders, _dlt_pipeline_state: states } = (await project.read()) ?? {}
    const ids = orders?.rows.map(([id]) => Number(id)).sort((left, right) => left - right)
    // The cursor keeps each round from loading the last row of the one before again.
    expect(ids).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    expect(new Set(orders?.rows.map(([, currency, seen]) => `${currency} ${seen}`))).toEqual(new Set(['EUR 2d611cbc']))
    expect(states?.rows.map(([version]) => version)).toEqual(['1', '2', '3', '4'])
  })
}
