import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { type Event, eventResource, events } from './growing-source.ts'

/** What the state holds under a path below the source `shop`. */
function stateAt({ state }: Pipeline, ...path: readonly string[]): unknown {
  return ['shop', ...path].reduce<unknown>((value, key) => Object(value)[key], state.sources)
}

describe('a cursor of a resource', () => {
  it('may be declared later, and replaced', async () => {
    using shop = new PipelineFixture()
    const plain = resource({ name: 'events', primaryKey: 'id' }, events(6))
    const from = (initialValue: number) => plain.applyHints({ incremental: { cursorPath: 'at', initialValue } })
    await shop.pipeline().run(from(1).applyHints({ incremental: { cursorPath: 'at', initialValue: 3 } }))
    expect(shop.ids('events')).toEqual([5, 6])
    await shop.pipeline().run(from(1))
    expect(shop.ids('events')).toEqual([5, 6])
    expect(stateAt(shop.pipeline(), 'resources', 'events', 'incremental', 'at', 'initial_value')).toBe(3)
  })

  it('begins anew with another path; the state of the other one stays', async () => {
    using shop = new PipelineFixture()
    const source = (cursorPath: string) => resource({ name: 'events', incremental: { cursorPath } }, events(2))
    await shop.pipeline().run(source('at'))
    await shop.pipeline().run(source('id'))
    expect(shop.ids('events')).toEqual([1, 2, 1, 2])
    expect(stateAt(shop.pipeline(), 'resources', 'events', 'incremental')).toMatchObject({
      at: { last_value: 1 },
      id: { last_value: 2 },
    })
  })

  it('has a state of its own under each name', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(eventResource(events(4)))
    const named = eventResource(events(4)).withName('others')
    await shop.pipeline().run(named)
    expect(shop.ids('others')).toEqual([1, 2, 3, 4])
    await shop.pipeline().run([eventResource(events(6)), named])
    expect(shop.ids('events')).toEqual([1, 2, 3, 4, 5, 6])
    expect(shop.ids('others')).toEqual([1, 2, 3, 4])
  })

  it('is forgotten in a run that replaces', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(eventResource(events(4)))
    await shop.pipeline().run(eventResource(events(5)), { writeDisposition: 'replace' })
    expect(shop.ids('events')).toEqual([1, 2, 3, 4, 5])
    await shop.pipeline().run(eventResource(events(6)))
    expect(shop.ids('events')).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('stays beside what the function keeps in its state', async () => {
    using shop = new PipelineFixture()
    const counted = (count: number) =>
      resource({ name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at' } }, function* ({ state }) {
        state['runs'] = Number(state['runs'] ?? 0) + 1
        yield events(count)
      })
    await shop.pipeline().run(counted(2))
    await shop.pipeline().run(counted(3))
    expect(shop.ids('events')).toEqual([1, 2, 3])
    expect(stateAt(shop.pipeline(), 'resources', 'events')).toMatchObject({
      runs: 2,
      incremental: { at: { last_value: 2 } },
    })
  })

  it('needs no pipeline where items are only iterated, and keeps nothing then', async () => {
    const incremental = { cursorPath: 'at', initialValue: 2 }
    for (let round = 0; round < 2; round++) {
      const items: Event[] = []
      for await (const item of eventResource(events(4), incremental)) items.push(item)
      expect(items.map(({ id }) => id)).toEqual([3, 4])
    }
  })
})

describe('a cursor in a source', () => {
  it('belongs to the state of the source', async () => {
    using shop = new PipelineFixture()
    const shopSource = source({ name: 'shop' }, () => [
      eventResource(events(3)),
      resource({ name: 'plain' }, [{ id: 1 }]),
    ])
    await shop.pipeline().run(shopSource())
    await shop.pipeline().run(shopSource())
    expect(shop.ids('events')).toEqual([1, 2, 3])
    expect(shop.ids('plain')).toEqual([1, 1])
    expect(stateAt(shop.pipeline(), 'resources')).toEqual({ events: expect.anything() })
  })

  it('is left alone when its resource is not selected', async () => {
    using shop = new PipelineFixture()
    const shopSource = (count: number) =>
      source({ name: 'shop' }, () => [eventResource(events(count)), resource({ name: 'plain' }, [{ id: 1 }])])()
    await shop.pipeline().run(shopSource(2))
    await shop.pipeline().run(shopSource(4).withResources('plain'))
    expect(shop.ids('events')).toEqual([1, 2])
    await shop.pipeline().run(shopSource(4))
    expect(shop.ids('events')).toEqual([1, 2, 3, 4])
  })
})

describe('a cursor of a transformer', () => {
  const details = (parent: ReturnType<typeof eventResource>) =>
    parent
      .pipe(
        transformer({ name: 'details' }, function* ({ id, at }: Event) {
          yield { id, at }
          yield { id: id + 100, at }
        }),
      )
      .applyHints({ primaryKey: 'id', incremental: { cursorPath: 'at', rowOrder: 'desc' } })

  it('takes what the transformer gives, and does not end its parent', async () => {
    using shop = new PipelineFixture()
    const parent = (count: number) => resource({ name: 'events', selected: false }, events(count).toReversed())
    await shop.pipeline().run(details(parent(2)))
    expect(shop.ids('details')).toEqual([2, 102, 1, 101])
    await shop.pipeline().run(details(parent(4)))
    expect(shop.ids('details')).toEqual([2, 102, 1, 101, 4, 104, 3, 103])
  })
})
