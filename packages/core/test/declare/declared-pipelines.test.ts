import { createSchema } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import { DltError } from '../../src/index.ts'
import { failure } from '../extract/failure.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

let shop: PipelineFixture

beforeEach(() => {
  shop = new PipelineFixture()
})

afterEach(() => {
  shop[Symbol.dispose]()
})

const users = dlt.resource({ name: 'users' }, () => [{ id: 1 }, { id: 2 }])
const details = dlt.transformer({ name: 'details', dataFrom: users, concurrency: 5 }, async ({ id }) => ({
  id: id * 10,
}))
const github = dlt.source({ name: 'github' }, () => [users, details])

describe('a source in a pipeline', () => {
  it('loads its resources into one dataset, and its schema becomes the default one', async () => {
    const pipeline = shop.pipeline()
    await pipeline.run(github())
    expect([shop.ids('users'), shop.ids('details')]).toEqual([
      [1, 2],
      [10, 20],
    ])
    expect([pipeline.defaultSchemaName, [...pipeline.schemas.keys()]]).toEqual(['github', ['github']])
  })

  it('loads what was added to it, with a state in that of the source', async () => {
    const pipeline = shop.pipeline()
    const seen = dlt.resource({ name: 'seen' }, ({ state }) => {
      state['runs'] = Number(state['runs'] ?? 0) + 1
      return [{ id: 5 }]
    })
    const doubled = dlt.transformer({ name: 'doubled' }, ({ id }: { readonly id: number }) => ({ id: id * 2 }))
    await pipeline.run(
      github()
        .withResources('users')
        .addResource(({ users: people }) => people.pipe(doubled))
        .addResource(() => seen),
    )
    expect([shop.ids('users'), shop.ids('doubled'), shop.ids('seen')]).toEqual([[1, 2], [2, 4], [5]])
    expect(pipeline.state.sources).toEqual({ github: { resources: { seen: { runs: 1 } } } })
  })

  it('loads what is selected; what only feeds it is read and not stored', async () => {
    await shop.pipeline().run(github().withResources('details'))
    expect(shop.ids('details')).toEqual([10, 20])
    expect(shop.pipeline().defaultSchema?.tables.has('users')).toBe(false)
  })

  it('is read once however many transformers it feeds', async () => {
    let reads = 0
    const counted = dlt.resource({ name: 'counted' }, () => {
      reads++
      return [{ id: 1 }]
    })
    const first = dlt.transformer({ name: 'first', dataFrom: counted }, (item) => [item])
    const second = dlt.transformer({ name: 'second', dataFrom: counted }, (item) => [item])
    await shop.pipeline().run(dlt.source({ name: 's' }, () => [counted, first, second])())
    expect(reads).toBe(1)
    expect([shop.ids('counted'), shop.ids('first'), shop.ids('second')]).toEqual([[1], [1], [1]])
  })

  it('has a package of its own beside other schemas, and all go into one dataset', async () => {
    const pipeline = shop.pipeline()
    const other = dlt.source({ name: 'other' }, () => [dlt.resource({ name: 'items' }, [{ id: 7 }])])
    const { packages } = await pipeline.extract([github(), other(), dlt.resource({ name: 'loose' }, [{ id: 8 }])])
    // The package of the default schema comes last.
    expect(packages.map(({ schemaName }) => schemaName)).toEqual(['other', 'github'])
    await pipeline.normalize()
    await pipeline.load()
    expect([shop.ids('users'), shop.ids('items'), shop.ids('loose')]).toEqual([[1, 2], [7], [8]])
    expect(pipeline.schemas.get('github')?.tables.has('loose')).toBe(true)
  })

  it('runs on the pipeline that was made last', async () => {
    dlt.pipeline({ pipelineName: 'shop', workingDir: shop.workingDir, destination: shop.warehouse })
    await github().withResources('users').run()
    expect(shop.ids('users')).toEqual([1, 2])
    await github().run({ datasetName: 'elsewhere' })
    expect(shop.ids('details', 'elsewhere')).toEqual([10, 20])
  })

  it('keeps its own state: a clone under another name has another one', async () => {
    const counting = dlt.source({ name: 'counting' }, (_, { state }) => {
      state['runs'] = Number(state['runs'] ?? 0) + 1
      return [dlt.resource({ name: 'items' }, [{ id: 1 }])]
    })
    const pipeline = shop.pipeline()
    await pipeline.run(counting())
    await pipeline.run([counting(), counting.clone({ name: 'again' })()])
    expect(pipeline.state.sources).toEqual({ counting: { runs: 2 }, again: { runs: 1 } })
  })

  it('has no entry in the state when nobody asks for it', async () => {
    const pipeline = shop.pipeline()
    await pipeline.run(github())
    expect(pipeline.state.sources).toBeUndefined()
  })
})

describe('what is current', () => {
  it('belongs to the code that runs: pipeline, source, resource', async () => {
    const pipeline = shop.pipeline()
    const seen: unknown[] = []
    const note = (where: string): void => {
      seen.push([where, dlt.current.pipeline() === pipeline, dlt.current.sourceSchema().name])
    }
    const source = dlt.source({ name: 'curious' }, () => {
      note('source')
      const items = dlt.resource({ name: 'items' }, async function* () {
        note(dlt.current.resourceName())
        dlt.current.resourceState()['count'] = 1
        dlt.current.sourceState()['seen'] = true
        yield { id: 1 }
      })
      return [
        items,
        dlt.transformer({ name: 'more', dataFrom: items }, async (item) => {
          await Promise.resolve()
          note(dlt.current.resourceName())
          dlt.current.resourceState('items')['count'] = 2
          return item
        }),
      ]
    })
    await pipeline.run(source())
    expect(seen).toEqual([
      ['source', true, 'curious'],
      ['items', true, 'curious'],
      ['more', true, 'curious'],
    ])
    expect(pipeline.state.sources).toEqual({ curious: { seen: true, resources: { items: { count: 2 } } } })
  })

  it('is nothing outside of a run, and says so', async () => {
    const calls = {
      source: 'a resource',
      resource: 'a resource',
      resourceMetrics: 'a resource',
      resourceState: 'a source or resource',
      sourceState: 'a source or resource',
      sourceSchema: 'a source or resource',
      resourceName: 'a resource',
    } as const
    for (const [call, where] of Object.entries(calls)) {
      expect(await failure(() => dlt.current[call as keyof typeof calls]())).toEqual([
        'CONFIGURATION',
        `dlt.current.${call}() was called outside of ${where}. Call it in the function of a source, a resource or a transformer, while that runs.`,
      ])
    }
    expect(dlt.current.interval()).toBeUndefined()
  })

  it('is the pipeline that was made or used last outside of a run, as in the reference system', async () => {
    const options = (pipelineName: string) => ({ pipelineName, workingDir: shop.folder.in(pipelineName) })
    const first = dlt.pipeline(options('first'))
    expect(dlt.current.pipeline()).toBe(first)
    const second = dlt.pipeline(options('second'))
    expect(dlt.current.pipeline()).toBe(second)
    await first.extract([{ id: 1 }], { tableName: 'items' })
    expect(dlt.current.pipeline()).toBe(first)
    expect(dlt.pipeline()).toBe(second)
  })

  it('is no resource in the function of a source', async () => {
    const source = dlt.source({ name: 's' }, () => {
      dlt.current.resourceState()
      return [users]
    })
    expect((await failure(() => source().resources()))[1]).toBe(
      'dlt.current.resourceState() was called outside of a resource. Call it in the function of a source, a resource or a transformer, while that runs.',
    )
  })
})

describe('hints in a pipeline', () => {
  it('dispatch items to many tables', async () => {
    const events = [
      { id: 1, type: 'push' },
      { id: 2, type: 'fork' },
      { id: 3, type: 'push' },
    ]
    await shop.pipeline().run(dlt.resource({ name: 'events', tableName: (event) => event.type }, events))
    expect([shop.ids('push'), shop.ids('fork')]).toEqual([[1, 3], [2]])
  })

  it('make an empty table at the destination where that is asked for', async () => {
    const columns = { id: { data_type: 'bigint' } } as const
    const pipeline = shop.pipeline()
    const { hasFailedJobs } = await pipeline.run([
      dlt.resource({ name: 'made', columns }, [dlt.materializeTable()]),
      dlt.resource({ name: 'seen', columns }, [[]]),
      dlt.resource({ name: 'none', columns }, []),
    ])
    expect(hasFailedJobs).toBe(false)
    expect(shop.ids('made')).toEqual([])
    const known = [...(pipeline.defaultSchema?.tables.keys() ?? [])].filter((name) => !name.startsWith('_dlt'))
    expect(known).toEqual(['made', 'seen'])
  })

  it('that replace empty the tables that got nothing, each by its own disposition', async () => {
    const replaced = (items: readonly object[]) =>
      dlt.resource({ name: 'r', writeDisposition: 'replace', nestedHints: { kids: { primaryKey: 'id' } } }, items)
    const variant = (id: number) =>
      dlt.withHints({ id }, { tableName: 'kept', writeDisposition: 'append' }, { createTableVariant: true })
    const first = [{ id: 1, kids: [{ id: 11 }] }, dlt.withTableName({ id: 2 }, 'other'), variant(3)]
    const pipeline = shop.pipeline()
    await pipeline.run(replaced(first))
    expect([shop.ids('r'), shop.ids('r__kids'), shop.ids('other'), shop.ids('kept')]).toEqual([[1], [11], [2], [3]])
    await pipeline.run(replaced([{ id: 4 }]))
    expect([shop.ids('r'), shop.ids('r__kids'), shop.ids('other'), shop.ids('kept')]).toEqual([[4], [11], [], [3]])
    await pipeline.run(replaced([]))
    expect([shop.ids('r'), shop.ids('r__kids'), shop.ids('other'), shop.ids('kept')]).toEqual([[], [11], [], [3]])
  })

  it('that are functions leave a table with keys of its own as they say', async () => {
    const replaced = (items: readonly object[]) =>
      dlt.resource(
        { name: 'r', writeDisposition: 'replace', nestedHints: () => ({ kids: { primaryKey: 'id' } }) },
        items,
      )
    const pipeline = shop.pipeline()
    await pipeline.run(replaced([{ id: 1, kids: [{ id: 11 }] }]))
    await pipeline.run(replaced([{ id: 2 }]))
    expect([shop.ids('r'), shop.ids('r__kids')]).toEqual([[2], [11]])
  })

  it('of a source say how deep its resources are nested, unless they say it themselves', async () => {
    const item = { id: 1, a: [{ b: [{ c: 1 }] }] }
    const source = dlt.source({ name: 's', maxTableNesting: 1 }, () => [
      dlt.resource({ name: 'shallow' }, [item]),
      dlt.resource({ name: 'deep', maxTableNesting: 2 }, [item]),
    ])
    const pipeline = shop.pipeline()
    await pipeline.run(source())
    const names = [...(pipeline.defaultSchema?.tables.keys() ?? [])].filter((name) => !name.startsWith('_dlt'))
    expect(names).toEqual(expect.arrayContaining(['shallow', 'shallow__a', 'deep', 'deep__a', 'deep__a__b']))
    expect(names).not.toContain('shallow__a__b')
  })
})

describe('data that fails in a source', () => {
  it('leaves no state, no schema and no package behind', async () => {
    const pipeline = shop.pipeline()
    const broken = dlt.source({ name: 'broken' }, (_, { state }) => {
      state['runs'] = 1
      return [
        dlt.resource({ name: 'fine' }, () => [{ id: 1 }]),
        dlt
          .resource({ name: 'bad' }, function* () {
            yield { id: 1 }
            throw new Error('gone')
          })
          .addMap(function prepare(item) {
            return item
          }),
      ]
    })
    const error = await pipeline.run(broken()).catch((thrown: unknown) => thrown)
    expect(DltError.is(error) && error.message).toBe(
      'Pipeline "shop" failed at step "extract": Resource "bad" failed after 1 item: Error: gone. Nothing of this run was stored; run again when the cause is removed.',
    )
    expect([pipeline.state.sources, pipeline.schemas.size, await pipeline.pendingPackages()]).toEqual([
      undefined,
      0,
      [],
    ])
  })

  it('is told before anything is read, where the declaration is wrong', async () => {
    const pipeline = shop.pipeline()
    const error = await failure(() => pipeline.run(github().withResources('user' as 'users')))
    expect(error).toEqual([
      'STEP_FAILED',
      'Pipeline "shop" failed at step "extract": The source "github" has no resource "user". Did you mean "users"?',
    ])
  })

  it('is told for a given schema of another naming convention', async () => {
    const pipeline = shop.pipeline()
    await pipeline.run(github())
    const schema = createSchema('github', { naming: 'direct' })
    expect((await failure(() => pipeline.run([1], { tableName: 't', schema })))[1]).toContain(
      'Use the same naming convention for both.',
    )
  })
})
