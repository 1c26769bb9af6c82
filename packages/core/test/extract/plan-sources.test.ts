import { createSchema, createTable, DltError, type Schema, updateTable } from '@dlt/schema'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { current } from '../../src/declare/current.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { RunHints } from '../../src/declare/run-hints.ts'
import { type ExtractSource, type PlanningContext, planSources } from '../../src/extract/plan-sources.ts'
import { failure } from './failure.ts'

function* labels(): Generator<unknown> {
  yield 1
}

async function* MyLabels(): AsyncGenerator<unknown> {
  yield 1
}

const withTable = (schema: Schema, name: string): Schema => updateTable(schema, createTable(name)).schema

function plan(
  data: unknown,
  context: Partial<PlanningContext> = {},
  hints: RunHints = {},
): Promise<readonly ExtractSource[]> {
  return planSources(data, hints, { pipelineName: 'dlt_pipeline', schemas: new Map(), ...context })
}

const outline = (sources: readonly ExtractSource[]): unknown =>
  sources.map(({ name, schema, resources }) => {
    expect(schema.name).toBe(name)
    return [name, resources.map((each) => each.name)]
  })

describe('a new default schema', () => {
  it('has the name of the pipeline', async () => {
    expect(outline(await plan([1], {}, { tableName: 'items' }))).toEqual([['dlt_pipeline', ['items']]])
    expect(outline(await plan(resource({ name: 'issues' }, labels)))).toEqual([['dlt_pipeline', ['issues']]])
    expect(outline(await plan([labels, MyLabels]))).toEqual([['dlt_pipeline', ['labels', 'MyLabels']]])
  })

  it('has the name of the generator function when a generator is extracted', async () => {
    expect(outline(await plan(labels))).toEqual([['labels', ['labels']]])
    expect(outline(await plan(MyLabels, {}, { tableName: 'items' }))).toEqual([['my_labels', ['items']]])
  })

  it('has a normalized name of at most 64 characters', async () => {
    expect((await plan([1], { pipelineName: 'My Pipeline' }, { tableName: 't' }))[0]?.name).toBe('my_pipeline')
    expect((await plan([1], { pipelineName: 'x'.repeat(100) }, { tableName: 't' }))[0]?.name).toHaveLength(64)
  })
})

describe('the default schema of the pipeline', () => {
  const spotify = withTable(createSchema('spotify'), 'artists')

  it('takes what has no schema', async () => {
    const [source] = await plan(
      [1, 2, 3],
      { defaultSchema: spotify, schemas: new Map([['spotify', spotify]]) },
      { name: 'labels' },
    )
    expect(source?.schema).toBe(spotify)
    expect((await plan(labels, { defaultSchema: spotify, schemas: new Map([['spotify', spotify]]) }))[0]?.schema).toBe(
      spotify,
    )
  })

  it('does not take a resource that has a schema', async () => {
    const echonest = createSchema('echonest')
    const context = { defaultSchema: spotify, schemas: new Map([['spotify', spotify]]) }
    const data = [resource({ name: 'mel', schema: echonest }, []), resource({ name: 'labels' }, [])]
    expect(outline(await plan(data, context))).toEqual([
      ['echonest', ['mel']],
      ['spotify', ['labels']],
    ])
  })

  it('is the first schema that comes, where there was none', async () => {
    const echonest = createSchema('echonest')
    const mel = resource({ name: 'mel', schema: echonest }, [])
    expect(outline(await plan([mel, labels]))).toEqual([['echonest', ['mel', 'labels']]])
    expect(outline(await plan([labels, mel]))).toEqual([
      ['dlt_pipeline', ['labels']],
      ['echonest', ['mel']],
    ])
  })
})

describe('a given schema', () => {
  const forced = createSchema('forced')

  it('takes everything, whatever the form and whatever schema a resource has', async () => {
    const context = { schema: forced, defaultSchema: createSchema('default') }
    expect(outline(await plan([1], context, { tableName: 'items' }))).toEqual([['forced', ['items']]])
    expect(outline(await plan(labels, context))).toEqual([['forced', ['labels']]])
    const other = resource({ name: 'other', schema: createSchema('other') }, [])
    expect(outline(await plan([labels, other], context))).toEqual([['forced', ['labels', 'other']]])
  })

  it('is merged into the schema of that name which the pipeline has', async () => {
    const known = withTable(createSchema('forced'), 'old')
    const given = withTable(forced, 'new')
    const [source] = await plan([1], { schema: given, schemas: new Map([['forced', known]]) }, { tableName: 'items' })
    expect([...(source?.schema.tables.keys() ?? [])]).toEqual(expect.arrayContaining(['old', 'new']))
  })

  it('given by several resources in different versions is merged', async () => {
    const data = [
      resource({ name: 'a', schema: withTable(forced, 'first') }, []),
      resource({ name: 'b', schema: withTable(forced, 'second') }, []),
    ]
    const [source, ...others] = await plan(data)
    expect(others).toEqual([])
    expect([...(source?.schema.tables.keys() ?? [])]).toEqual(expect.arrayContaining(['first', 'second']))
  })
})

describe('names', () => {
  it('of resources may not occur twice in a schema', async () => {
    const data = [resource({ name: 'issues' }, []), resource({ name: 'issues' }, [])]
    try {
      await plan(data)
      expect.unreachable()
    } catch (error) {
      if (!DltError.is(error)) throw error
      expect([error.code, error.message]).toEqual([
        'CONFIGURATION',
        'Two resources are called "issues". Give each its own name; to load both into one table, give both the same tableName.',
      ])
    }
    await expect(plan([labels, labels])).rejects.toThrow('Two resources are called "labels".')
  })

  it('may occur twice in different schemas', async () => {
    const data = [resource({ name: 'issues' }, []), resource({ name: 'issues', schema: createSchema('other') }, [])]
    expect(outline(await plan(data))).toEqual([
      ['dlt_pipeline', ['issues']],
      ['other', ['issues']],
    ])
  })
})

describe('sources', () => {
  const spotify = source({ name: 'spotify' }, () => [resource({ name: 'artists' }, [1])])
  const echonest = source({ name: 'echonest' }, () => [
    resource({ name: 'mel' }, [1]),
    resource({ name: 'moods' }, [1]),
  ])

  it('bring a schema of their name, the first of which becomes the default schema', async () => {
    expect(outline(await plan(spotify()))).toEqual([['spotify', ['artists']]])
    expect(outline(await plan([spotify(), labels]))).toEqual([['spotify', ['artists', 'labels']]])
    expect(outline(await plan([labels, spotify()]))).toEqual([
      ['dlt_pipeline', ['labels']],
      ['spotify', ['artists']],
    ])
  })

  it('keep their schema where the pipeline has another default, which takes what has none', async () => {
    const known = createSchema('spotify')
    const context = { defaultSchema: known, schemas: new Map([['spotify', known]]) }
    expect(outline(await plan(echonest().withResources('mel'), context))).toEqual([['echonest', ['mel']]])
    expect(outline(await plan([1, 2, 3], context, { name: 'labels' }))).toEqual([['spotify', ['labels']]])
  })

  it('bring the schema that is attached to them, merged into that which the pipeline has', async () => {
    const attached = spotify.clone({ schema: withTable(createSchema('files'), 'new') })
    const known = withTable(createSchema('files'), 'old')
    const [planned, ...others] = await plan(attached(), { schemas: new Map([['files', known]]) })
    expect(others).toEqual([])
    expect([planned?.name, planned?.schema.name]).toEqual(['files', 'files'])
    expect([...(planned?.schema.tables.keys() ?? [])]).toEqual(expect.arrayContaining(['old', 'new']))
  })

  it('go into a given schema, whatever theirs is called', async () => {
    const forced = createSchema('forced')
    expect(outline(await plan([spotify(), labels], { schema: forced }))).toEqual([['forced', ['artists', 'labels']]])
  })

  it('stand in lists with resources, functions, factories and promises', async () => {
    const factory = resource({ name: 'made', config: v.object({}) }, () => [1])
    const mixed = [spotify, Promise.resolve(echonest()), factory, resource({ name: 'single' }, []), labels]
    expect(outline(await plan(mixed))).toEqual([
      ['spotify', ['artists', 'made', 'single', 'labels']],
      ['echonest', ['mel', 'moods']],
    ])
    expect(outline(await plan(Promise.resolve(spotify())))).toEqual([['spotify', ['artists']]])
    expect(outline(await plan(spotify))).toEqual([['spotify', ['artists']]])
    expect(outline(await plan(factory))).toEqual([['dlt_pipeline', ['made']]])
  })

  it('of one schema are read one after another, each with its own resources', async () => {
    const [planned, ...others] = await plan([spotify(), spotify(), labels])
    expect(others).toEqual([])
    expect(planned?.groups.map(({ section, resources }) => [section, resources.map(({ name }) => name)])).toEqual([
      ['spotify', ['artists']],
      ['spotify', ['artists']],
      [undefined, ['labels']],
    ])
  })

  it('see their schema and their state as the pipeline has them', async () => {
    const seen: unknown[] = []
    const curious = source({ name: 'curious', section: 'shared', maxConcurrency: 3 }, (_, { schema, state }) => {
      seen.push(schema.tables.has('old'), state['count'], current.sourceState()['count'], current.sourceSchema().name)
      state['count'] = 2
      return [resource({ name: 'items' }, [1])]
    })
    const known = withTable(createSchema('curious'), 'old')
    const context = { schemas: new Map([['curious', known]]), sourceStates: { curious: { count: 1 } } }
    const [planned] = await plan(curious(), context)
    expect(seen).toEqual([true, 1, 1, 'curious'])
    expect(planned?.groups).toMatchObject([{ section: 'shared', maxConcurrency: 3 }])
    expect(planned?.state.result()).toEqual({ count: 2 })
  })

  it('take the write disposition of a run, for all resources that are loaded', async () => {
    for (const data of [spotify(), [spotify(), labels]]) {
      const planned = await plan(data, {}, { writeDisposition: 'replace' })
      const resources = planned.flatMap((one) => one.resources)
      expect(resources.length).toBeGreaterThan(0)
      expect(resources.map(({ options }) => options.writeDisposition)).toEqual(
        resources.map(({ selected }) => (selected ? 'replace' : undefined)),
      )
    }
  })

  it('take no other hints of a run', async () => {
    for (const data of [spotify(), spotify, [spotify()], [spotify(), labels]]) {
      expect(await failure(() => plan(data, {}, { primaryKey: 'id', tableName: 'a' }))).toEqual([
        'CONFIGURATION',
        "tableName, primaryKey cannot be given together with a source: say it for its resources, source.mapResource('issues', (issues) => issues.applyHints({ tableName: … })).",
      ])
    }
  })

  it('have no resources with schemas of their own', async () => {
    const odd = source({ name: 'odd' }, () => [resource({ name: 'a', schema: createSchema('other') }, [1])])
    expect(await failure(() => plan(odd()))).toEqual([
      'CONFIGURATION',
      'The resource "a" of the source "odd" has a schema of its own. Tables of a source belong to the source\'s schema: attach it there, dlt.source({ name: \'odd\', schema }, …).',
    ])
  })

  it('are refused in a list with rows', async () => {
    expect(await failure(() => plan([spotify(), { id: 1 }]))).toEqual([
      'CONFIGURATION',
      "Element 2 of the list is neither a resource nor a function. Give it a name: dlt.resource({ name: 'items' }, data).",
    ])
  })
})

describe('promises', () => {
  it('of rows are data, which needs a name', async () => {
    expect(outline(await plan(Promise.resolve([1]), {}, { tableName: 'items' }))).toEqual([['dlt_pipeline', ['items']]])
    expect((await failure(() => plan(Promise.resolve([1]))))[1]).toMatch(/^The data has no name/)
    // Nobody waits for them before the extract reads them.
    const rows = [Promise.resolve({ id: 1 }), new Promise(() => {})]
    expect(outline(await plan(rows, {}, { name: 'items' }))).toEqual([['dlt_pipeline', ['items']]])
  })
})

describe('parents of transformers', () => {
  const users = resource({ name: 'users' }, [{ id: 1 }])
  const details = transformer({ name: 'details', dataFrom: users }, ({ id }) => [id])
  const selection = (sources: readonly ExtractSource[]): unknown =>
    sources.flatMap(({ resources }) => resources.map(({ name, selected }) => [name, selected]))

  it('are read though nobody names them, and not loaded then', async () => {
    expect(selection(await plan(details))).toEqual([
      ['details', true],
      ['users', false],
    ])
    expect(selection(await plan([users, details]))).toEqual([
      ['users', true],
      ['details', true],
    ])
  })

  it('are missing of a transformer that is not bound', async () => {
    const free = transformer({ name: 'free' }, (item: number) => [item])
    expect((await failure(() => plan(free)))[0]).toBe('CONFIGURATION')
  })
})
