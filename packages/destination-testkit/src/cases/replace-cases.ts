import assert from 'node:assert/strict'
import type { ReplaceStrategy } from '@dlt/schema'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { definedSchema, nestedKeys, openDataset, rowId, seenData } from '../sample-load.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const id = column('id', 'bigint', { nullable: false })
const tables = ['items', 'nested']
const schema = sampleSchema('sample', { items: [id], nested: [id] })

const itemsFile = ({ file }: CaseContext, value: number | string) =>
  file({ tableName: 'items', columns: [id], rows: [[value]] })

const filled = async (context: CaseContext) => {
  const client = await context.connect()
  await client.updateSchema(schema, tables)
  const nested = await context.file({ tableName: 'nested', columns: [id], rows: [[2]] })
  await client.load({ loadId: '1', schema, jobs: [await itemsFile(context, 1), nested], truncateTables: [] })
  return client
}

const unless: ConformanceCase['unless'] = ({ dispositions }) =>
  dispositions.writeDispositions.includes('replace') ? undefined : 'the destination does not replace'

/** What emptying tables promises, whatever their disposition is. */
const emptyingCases: readonly ConformanceCase[] = [
  {
    name: 'tables are emptied before a package is loaded, those without files too',
    unless,
    run: async (context) => {
      const client = await filled(context)
      await client.load({ loadId: '2', schema, jobs: [await itemsFile(context, 3)], truncateTables: tables })
      assert.deepEqual(await context.rows(client, 'items', [id]), [['3']])
      assert.deepEqual(await context.rows(client, 'nested', [id]), [])
    },
  },
  {
    name: 'a package that fails empties nothing',
    unless,
    run: async (context) => {
      const client = await filled(context)
      const jobs = [await itemsFile(context, 'not a number')]
      await assert.rejects(client.load({ loadId: '2', schema, jobs, truncateTables: tables }))
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1']])
      assert.deepEqual(await context.rows(client, 'nested', [id]), [['2']])
    },
  },
  {
    name: 'a package that was loaded before empties nothing',
    unless,
    run: async (context) => {
      const client = await filled(context)
      await client.load({ loadId: '1', schema, jobs: [], truncateTables: tables })
      assert.deepEqual(await context.rows(client, 'items', [id]), [['1']])
    },
  },
]

const tag = column('tag', 'text')

const replaced = definedSchema({
  items: { writeDisposition: 'replace', columns: [id, rowId] },
  items__tags: { parent: 'items', columns: [tag, ...nestedKeys], extensions: seenData },
  log: { writeDisposition: 'append', columns: [id] },
})
const truncateTables = ['items', 'items__tags']

const first = {
  items: [
    [1, 'r1'],
    [2, 'r2'],
  ],
  items__tags: [['x', 'r1', 'r1', 't1']],
  log: [[1]],
}

const strategyCases = (replaceStrategy: ReplaceStrategy): readonly ConformanceCase[] => {
  const common: Pick<ConformanceCase, 'unless' | 'wishes'> = {
    wishes: { replaceStrategy },
    unless: ({ dispositions }) =>
      (dispositions.replaceStrategies ?? ['truncate-and-insert']).includes(replaceStrategy)
        ? undefined
        : `the destination does not replace by ${replaceStrategy}`,
  }
  return [
    {
      ...common,
      name: `replace by ${replaceStrategy}: new rows take the place of all old ones, other tables stay`,
      run: async (context) => {
        const { load, rows } = await openDataset(context, replaced)
        await load('1', first, { truncateTables })
        const second = { items: [[3, 'r3']], items__tags: [['y', 'r3', 'r3', 't2']], log: [[2]] }
        await load('2', second, { truncateTables })
        assert.deepEqual(await rows('items', 'id', '_dlt_id'), [['3', 'r3']])
        assert.deepEqual(await rows('items__tags', 'tag', '_dlt_id'), [['y', 't2']])
        assert.deepEqual(await rows('log', 'id'), [['1'], ['2']])
      },
    },
    {
      ...common,
      name: `replace by ${replaceStrategy}: a nested table without new rows is left empty`,
      run: async (context) => {
        const { load, rows } = await openDataset(context, replaced)
        await load('1', first, { truncateTables })
        await load('2', { items: [[3, 'r3']] }, { truncateTables })
        assert.deepEqual(await rows('items', 'id'), [['3']])
        assert.deepEqual(await rows('items__tags', 'tag'), [])
      },
    },
    {
      ...common,
      name: `replace by ${replaceStrategy}: a file without rows leaves the table empty`,
      run: async (context) => {
        const { load, rows } = await openDataset(context, replaced)
        await load('1', first, { truncateTables })
        await load('2', { items: [] }, { truncateTables })
        assert.deepEqual(await rows('items', 'id'), [])
        assert.deepEqual(await rows('items__tags', 'tag'), [])
      },
    },
    {
      ...common,
      name: `replace by ${replaceStrategy}: a package that fails leaves the old rows, and can be loaded again`,
      run: async (context) => {
        const { client, load, rows } = await openDataset(context, replaced)
        await load('1', first, { truncateTables })
        const broken = { items: [[3, 'r3']], items__tags: [['y', null, 'r3', 't2']] }
        await assert.rejects(load('2', broken, { truncateTables }))
        assert.deepEqual(await rows('items', 'id'), [['1'], ['2']])
        assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
        assert.deepEqual(await finishedLoads(context, client), ['1'])
        await load('2', { ...broken, items__tags: [['y', 'r3', 'r3', 't2']] }, { truncateTables })
        assert.deepEqual(await rows('items', 'id'), [['3']])
      },
    },
    {
      ...common,
      name: `replace by ${replaceStrategy}: a package is loaded once, and several files fill one table`,
      run: async (context) => {
        const { client, load, rows } = await openDataset(context, replaced)
        const files = await Promise.all(
          [1, 2].map((value) =>
            context.file({ tableName: 'items', columns: [id, rowId], rows: [[value, `r${value}`]] }),
          ),
        )
        const request = { loadId: '1', schema: replaced, jobs: files, truncateTables }
        await client.load(request)
        await load('2', { log: [[1]] })
        assert.deepEqual(await client.load(request), { status: 'already-loaded', jobs: [] })
        assert.deepEqual(await rows('items', 'id'), [['1'], ['2']])
      },
    },
    {
      ...common,
      name: `replace by ${replaceStrategy}: columns refuse nulls as before`,
      run: async (context) => {
        const { load } = await openDataset(context, replaced)
        await load('1', first, { truncateTables })
        await load('2', { items: [[3, 'r3']] }, { truncateTables })
        await assert.rejects(load('3', { items: [[null, 'r4']] }))
      },
    },
  ]
}

/** What replacing tables promises. */
export const replaceCases: readonly ConformanceCase[] = [
  ...emptyingCases,
  ...strategyCases('truncate-and-insert'),
  ...strategyCases('insert-from-staging'),
  ...strategyCases('staging-optimized'),
]
