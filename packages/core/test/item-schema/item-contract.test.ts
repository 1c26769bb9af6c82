import { DataValidationError, type SchemaContract } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { PipelineStepFailed, resource } from '../../src/index.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

const schemas = {
  valibot: v.strictObject({
    id: v.number(),
    n: v.optional(v.number()),
    l: v.optional(v.array(v.object({ x: v.number() }))),
  }),
  zod: z.strictObject({ id: z.number(), n: z.number().optional(), l: z.array(z.object({ x: z.number() })).optional() }),
} satisfies Record<string, StandardSchemaV1>

const rows = [
  { id: 1, n: 2 },
  { id: 2, n: 'two' },
  { id: 3, n: 4, more: true },
]

async function load(columns: StandardSchemaV1, schemaContract: SchemaContract, data: readonly object[] = rows) {
  using shop = new PipelineFixture()
  const info = await shop.pipeline().run(resource({ name: 't', columns, schemaContract }, data))
  const loaded = shop.warehouse
    .rows('shop', 't')
    .map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !column.startsWith('_dlt'))))
  return { loaded, info, rejected: info.extracted[0]?.metrics?.resources[0]?.rejected }
}

describe.for(Object.entries(schemas))('items checked with %s', ([, columns]) => {
  test('discard_row leaves the item out', async () => {
    const { loaded, rejected, info } = await load(columns, {
      tables: 'evolve',
      columns: 'discard_row',
      data_type: 'discard_row',
    })
    expect(loaded).toEqual([{ id: 1, n: 2 }])
    expect(rejected).toEqual([
      { table: 't', column: 'n', entity: 'data_type', mode: 'discard_row', rows: 1 },
      { table: 't', column: 'more', entity: 'columns', mode: 'discard_row', rows: 1 },
    ])
    expect(String(info)).toContain('left out 1 row(s) for column n of table t, by the contract data_type: discard_row')
  })

  test('discard_value leaves the value out', async () => {
    const { loaded, rejected } = await load(columns, { columns: 'discard_value', data_type: 'discard_value' })
    expect(loaded).toEqual([{ id: 1, n: 2 }, { id: 2 }, { id: 3, n: 4 }])
    expect(rejected?.map(({ values }) => values)).toEqual([1, 1])
  })

  test('discard_value also inside of lists', async () => {
    const optional = v.object({ l: v.array(v.object({ x: v.optional(v.number()) })) })
    const { loaded } = await load(optional, { data_type: 'discard_value' }, [{ l: [{ x: 'no' }, { x: 1 }] }])
    expect(loaded).toHaveLength(1)
  })

  test('discard_value fails where a required value would be left out', async () => {
    const run = load(columns, { data_type: 'discard_value' }, [{ id: 'one' }])
    await expect(run).rejects.toThrow('An item does not fit its schema at "id"')
  })

  test('evolve takes the item as it came', async () => {
    const { loaded } = await load(columns, 'evolve')
    expect(loaded).toEqual([
      { id: 1, n: 2 },
      { id: 2, n__v_text: 'two' },
      { id: 3, n: 4, more: true },
    ])
  })

  test('freeze fails in extract, and names the field and the type', async () => {
    const error = await load(columns, { data_type: 'freeze', columns: 'evolve' }).catch((caught: unknown) => caught)
    if (!(error instanceof PipelineStepFailed) || !(error.cause instanceof DataValidationError)) throw error
    expect(error.step).toBe('extract')
    expect(error.cause).toMatchObject({
      tableName: 't',
      columnName: 'n',
      entity: 'data_type',
      mode: 'freeze',
      valueType: 'text',
    })
    expect(error.cause.message).not.toContain('two')
  })

  test('freeze of columns names the field that is unknown', async () => {
    const run = load(columns, { columns: 'freeze', data_type: 'evolve' })
    await expect(run).rejects.toMatchObject({ cause: { columnName: 'more', entity: 'columns', valueType: 'bool' } })
  })
})
