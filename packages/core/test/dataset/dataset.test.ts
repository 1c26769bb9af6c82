import { DltError } from '@dlt/schema'
import { expect, test } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

test('a destination that cannot be read says so, and its client is closed', async () => {
  using fixture = new PipelineFixture()
  const pipeline = fixture.pipeline()
  await pipeline.run([{ id: 1 }], { tableName: 'items' })
  const error: unknown = await pipeline
    .dataset()
    .tables()
    .catch((thrown: unknown) => thrown)
  expect(DltError.is(error) && error.code).toBe('UNSUPPORTED')
  expect(String(error)).toContain('The destination "warehouse" cannot read datasets back.')
  expect(fixture.warehouse.contexts.at(-1)).toMatchObject({ datasetName: 'shop', readOnly: true })
  expect(fixture.warehouse.log.slice(-2)).toEqual(['connect', 'close'])
})

test('options that reading does not know are refused', () => {
  using fixture = new PipelineFixture()
  const options = { commitedOnly: true }
  expect(() => fixture.pipeline().dataset(options as object)).toThrow(
    'dataset has no option "commitedOnly". Write "committedOnly".',
  )
  const destination = fixture.warehouse
  expect(() => dlt.dataset({ destination, datasetName: 'shop', ...{ dataset: 1 } })).toThrow('has no option "dataset"')
})
