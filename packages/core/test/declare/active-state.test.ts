import { createSchema } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import { failure } from '../extract/failure.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

let shop: PipelineFixture

beforeEach(() => {
  shop = new PipelineFixture()
})

afterEach(() => {
  shop[Symbol.dispose]()
})

const counting = dlt.resource({ name: 'items' }, ({ state }) => {
  state['count'] = Number(state['count'] ?? 0) + 1
  return [{ id: 1 }]
})
const github = dlt.source({ name: 'github' }, () => [counting])

// This comes first: no pipeline was made in this process yet.
describe('the state of a resource and a source', () => {
  it('needs a pipeline', async () => {
    const remedy =
      'is that of a pipeline, and no pipeline was made. Make one with dlt.pipeline; functions of resources find their state in context.state.'
    expect(await failure(() => counting.state)).toEqual([
      'CONFIGURATION',
      `The state of the resource "items" ${remedy}`,
    ])
    expect(await failure(() => github().state)).toEqual(['CONFIGURATION', `The state of the source "github" ${remedy}`])
  })

  it('is what the pipeline that was made last has stored, outside of a run', async () => {
    dlt.pipeline({ pipelineName: 'shop', workingDir: shop.workingDir, destination: shop.warehouse })
    const source = github()
    const { items } = await source.resources()
    expect([source.state, items.state, counting.state]).toEqual([{}, {}, {}])
    await dlt.run(source)
    expect([source.state, items.state]).toEqual([{ resources: { items: { count: 1 } } }, { count: 1 }])
    // The default schema is that of the source, and takes what has none.
    expect(counting.state).toEqual({ count: 1 })
    expect(items.addMap((item) => item).withName('items').state).toEqual({ count: 1 })
    expect(counting.withName('others').state).toEqual({})
  })

  it('cannot be changed outside of a run', async () => {
    dlt.pipeline({ pipelineName: 'shop', workingDir: shop.workingDir, destination: shop.warehouse })
    await dlt.run(github())
    const { state } = (await github().resources()).items
    expect(() => {
      state['count'] = 5
    }).toThrow(TypeError)
    expect(dlt.pipeline().state.sources).toEqual({ github: { resources: { items: { count: 1 } } } })
  })

  it('is that of the schema that a resource or a source brings', async () => {
    dlt.pipeline({ pipelineName: 'shop', workingDir: shop.workingDir, destination: shop.warehouse })
    const own = dlt.resource({ name: 'items', schema: createSchema('own') }, ({ state }) => {
      state['own'] = true
      return [{ id: 1 }]
    })
    const attached = dlt.source({ name: 'named', schema: createSchema('attached') }, () => [counting])
    await dlt.run([github(), own, attached()])
    expect([own.state, counting.state]).toEqual([{ own: true }, { count: 1 }])
    expect(attached().state).toEqual({ resources: { items: { count: 1 } } })
    expect((await attached().resources()).items.state).toEqual({ count: 1 })
  })

  it('is the draft that is stored with the data, where the source is read', async () => {
    const pipeline = shop.pipeline()
    const first = dlt.resource({ name: 'first' }, () => {
      first.state['by'] = 'itself'
      source.state['noted'] = true
      return [{ id: 1 }]
    })
    const second = dlt.transformer({ name: 'second', dataFrom: first }, (item) => {
      first.state['seen'] = item.id
      return item
    })
    const source = dlt.source({ name: 'own' }, () => [first, second])()
    await pipeline.run(source)
    expect(pipeline.state.sources).toEqual({
      own: { noted: true, resources: { first: { by: 'itself', seen: 1 } } },
    })
  })

  it('of another source is what the running pipeline has stored', async () => {
    dlt.pipeline({ pipelineName: 'empty', workingDir: shop.folder.in('empty') })
    const pipeline = shop.pipeline()
    await pipeline.run(github())
    const { items } = await github().resources()
    let seen: unknown
    const curious = dlt.source({ name: 'curious' }, () => {
      seen = items.state
      return [dlt.resource({ name: 'others' }, [{ id: 1 }])]
    })
    await pipeline.run(curious())
    expect(seen).toEqual({ count: 1 })
  })
})

describe('what is current', () => {
  it('is a source with its resources, its state and its schema', async () => {
    const seen: unknown[] = []
    const users = dlt.resource({ name: 'users', selected: false }, () => [{ id: 1 }])
    const letters = dlt.transformer({ name: 'letters', dataFrom: users }, (item) => {
      const { name, resources, state, schema } = dlt.current.source()
      state['seen'] = true
      seen.push(name, Object.keys(resources), resources['users']?.selected, schema.name)
      return item
    })
    const unread = dlt.resource({ name: 'unread', selected: false }, [{ id: 1 }])
    const pipeline = shop.pipeline()
    await pipeline.run(dlt.source({ name: 'people' }, () => [users, letters, unread])())
    expect(seen).toEqual(['people', ['users', 'letters'], false, 'people'])
    expect(pipeline.state.sources).toEqual({ people: { seen: true } })
  })

  it('is not known in the function of the source', async () => {
    const early = dlt.source({ name: 'early' }, () => {
      dlt.current.source()
      return [counting]
    })
    expect((await failure(() => early().resources()))[1]).toBe(
      'dlt.current.source() was called outside of a resource. Call it in the function of a source, a resource or a transformer, while that runs.',
    )
  })

  it('is a resource, whose state is the draft, wherever it was taken from', async () => {
    const curious = dlt.source({ name: 'github' }, () => [
      dlt.resource({ name: 'items' }, () => {
        const { name, state } = dlt.current.resource()
        state['name'] = name
        return [{ id: 1 }]
      }),
    ])
    const { items } = await curious().resources()
    const pipeline = shop.pipeline()
    await pipeline.run(items.withName('renamed'))
    expect(pipeline.state.sources).toEqual({ shop: { resources: { renamed: { name: 'renamed' } } } })
  })

  it('is what the resource counts, also of one that is only read for others', async () => {
    const pages = dlt.resource({ name: 'pages', selected: false }, function* () {
      for (const page of [1, 2]) {
        const metrics = dlt.current.resourceMetrics()
        metrics['pages'] = Number(metrics['pages'] ?? 0) + 1
        yield [{ id: page }]
      }
    })
    const words = dlt
      .transformer({ name: 'words', dataFrom: pages }, (item) => {
        const metrics = dlt.current.resourceMetrics()
        metrics['calls'] = Number(metrics['calls'] ?? 0) + 1
        return item
      })
      .addMetrics((_, metrics) => {
        metrics['rows'] = Number(metrics['rows'] ?? 0) + 1
      })
    const { packages } = await shop.pipeline().extract(dlt.source({ name: 's' }, () => [pages, words])())
    const counts = packages[0]?.metrics?.resources.map(({ resourceName, rows, custom }) => [resourceName, rows, custom])
    expect(counts).toEqual([
      ['words', 2, { calls: 2, rows: 2 }],
      ['pages', 0, { pages: 2 }],
    ])
  })

  it('is there without a pipeline, too', async () => {
    const seen: unknown[] = []
    const items = dlt.resource({ name: 'items' }, () => {
      dlt.current.resource().state['count'] = 1
      seen.push(dlt.current.source().name, dlt.current.resourceState())
      return [{ id: 1 }]
    })
    for await (const _ of dlt.source({ name: 'iterated' }, () => [items])()) seen.push('item')
    expect(seen).toEqual(['iterated', { count: 1 }, 'item'])
  })
})
