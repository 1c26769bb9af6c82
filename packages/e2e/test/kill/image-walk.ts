import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outlinesOf } from './counted-run.ts'
import { CrashCamera, type CrashImage } from './crash-images.ts'
import { readDataset } from './dataset-reader.ts'
import { expectRecovered, expectWholePackages, progressAt } from './expectations.ts'
import { inParallel } from './in-parallel.ts'
import { perform, recover } from './perform.ts'
import { placeIn } from './place.ts'
import { outlineOf } from './point-event.ts'
import { type Scenario, type ScenarioName, scenarios } from './scenario.ts'
import { begin } from './setup.ts'
import { setClockBack } from './shifted-clock.ts'
import type { WalkResult } from './walk-result.ts'

/** Images that are recovered at a time: each waits for the disk most of the time. */
const parallelRecoveries = 4

/** Looks at what a killed process would have left, runs the pipeline again in this process, and looks again. */
async function recoverImage({ folder, points }: CrashImage, scenario: Scenario): Promise<void> {
  const { losesWorkingDirectory } = scenario
  const { file, workingDir } = placeIn(folder)
  const before = await readDataset(file, scenario)
  if (losesWorkingDirectory) rmSync(workingDir, { recursive: true, force: true })
  const recovery = await recover(placeIn(folder), scenario)
  const content = await readDataset(file, scenario)
  // Points with the same content mean the same: whichever of them was passed, all of this must hold.
  for (const { history, event } of points) {
    const at = `${history.slice(-1).map(outlineOf).join('')} (event ${event})`
    const progress = progressAt(history)
    expectWholePackages(before, scenario, progress, at)
    expectRecovered({ recovery, content }, scenario, progress, at)
  }
}

async function pictureRun(scenario: Scenario, folder: string, target: string): Promise<readonly CrashImage[]> {
  mkdirSync(folder)
  await begin(placeIn(folder), scenario)
  using camera = new CrashCamera(folder, target)
  using _clock = setClockBack(scenario.clockSetBack)
  for (const step of scenario.steps) await perform(placeIn(folder), scenario, step)
  return camera.images
}

/** Takes a picture at every point of a scenario's run and recovers each. */
export async function walkByImages(name: ScenarioName): Promise<WalkResult> {
  const scenario = scenarios[name]
  const root = mkdtempSync(join(tmpdir(), 'dlt-images-'))
  const startedAt = performance.now()
  try {
    const images = await pictureRun(scenario, join(root, 'run'), join(root, 'images'))
    using _clock = setClockBack(2 * scenario.clockSetBack)
    await inParallel(images, parallelRecoveries, (image) => recoverImage(image, scenario))
    const points = images.flatMap((image) => image.points)
    return {
      scenario: scenario.name,
      how: 'image',
      points: points.length,
      walked: points.length,
      outlines: outlinesOf(points),
      withThreads: 0,
      seconds: (performance.now() - startedAt) / 1000,
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
