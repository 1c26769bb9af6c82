import assert from 'node:assert/strict'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
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

/** What replacing tables promises. */
export const replaceCases: readonly ConformanceCase[] = [
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
