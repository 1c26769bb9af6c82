import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import { failure } from '../extract/failure.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

let shop: PipelineFixture

beforeEach(() => {
  shop = new PipelineFixture()
})

afterEach(() => {
  shop[Symbol.dispose]()
  vi.unstubAllEnvs()
})

const tableNames = (): readonly string[] => {
  const names = [...(shop.pipeline().defaultSchema?.tables.keys() ?? [])]
  return names.filter((name) => !name.startsWith('_dlt'))
}

// What the documentation of the reference system shows for resources, sources and transformers.
describe('resources', () => {
  it('are made in a loop', async () => {
    const endpoints = ['companies', 'deals', 'products']
    const hubspot = dlt.source({ name: 'hubspot' }, function* () {
      for (const name of endpoints) yield dlt.resource({ name }, () => [{ id: name.length }])
    })
    await shop.pipeline().run(hubspot())
    expect(endpoints.map((name) => shop.ids(name))).toEqual([[9], [5], [8]])
  })

  it('take arguments, also from the environment', async () => {
    const rows = dlt.resource({ name: 'rows', config: v.object({ count: v.number() }) }, function* ({ config }) {
      for (let id = 1; id <= config.count; id++) yield { id }
    })
    await shop.pipeline().run(rows({ count: 2 }))
    vi.stubEnv('SOURCES__ROWS__ROWS__COUNT', '3')
    await shop.pipeline().run(rows)
    expect(shop.ids('rows')).toEqual([1, 2, 1, 2, 3])
    vi.unstubAllEnvs()
    const [code, message] = await failure(() => shop.pipeline().run(rows))
    expect(code).toBe('STEP_FAILED')
    expect(message).toContain('the resource "rows"')
    expect(message).toContain('SOURCES__ROWS__ROWS__COUNT')
  })

  it('of a source are configured in its section', async () => {
    const rows = dlt.resource({ name: 'rows', config: v.object({ start: v.number() }) }, ({ config }) => [
      { id: config.start },
    ])
    const counters = dlt.source({ name: 'counters', section: 'lab' }, () => [rows])
    vi.stubEnv('SOURCES__LAB__ROWS__START', '7')
    await shop.pipeline().run(counters())
    expect(shop.ids('rows')).toEqual([7])
  })

  it('anonymize, filter and multiply items on their way', async () => {
    const users = dlt
      .resource({ name: 'users' }, () => [
        { id: 1, name: 'Ada', tags: ['a', 'b'] },
        { id: 2, name: 'Bob', tags: [] },
      ])
      .addFilter(({ tags }) => tags.length > 0)
      .addMap(({ name, ...user }) => ({ ...user, initial: name[0] }))
      .addYieldMap(function* ({ tags, ...user }) {
        for (const tag of tags) yield { ...user, tag }
      })
    await shop.pipeline().run(users)
    expect(shop.warehouse.values('shop', 'users', 'initial')).toEqual(['A', 'A'])
    expect(shop.warehouse.values('shop', 'users', 'tag')).toEqual(['a', 'b'])
  })

  it('get a second name with a table and a state of its own', async () => {
    const counted = dlt.resource({ name: 'events' }, ({ state }) => {
      state['runs'] = Number(state['runs'] ?? 0) + 1
      return [{ id: state['runs'] }]
    })
    const pipeline = shop.pipeline()
    await pipeline.run([counted, counted.withName('more_events')])
    await pipeline.run(counted)
    expect([shop.ids('events'), shop.ids('more_events')]).toEqual([[1, 2], [1]])
    expect(pipeline.state.sources).toEqual({
      shop: { resources: { events: { runs: 2 }, more_events: { runs: 1 } } },
    })
  })

  it('are checked by a schema, from which their columns follow', async () => {
    const schema = v.object({ id: v.pipe(v.number(), v.integer()), email: v.optional(v.string(), 'none') })
    const users = (rows: readonly object[]) => dlt.resource({ name: 'users', columns: schema }, rows)
    const pipeline = shop.pipeline()
    await pipeline.run(users([{ id: 1 }, { id: 2, email: 'b' }]))
    expect(shop.warehouse.values('shop', 'users', 'email')).toEqual(['none', 'b'])
    expect(pipeline.defaultSchema?.tables.get('users')?.columns.get('id')).toMatchObject({
      data_type: 'bigint',
      nullable: false,
    })
    const [, message] = await failure(() => pipeline.run(users([{ id: 3 }, { id: 'secret' }])))
    expect(message).toContain('Resource "users"')
    expect(message).toContain('An item does not fit its schema at "id" (number).')
    expect(message).not.toContain('secret')
    expect(shop.ids('users')).toEqual([1, 2])
  })

  it('load only what is new, through steps before the cursor', async () => {
    let rows = [{ id: 1, at: 1 }]
    const events = dlt
      .resource({ name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at', initialValue: 0 } }, () => rows)
      .addFilter(({ id }) => id !== 3)
    const pipeline = shop.pipeline()
    await pipeline.run(events)
    rows = [...rows, { id: 2, at: 2 }, { id: 3, at: 9 }]
    await pipeline.run(events)
    await pipeline.run(events)
    expect(shop.ids('events')).toEqual([1, 2])
    expect(pipeline.state.sources?.['shop']).toMatchObject({
      resources: { events: { incremental: { at: { last_value: 2 } } } },
    })
  })

  it('count what they did', async () => {
    const items = dlt.resource({ name: 'items' }, [[{ id: 1 }, { id: 2 }]]).addMetrics((_, metrics) => {
      metrics['seen'] = Number(metrics['seen'] ?? 0) + 1
    })
    const { packages } = await shop.pipeline().extract(items)
    expect(packages[0]?.metrics?.resources[0]).toMatchObject({ resourceName: 'items', rows: 2, custom: { seen: 2 } })
  })

  it('keep nested data as JSON, or in tables with keys of their own', async () => {
    const orders = [{ id: 1, lines: [{ id: 10, parts: [{ id: 100 }] }] }]
    await shop
      .pipeline()
      .run([
        dlt.resource({ name: 'flat', maxTableNesting: 0 }, orders),
        dlt.resource({ name: 'deep', nestedHints: { lines: {}, 'lines.parts': { primaryKey: 'id' } } }, orders),
      ])
    expect(tableNames()).toEqual(['flat', 'deep', 'deep__lines', 'deep__lines__parts'])
    expect(shop.pipeline().defaultSchema?.tables.get('deep__lines__parts')?.resource).toBe('deep')
    expect(shop.ids('deep__lines__parts')).toEqual([100])
  })
})

describe('sources', () => {
  const config = v.object({ database: v.string(), limit: v.optional(v.number(), 10) })
  const sqlDatabase = dlt.source({ name: 'sql_database', config }, ({ database, limit }) => [
    dlt.resource({ name: 'family' }, [{ id: limit, database }]),
  ])

  it('stand side by side under names of their own, each with its configuration', async () => {
    vi.stubEnv('SOURCES__SQL_DATABASE__DATABASE', 'first')
    vi.stubEnv('SOURCES__MY_DB__MY_DB__DATABASE', 'second')
    const myDb = sqlDatabase.clone({ name: 'my_db', section: 'my_db' })
    const pipeline = shop.pipeline()
    await pipeline.run([sqlDatabase(), myDb({ limit: 5 })])
    expect(shop.warehouse.values('shop', 'family', 'database').toSorted()).toEqual(['first', 'second'])
    expect(pipeline.state.schema_names).toEqual(['my_db', 'sql_database'])
  })

  it('are limited for a first look', async () => {
    const endless = dlt.source({ name: 'endless' }, () => [
      dlt.resource({ name: 'numbers' }, function* () {
        for (let id = 1; ; id++) yield { id }
      }),
    ])
    await shop.pipeline().run(endless().addLimit(3))
    expect(shop.ids('numbers')).toEqual([1, 2, 3])
  })

  it('are replaced once, resource by resource', async () => {
    const pipeline = shop.pipeline()
    const once = () => sqlDatabase({ database: 'a' })
    await pipeline.run(once())
    await pipeline.run(once())
    expect(shop.ids('family')).toEqual([10, 10])
    await pipeline.run(once().mapResource('family', (family) => family.applyHints({ writeDisposition: 'replace' })))
    expect(shop.ids('family')).toEqual([10])
  })
})

describe('transformers', () => {
  it('bind to what gives them items, with steps of their own', async () => {
    const users = dlt.resource({ name: 'users' }, [[{ id: 1 }, { id: 2 }, { id: 3 }]])
    const details = dlt.transformer({ name: 'details', concurrency: 2 }, async ({ id }: { id: number }) => ({
      id,
      at: id * 2,
    }))
    const pipeline = shop.pipeline()
    await pipeline.run(users.addLimit(1).pipe(details.addFilter(({ at }) => at > 2)))
    expect([shop.ids('details'), tableNames()]).toEqual([[2, 3], ['details']])
  })

  it('follow each other', async () => {
    const pokemon = dlt.source({ name: 'pokemon' }, () => {
      const list = dlt.resource({ name: 'list', selected: false }, [{ url: 'a' }, { url: 'b' }])
      const details = dlt.transformer({ name: 'details', dataFrom: list }, ({ url }) => ({
        id: url,
        species: `${url}s`,
      }))
      const species = dlt.transformer(
        { name: 'species', dataFrom: details, ordered: false, concurrency: 3 },
        async (one) => ({
          id: one.species,
        }),
      )
      return { list, details, species }
    })
    await shop.pipeline().run(pokemon())
    expect([shop.ids('details'), shop.ids('species').toSorted()]).toEqual([
      ['a', 'b'],
      ['as', 'bs'],
    ])
    expect(tableNames().toSorted()).toEqual(['details', 'species'])
  })
})
