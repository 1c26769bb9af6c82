import { createSchema, createTable, DltError, type Schema, updateTable } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/extract/declare-resource.ts'
import { type ExtractSource, type PlanningContext, planSources } from '../../src/extract/plan-sources.ts'
import type { RunHints } from '../../src/extract/run-hints.ts'

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
