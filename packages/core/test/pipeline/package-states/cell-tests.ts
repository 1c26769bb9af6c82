import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CommitPointEvent } from '../../../src/packages/commit-points.ts'
import { CommitPointRecorder } from '../../packages/commit-point-recorder.ts'
import { type Event, type Events, extractOrders, turningEvents } from './events.ts'
import { expectCell } from './expect-cell.ts'
import type { Happening } from './happening.ts'
import { observe } from './observed-state.ts'
import { type PackageImage, PackageImages } from './package-images.ts'
import { Shop } from './shop.ts'
import { type Cell, documentedCells, type PackageState } from './states-document.ts'

/** Tests for all cells of a table of the documentation: what it says must be what happens. */
export function testCells(section: string, events: Events): void {
  describe(section, () => {
    const images = new PackageImages()
    beforeAll(() => images.prepare())
    afterAll(() => images[Symbol.dispose]())
    for (const cell of documentedCells(section, Object.keys(events))) {
      test(`${cell.state}, ${cell.event}: ${cell.next}`, async () => {
        const event = events[cell.event]
        if (event === undefined) throw new Error(`No test knows the event "${cell.event}".`)
        const { image, happening } = await (ofWorkingStep(images, cell, event) ?? ofFoundPackage(images, cell, event))
        const observed = await observe(new Shop(image.folder), image.loadId, turningEvents.has(cell.event))
        expectCell(cell, image.loadId, happening, observed)
      })
    }
  })
}

interface Happened {
  readonly image: PackageImage
  readonly happening: Happening
}

/** The event meets what a process left that died in the state. */
async function ofFoundPackage(images: PackageImages, { state }: Cell, event: Event): Promise<Happened> {
  const image = images.copy(state)
  return { image, happening: await event(image) }
}

/** An event of the step that works on the package: it begins where the package was before, and comes through the state. */
function ofWorkingStep(images: PackageImages, cell: Cell, event: Event): Promise<Happened> | undefined {
  const { state } = cell
  const extract = extractOrders[cell.event]
  if (state === 'extracting' && extract !== undefined) return ofExtract(images, extract)
  if (state === 'normalizing' && cell.event.startsWith('normalize '))
    return through(state, images.copy('extracted'), event)
  if (state === 'loading' && cell.event.startsWith('load ')) return through(state, images.copy('normalized'), event)
  return undefined
}

/** There is no package before the extract that makes it. */
async function ofExtract(images: PackageImages, extract: Event): Promise<Happened> {
  const { image, happening } = await through('extracting', { folder: images.start(), loadId: '0.5' }, extract)
  return { image: { ...image, loadId: happening.loadIds[0] ?? image.loadId }, happening }
}

/** Lets an event happen, and makes sure that a step was in the state meanwhile. */
async function through(state: PackageState, image: PackageImage, event: Event): Promise<Happened> {
  using recorder = new CommitPointRecorder()
  const happening = await event(image)
  expect(recorder.events.some((one) => isIn(state, one))).toBe(true)
  return { image, happening }
}

function isIn(state: PackageState, { point, subject }: CommitPointEvent): boolean {
  return state === 'loading' ? point === 'load.commit' : subject.includes(join('packages', state, '/'))
}
