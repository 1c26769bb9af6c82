import { startMeasuring } from '../measurement.ts'

/**
 * Items through a map, a filter and an incremental with a primary key into the extract files. Arguments: folder for working files,
 * how many, and how they are yielded: `sync`, `async` or `pages`.
 */
const measuring = startMeasuring()
const [workingDir = '', count = '1000000', form = 'sync'] = process.argv.slice(2)
const last = Number(count)
const { default: dlt } = await import('@dlt/core')
measuring.step('import')

interface Item {
  readonly id: number
  readonly updated_at: number
  readonly name: string
  readonly value: number
}

const item = (id: number): Item => ({ id, updated_at: Math.floor(id / 8), name: `item ${id % 1000}`, value: id / 2 })

function* sync(): Generator<Item> {
  for (let id = 1; id <= last; id++) yield item(id)
}

async function* async(): AsyncGenerator<Item> {
  for (let id = 1; id <= last; id++) yield item(id)
}

function* pages(): Generator<Item[]> {
  for (let first = 1; first <= last; first += 1000)
    yield Array.from({ length: 1000 }, (_, index) => item(first + index))
}

const options = {
  name: 'items',
  primaryKey: 'id',
  incremental: { cursorPath: 'updated_at', initialValue: 0 },
} as const
const forms = new Map([
  ['sync', dlt.resource(options, sync)],
  ['async', dlt.resource(options, async)],
  ['pages', dlt.resource(options, pages)],
])
const data = forms.get(form) ?? dlt.resource(options, sync)
const items = data.addMap((row) => ({ ...row, doubled: row.value * 2 })).addFilter((row) => row.id % 100 !== 0)
await dlt.pipeline({ pipelineName: 'bench', workingDir }).extract(items)
measuring.step('extract')
measuring.report()
