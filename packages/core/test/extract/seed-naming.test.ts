import { createSchema, createTable, updateTable } from '@dlt/schema'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { failure } from './failure.ts'

let fixture: PipelineFixture

beforeEach(() => {
  fixture = new PipelineFixture()
})

afterEach(() => {
  fixture[Symbol.dispose]()
})

const config = v.object({ user: v.string() })
const spotify = dlt.source({ name: 'spotify', config }, ({ user }) => [
  dlt.resource({ name: 'playlists' }, [{ id: 1, user }]),
])
const echonest = dlt.source({ name: 'echonest', config }, ({ user }) => [
  dlt.resource({ name: 'mel' }, [{ id: 2, user }]),
  dlt.resource({ name: 'moods' }, [{ id: 3, user }]),
])

/** Names of the tables with data in a schema of a pipeline. */
function dataTables(pipeline: Pipeline, schema: string): readonly string[] {
  const names = [...(pipeline.schemas.get(schema)?.tables.keys() ?? [])]
  return names.filter((name) => !name.startsWith('_dlt'))
}

describe('the default schema', () => {
  it('comes from the first extracted source, whose name it has', async () => {
    const pipeline = fixture.pipeline()
    await pipeline.extract(spotify({ user: 'me' }))
    expect(pipeline.defaultSchemaName).toBe('spotify')
  })

  it('is created from scratch for a resource or a list, with the name of the pipeline', async () => {
    const pipeline = fixture.pipeline({ pipelineName: 'dlt_pipeline' })
    await pipeline.extract(['a', 'b', 'c'], { tableName: 'letters' })
    expect(pipeline.defaultSchemaName).toBe('dlt_pipeline')
    using other = new PipelineFixture()
    const resourceOnly = other.pipeline({ pipelineName: 'labels_pipeline' })
    await resourceOnly.extract(dlt.resource({ name: 'labels' }, [1]))
    expect(resourceOnly.defaultSchemaName).toBe('labels_pipeline')
  })

  it('is created from scratch for a generator function, with the name of the function', async () => {
    const pipeline = fixture.pipeline()
    await pipeline.extract(function* playedTracks() {
      yield { id: 1 }
    })
    expect(pipeline.defaultSchemaName).toBe('played_tracks')
    expect(dataTables(pipeline, 'played_tracks')).toEqual(['played_tracks'])
  })

  it('is the schema that is passed, which takes all sources regardless of their form', async () => {
    const pipeline = fixture.pipeline()
    const schema = updateTable(createSchema('mine'), createTable('declared')).schema
    await pipeline.extract([spotify({ user: 'me' }), dlt.resource({ name: 'loose' }, [1])], { schema })
    expect([pipeline.defaultSchemaName, [...pipeline.schemas.keys()]]).toEqual(['mine', ['mine']])
    expect(dataTables(pipeline, 'mine')).toEqual(expect.arrayContaining(['declared', 'playlists', 'loose']))
  })

  it('stays the first one when others come, and takes what comes without a schema', async () => {
    const pipeline = fixture.pipeline({ datasetName: 'spotify_data_1' })
    await pipeline.extract(spotify({ user: 'me' }))
    await pipeline.extract(echonest({ user: 'me' }).withResources('mel'))
    await pipeline.extract([{ id: 4 }, { id: 5 }], { name: 'labels' })
    expect(pipeline.defaultSchemaName).toBe('spotify')
    expect(pipeline.state.schema_names).toEqual(['echonest', 'spotify'])
    expect(dataTables(pipeline, 'spotify')).toEqual(['playlists', 'labels'])
    expect(dataTables(pipeline, 'echonest')).toEqual(['mel'])
    await pipeline.normalize()
    await pipeline.load()
    const dataset = 'spotify_data_1'
    expect([fixture.ids('playlists', dataset), fixture.ids('mel', dataset), fixture.ids('labels', dataset)]).toEqual([
      [1],
      [2],
      [4, 5],
    ])
  })
})

describe('table name, write disposition and the like', () => {
  it('are for a single resource, an iterator or an iterable', async () => {
    const pipeline = fixture.pipeline()
    await pipeline.run(dlt.resource({ name: 'a' }, [{ id: 1 }]), { tableName: 'b' })
    await pipeline.run([{ id: 2 }].values(), { tableName: 'c', primaryKey: 'id' })
    await pipeline.run([{ id: 3 }], { tableName: 'b', writeDisposition: 'replace' })
    expect([fixture.ids('b'), fixture.ids('c')]).toEqual([[3], [2]])
  })

  it('are refused for several resources and for sources, but for the write disposition', async () => {
    const pipeline = fixture.pipeline()
    const several = [dlt.resource({ name: 'a' }, [1]), dlt.resource({ name: 'b' }, [1])]
    expect((await failure(() => pipeline.run(several, { tableName: 'c' })))[1]).toContain(
      'tableName cannot be given for 2 resources at once',
    )
    expect((await failure(() => pipeline.run(spotify({ user: 'me' }), { tableName: 'c' })))[1]).toContain(
      'tableName cannot be given together with a source',
    )
    for (const _ of [1, 2]) await pipeline.run(spotify({ user: 'me' }), { writeDisposition: 'replace' })
    expect(fixture.ids('playlists')).toEqual([1])
  })
})

describe('data that a pipeline understands', () => {
  it('is sources, resources and lists of them', async () => {
    const pipeline = fixture.pipeline()
    await pipeline.run([spotify({ user: 'me' }), echonest({ user: 'me' }), dlt.resource({ name: 'one' }, [{ id: 9 }])])
    expect([fixture.ids('playlists'), fixture.ids('moods'), fixture.ids('one')]).toEqual([[1], [3], [9]])
  })

  it('is lists, iterators and generators of objects, and functions that give them', async () => {
    const pipeline = fixture.pipeline()
    async function* tracks(): AsyncGenerator<object> {
      yield [{ id: 1 }]
      yield { id: 2 }
    }
    await pipeline.run(tracks)
    await pipeline.run(tracks(), { tableName: 'tracks' })
    await pipeline.run(new Set([{ id: 3 }]), { tableName: 'tracks' })
    await pipeline.run(Promise.resolve([{ id: 4 }]), { tableName: 'tracks' })
    expect(fixture.ids('tracks')).toEqual([1, 2, 1, 2, 3, 4])
  })
})

describe('running a source', () => {
  it('is a short cut to run on the pipeline that was configured last, with the same options', async () => {
    fixture.pipeline()
    dlt.pipeline({ pipelineName: 'shop', workingDir: fixture.workingDir, destination: fixture.warehouse })
    const info = await spotify({ user: 'me' }).run({ datasetName: 'music' })
    expect([info.pipelineName, info.datasetName, fixture.ids('playlists', 'music')]).toEqual(['shop', 'music', [1]])
  })
})
