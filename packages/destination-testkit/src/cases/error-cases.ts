import assert from 'node:assert/strict'
import { DestinationError } from '@dlt/destination'
import type { DataType } from '@dlt/schema'
import type { Cell } from '../canonical-value.ts'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { openDataset } from '../sample-load.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const secret = 'secret-value'

/** A value that its column cannot hold. */
const refused = (title: string, type: DataType, good: Cell, bad: Cell): ConformanceCase => ({
  name: `a ${title} is a terminal error that names the table, and leaves nothing`,
  run: async (context: CaseContext) => {
    const schema = sampleSchema('sample', { items: [column('value', type)] })
    const { load, rows, client } = await openDataset(context, schema)
    await assert.rejects(load('1', { items: [[good], [bad]] }), (error) => {
      assert.ok(DestinationError.is(error, 'terminal'), `expected a terminal DestinationError, got ${String(error)}`)
      assert.ok(error.message.includes('"items"'), error.message)
      assert.ok(!`${error.message} ${String(error.cause)}`.includes(String(bad)), 'the error shows the value')
      return true
    })
    assert.deepEqual(await rows('items', 'value'), [])
    assert.equal(await client.isLoaded('1', 'sample'), false)
  },
})

/** What is promised of requests that cannot be fulfilled. */
export const errorCases: readonly ConformanceCase[] = [
  refused('text in a column of integers', 'bigint', 1, secret),
  refused('integer beyond 64 bits', 'bigint', 1, 98765432109876543210n),
  refused('text in a column of timestamps', 'timestamp', '2024-01-02T03:04:05+00:00', secret),
  refused('text in a column of dates', 'date', '2024-01-02', secret),
  {
    ...refused('text with NUL, where texts cannot hold it,', 'text', 'a', `${secret}\0`),
    unless: ({ types }) => (types.nul === 'refuse' ? undefined : 'texts with NUL are not refused'),
  },
  {
    name: 'a client that was refused loads the next package',
    run: async (context) => {
      const schema = sampleSchema('sample', { items: [column('value', 'bigint')] })
      const { load, rows } = await openDataset(context, schema)
      for (const loadId of ['1', '2', '3']) await assert.rejects(load(loadId, { items: [[secret]] }))
      await load('4', { items: [[4]] })
      assert.deepEqual(await rows('items', 'value'), [['4']])
    },
  },
  {
    name: 'a file that is gone is an error, and the package can be loaded when it is back',
    run: async (context) => {
      const value = column('value', 'bigint')
      const schema = sampleSchema('sample', { items: [value] })
      const { client, rows } = await openDataset(context, schema)
      const job = await context.file({ tableName: 'items', columns: [value], rows: [[1]] })
      const request = { loadId: '1', schema, truncateTables: [] }
      const gone = { ...job, path: `${job.path}.gone` }
      await assert.rejects(client.load({ ...request, jobs: [job, gone] }))
      assert.deepEqual(await rows('items', 'value'), [])
      await client.load({ ...request, jobs: [job] })
      assert.deepEqual(await rows('items', 'value'), [['1']])
    },
  },
]
