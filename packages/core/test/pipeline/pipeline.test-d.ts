import type { Destination } from '@dlt/destination'
import { createSchema, type Schema } from '@dlt/schema'
import { expectTypeOf, test } from 'vitest'
import dlt, { type LoadInfo, Pipeline, type PipelineState } from '../../src/index.ts'

declare const destination: Destination

test('a pipeline is made without options, or with any of them', () => {
  expectTypeOf(dlt.pipeline()).toEqualTypeOf<Pipeline>()
  expectTypeOf(dlt.pipeline({ pipelineName: 'p', destination, devMode: true })).toEqualTypeOf<Pipeline>()
  dlt.pipeline({ destination: 'duckdb' })
  dlt.pipeline({ destination: () => destination })
  // @ts-expect-error: an option that does not exist
  dlt.pipeline({ name: 'p' })
  // @ts-expect-error: a destination is no number
  dlt.pipeline({ destination: 1 })
})

test('run takes data of every kind but text', () => {
  const pipeline = new Pipeline()
  expectTypeOf(pipeline.run([{ id: 1 }], { tableName: 'items' })).resolves.toEqualTypeOf<LoadInfo>()
  expectTypeOf(dlt.run([1, 2], { tableName: 'items', destination })).resolves.toEqualTypeOf<LoadInfo>()
  void pipeline.run(async function* items() {
    yield { id: 1 }
  })
  void pipeline.run(dlt.resource({ name: 'items' }, [{ id: 1 }]))
  void pipeline.run([dlt.resource({ name: 'a' }, [1]), dlt.resource({ name: 'b' }, [{ id: 1 }])], {
    schema: createSchema('s'),
    datasetName: 'data',
    credentials: { path: 'a.duckdb' },
  })
  // A lone scalar is one row, as in the reference system.
  void pipeline.run(true, { tableName: 'flags' })
  // @ts-expect-error: text is not data
  void pipeline.run('data.jsonl', { tableName: 'items' })
  // @ts-expect-error: a write disposition that does not exist
  void pipeline.run([{ id: 1 }], { tableName: 'items', writeDisposition: 'overwrite' })
})

test('each step takes what it needs', () => {
  const pipeline = new Pipeline()
  void pipeline.extract([{ id: 1 }], { tableName: 'items' })
  void pipeline.load({ destination, datasetName: 'data' })
  void pipeline.retry('1.5', { destination, credentials: {} })
  // @ts-expect-error: what waits goes where it was extracted for
  void pipeline.retry('1.5', { datasetName: 'data' })
  // @ts-expect-error: extract sends nothing to a destination
  void pipeline.extract([{ id: 1 }], { tableName: 'items', destination })
  // @ts-expect-error: load reads no data
  void pipeline.load({ tableName: 'items' })
})

test('state and schemas cannot be changed', () => {
  const pipeline = new Pipeline()
  expectTypeOf(pipeline.state).toEqualTypeOf<PipelineState>()
  expectTypeOf(pipeline.schemas).toEqualTypeOf<ReadonlyMap<string, Schema>>()
  expectTypeOf(pipeline.defaultSchema).toEqualTypeOf<Schema | undefined>()
  // @ts-expect-error: an immutable value
  pipeline.state.dataset_name = 'other'
  // @ts-expect-error: an immutable value
  pipeline.schemas.clear()
})
