import { rmSync } from 'node:fs'
import { Warehouse } from '../../warehouse/warehouse.ts'
import { type Happening, happeningOf } from './happening.ts'
import type { PackageImage } from './package-images.ts'
import { orders, Shop } from './shop.ts'

/** Lets an event happen, and tells what its call answered. */
export type Event = (image: PackageImage) => Promise<Happening>

/** Events by the names that the documentation gives them. */
export type Events = Readonly<Record<string, Event>>

const others = { tableName: 'others' } as const
const more = [{ id: 3 }]

/** What steps do to a package that was extracted before. */
export const stepEvents: Events = {
  'extract commits': ({ folder }) => happeningOf(new Shop(folder).pipeline().extract(more, others)),
  'extract fails': ({ folder }) => happeningOf(new Shop(folder).pipeline().extract(failing(more), others)),
  'normalize commits': ({ folder }) => happeningOf(new Shop(folder).pipeline().normalize()),
  'normalize fails': ({ folder }) =>
    happeningOf(new Shop(folder).pipeline({ destination: withoutFormats() }).normalize()),
  'load commits': ({ folder }) => happeningOf(new Shop(folder).pipeline().load()),
  'load fails for now': ({ folder }) => happeningOf(new Shop(folder, 'fails for now').pipeline().load()),
  'load refused for good': ({ folder }) => happeningOf(new Shop(folder, 'refuses for good').pipeline().load()),
  'load answer lost': ({ folder }) => happeningOf(new Shop(folder, 'loses the answer').pipeline().load()),
}

/** Calls of a process that finds the package. */
export const callEvents: Events = {
  run: runMore,
  'run for another dataset': ({ folder }) =>
    happeningOf(new Shop(folder).pipeline({ datasetName: 'elsewhere' }).run(more, others)),
  'run for another destination': ({ folder }) =>
    happeningOf(new Shop(folder).pipeline({ destination: new Warehouse({ name: 'other' }) }).run(more, others)),
  retry: ({ folder, loadId }) => happeningOf(new Shop(folder).pipeline().retry(loadId)),
  abort: ({ folder, loadId }) => happeningOf(new Shop(folder).pipeline().abort(loadId)),
  'abort by force': ({ folder, loadId }) => happeningOf(new Shop(folder).pipeline().abort(loadId, { force: true })),
  'load into another dataset': ({ folder }) =>
    happeningOf(new Shop(folder).pipeline().load({ datasetName: 'elsewhere' })),
}

/** Events after which the pipeline has a state of its own elsewhere. */
export const turningEvents: ReadonlySet<string> = new Set(['run for another dataset', 'run for another destination'])

/** What happens without a call. */
export const outsideEvents: Events = {
  'process dies': () => Promise.resolve({ loadIds: [] }),
  'dataset dropped': (image) => {
    new Shop(image.folder).warehouse.drop('shop')
    return runMore(image)
  },
  'working directory deleted': (image) => {
    rmSync(new Shop(image.folder).workingDir, { recursive: true })
    return runMore(image)
  },
}

/** The extract that makes the package. */
export const extractOrders: Events = {
  'extract commits': ({ folder }) => happeningOf(new Shop(folder).pipeline().extract([{ id: 2 }], orders)),
  'extract fails': ({ folder }) => happeningOf(new Shop(folder).pipeline().extract(failing([{ id: 2 }]), orders)),
}

function runMore({ folder }: PackageImage): Promise<Happening> {
  return happeningOf(new Shop(folder).pipeline().run(more, others))
}

async function* failing(rows: readonly object[]): AsyncGenerator<readonly object[]> {
  yield rows
  throw new Error('The source is gone.')
}

/** A destination that no file can be written for. */
function withoutFormats(): Warehouse {
  const warehouse = new Warehouse()
  const { capabilities } = warehouse
  const load = { ...capabilities.load, unsupportedTypes: { jsonl: ['text'] } } as const
  return Object.assign(warehouse, { capabilities: { ...capabilities, load } })
}
