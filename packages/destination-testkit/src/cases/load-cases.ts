import assert from 'node:assert/strict'
import { DestinationError } from '@dlt/destination'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const id = column('id', 'bigint', { nullable: false })
const schema = sampleSchema('sample', { items: [id], others: [id] })
const untouched = { schema, truncateTables: [] }

const prepared = async ({ connect }: CaseContext) => {
  const client = await connect()
  await client.updateSchema(schema, ['items', 'others'])
  return client
}

const itemsFile = ({ file }: CaseContext, ...ids: readonly (number | string)[]) =>
  file({ tableName: 'items', columns: [id], rows: ids.map((value) => [value]) })

const othersFile = ({ file }: CaseContext, ...ids: readonly (number | string)[]) =>
  file({ tableName: 'others', columns: [id], rows: ids.map((value) => [value]) })

const isTerminal = (error: unknown): true => {
  assert.ok(DestinationError.is(error, 'terminal'), `expected a terminal DestinationError, got ${String(error)}`)
  return true
}

/** What loading a package promises. */
export const loadCases: readonly ConformanceCase[] = [
  {
    name: 'rows of all files arrive together with the load id',
    run: async (context) => {
      const client = await prepared(context)
      const jobs = [await itemsFile(context, 1, 2), await itemsFile(context, 3), await othersFile(context, 4)]
      const outcome = await client.load({ ...untouched, loadId: '1', jobs })
      const expected = jobs.map(({ jobId, rowCount }) => ({ jobId, rowCount }))
      assert.deepEqual(outcome, { status: 'loaded', jobs: expected })
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1'], ['2'], ['3']])
      assert.deepEqual(await context.rows(client, 'others', [id]), [['4']])
      assert.deepEqual(await finishedLoads(context, client), ['1'])
    },
  },
  {
    name: 'a file without rows is a file',
    run: async (context) => {
      const client = await prepared(context)
      const outcome = await client.load({ ...untouched, loadId: '1', jobs: [await itemsFile(context)] })
      assert.deepEqual(
        outcome.jobs.map(({ rowCount }) => rowCount),
        [0],
      )
    },
  },
  {
    name: 'rows of nothing but nulls are rows',
    run: async (context) => {
      const client = await context.connect()
      const nullable = column('value', 'text')
      const ofNulls = sampleSchema('sample', { items: [nullable] })
      await client.updateSchema(ofNulls, ['items'])
      const job = await context.file({ tableName: 'items', columns: [nullable], rows: [[null], [null]] })
      await client.load({ loadId: '1', schema: ofNulls, jobs: [job], truncateTables: [] })
      assert.deepEqual(await context.rows(client, 'items', [nullable]), [[null], [null]])
    },
  },
  {
    name: 'the row of a load names its schema and when it was',
    run: async (context) => {
      const client = await prepared(context)
      await client.load({ ...untouched, loadId: '1', jobs: [] })
      const columns = [column('schema_name', 'text'), column('status', 'bigint'), column('schema_version_hash', 'text')]
      assert.deepEqual(await context.rows(client, '_dlt_loads', columns), [['sample', '0', schema.version_hash]])
      const [[micros = null] = []] = await context.rows(client, '_dlt_loads', [column('inserted_at', 'timestamp')])
      assert.ok(Math.abs(Number(micros) / 1000 - Date.now()) < 3_600_000, `"inserted_at" is ${micros}`)
    },
  },
  {
    name: 'a load id is loaded once',
    run: async (context) => {
      const client = await prepared(context)
      const request = { ...untouched, loadId: '1', jobs: [await itemsFile(context, 1)] }
      await client.load(request)
      assert.deepEqual(await client.load(request), { status: 'already-loaded', jobs: [] })
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1']])
      assert.deepEqual(await finishedLoads(context, client), ['1'])
    },
  },
  {
    name: 'a package is known to be loaded from its commit on',
    run: async (context) => {
      const client = await context.connect()
      assert.equal(await client.isLoaded('1', 'sample'), false)
      await client.updateSchema(schema, ['items', 'others'])
      assert.equal(await client.isLoaded('1', 'sample'), false)
      const failing = { ...untouched, loadId: '1', jobs: [await itemsFile(context, 'not a number')] }
      await assert.rejects(client.load(failing))
      assert.equal(await client.isLoaded('1', 'sample'), false)
      await client.load({ ...failing, jobs: [await itemsFile(context, 1)] })
      assert.equal(await client.isLoaded('1', 'sample'), true)
      assert.equal(await client.isLoaded('2', 'sample'), false)
    },
  },
  {
    name: 'load ids of two schemas are told apart',
    run: async (context) => {
      const client = await prepared(context)
      const other = sampleSchema('other', { items: [id] })
      await client.updateSchema(other, ['items'])
      await client.load({ ...untouched, loadId: '1', jobs: [await itemsFile(context, 1)] })
      assert.equal(await client.isLoaded('1', 'other'), false)
      const request = { loadId: '1', schema: other, jobs: [await itemsFile(context, 2)], truncateTables: [] }
      assert.equal((await client.load(request)).status, 'loaded')
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1'], ['2']])
    },
  },
  {
    name: 'a file that fails leaves nothing of its package',
    run: async (context) => {
      const client = await prepared(context)
      const good = await itemsFile(context, 1)
      const request = { ...untouched, loadId: '1', jobs: [good, await othersFile(context, 'not a number')] }
      await assert.rejects(client.load(request), isTerminal)
      assert.deepEqual(await context.rows(client, 'items', [id]), [])
      assert.deepEqual(await finishedLoads(context, client), [])
      await client.load({ ...request, jobs: [good, await othersFile(context, 2)] })
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1']])
    },
  },
  {
    name: 'a row count that differs from the manifest refuses the package',
    run: async (context) => {
      const client = await prepared(context)
      const jobs = [{ ...(await itemsFile(context, 1, 2)), rowCount: 3 }]
      await assert.rejects(client.load({ ...untouched, loadId: '1', jobs }), (error) => {
        isTerminal(error)
        assert.match(String(error), /"items"/)
        assert.match(String(error), /\b3\b.*\b2\b/)
        return true
      })
      assert.deepEqual(await finishedLoads(context, client), [])
    },
  },
  {
    name: 'a package refused for its row count leaves no rows',
    run: async (context) => {
      const client = await prepared(context)
      const jobs = [{ ...(await itemsFile(context, 1, 2)), rowCount: 1 }]
      await client.load({ ...untouched, loadId: '1', jobs }).catch(() => undefined)
      assert.deepEqual(await context.rows(client, 'items', [id]), [])
    },
  },
  {
    name: 'an error names the file and the table, and no value',
    run: async (context) => {
      const client = await prepared(context)
      const job = await itemsFile(context, 'secret-value')
      await assert.rejects(client.load({ ...untouched, loadId: '1', jobs: [job] }), (error) => {
        const text = error instanceof Error ? `${error.message} ${String(error.cause)}` : ''
        assert.ok(text.includes(job.jobId) && text.includes('"items"'), text)
        assert.ok(!text.includes('secret-value'), text)
        return true
      })
    },
  },
  {
    name: 'a table that is missing is created by the load, though the schema is stored',
    run: async (context) => {
      const client = await context.connect()
      await client.updateSchema(schema, ['items'])
      assert.deepEqual(await client.updateSchema(schema, ['items', 'others']), [])
      const jobs = [await itemsFile(context, 1), await othersFile(context, 2)]
      const { status, recreated } = await client.load({ ...untouched, loadId: '1', jobs })
      assert.equal(status, 'loaded')
      assert.deepEqual(
        recreated?.map(({ tableName, created }) => [tableName, created]),
        [['others', true]],
      )
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1']])
      assert.deepEqual(await context.rows(client, 'others', [id]), [['2']])
      assert.equal((await client.storedSchema('sample'))?.versionHash, schema.version_hash)
    },
  },
  {
    name: 'a dataset that is missing is created by the load',
    run: async (context) => {
      const client = await context.connect()
      const request = { ...untouched, loadId: '1', jobs: [await itemsFile(context, 1)], truncateTables: ['others'] }
      assert.equal((await client.load(request)).status, 'loaded')
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1']])
      assert.deepEqual(await context.rows(client, 'others', [id]), [])
      assert.deepEqual(await finishedLoads(context, client), ['1'])
    },
  },
  {
    name: 'a column that is missing is created by the load',
    run: async (context) => {
      const client = await prepared(context)
      const label = column('label', 'text')
      const wider = sampleSchema('sample', { items: [id, label], others: [id] })
      const job = await context.file({ tableName: 'items', columns: [id, label], rows: [[1, 'a']] })
      const { recreated } = await client.load({ loadId: '1', schema: wider, jobs: [job], truncateTables: [] })
      assert.deepEqual(recreated, [{ tableName: 'items', created: false, columns: [label] }])
      assert.deepEqual(await context.rows(client, 'items', [id, label]), [['1', 'a']])
    },
  },
  {
    name: 'a client that is closed can be closed again',
    run: async (context) => {
      const before = await prepared(context)
      await before[Symbol.asyncDispose]()
      await before[Symbol.asyncDispose]()
      const after = await context.connect()
      assert.equal(await after.hasDataset(), true)
    },
  },
  {
    name: 'what one client loaded the next one sees',
    run: async (context) => {
      const before = await prepared(context)
      const request = { ...untouched, loadId: '1', jobs: [await itemsFile(context, 1)] }
      await before.load(request)
      await before[Symbol.asyncDispose]()
      const after = await context.connect()
      assert.equal(await after.hasDataset(), true)
      assert.deepEqual(await after.load(request), { status: 'already-loaded', jobs: [] })
      assert.deepEqual(await context.rows(after, 'items', [id]), [['1']])
    },
  },
]
