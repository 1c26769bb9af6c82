import { DataValidationError, type SchemaContract } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type PipelineOptions, PipelineStepFailed, resource } from '../../src/index.ts'
import { rememberSecret } from '../../src/runtime/known-secrets.ts'
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

async function load(
  columns: StandardSchemaV1,
  schemaContract: SchemaContract,
  data: readonly object[] = rows,
  options: PipelineOptions = {},
) {
  using shop = new PipelineFixture()
  const info = await shop.pipeline(options).run(resource({ name: 't', columns, schemaContract }, data))
  const loaded = shop.warehouse.rows('shop', 't').map(withoutSystem)
  const kept = shop.warehouse.rows('shop', '_dlt_rejected').map(withoutSystem)
  return { loaded, info, kept, rejected: info.extracted[0]?.metrics?.resources[0]?.rejected }
}

function withoutSystem(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !column.startsWith('_dlt')))
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

describe('the quarantine', () => {
  const columns = schemas.valibot
  const contract = { columns: 'discard_value', data_type: 'discard_row' } as const

  test('keeps items that do not fit, as they came, with a reason that has no value', async () => {
    const { loaded, kept, rejected, info } = await load(columns, contract, rows, { quarantine: true })
    expect(loaded).toEqual([
      { id: 1, n: 2 },
      { id: 3, n: 4 },
    ])
    expect(rejected).toHaveLength(2)
    expect(kept).toEqual([
      {
        table_name: 't',
        column_name: 'n',
        entity: 'data_type',
        mode: 'discard_row',
        reason: 'An item does not fit the schema of its resource at "n" (number).',
        document: { id: 2, n: 'two' },
      },
      {
        table_name: 't',
        column_name: 'more',
        entity: 'columns',
        mode: 'discard_value',
        reason: 'An item does not fit the schema of its resource at "more" (strict_object).',
        document: { id: 3, n: 4, more: true },
      },
    ])
    expect(info.rowCounts).toEqual({ t: 2 })
  })

  test('is not made where nothing is rejected, and where nobody asks for it', async () => {
    expect((await load(columns, contract, [{ id: 1 }], { quarantine: true })).kept).toEqual([])
    expect((await load(columns, contract)).kept).toEqual([])
  })

  test('has rows of both kinds: of items, and of what normalize discards', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ quarantine: true })
    const schemaContract = { columns: 'discard_row', data_type: 'discard_row' } as const
    const items = (data: readonly object[]) =>
      resource({ name: 't', columns: v.looseObject({ id: v.number() }), schemaContract }, data)
    await pipeline.run(items([{ id: 1 }]))
    await pipeline.run(items([{ id: 'two' }, { id: 3, more: 1 }, { id: 4 }]))
    const kept = shop.warehouse.rows('shop', '_dlt_rejected').map(withoutSystem)
    expect(kept).toMatchObject([
      { column_name: 'id', document: { id: 'two' } },
      { column_name: 'more', document: { id: 3, more: 1 } },
    ])
  })

  test('never shows a secret, and keeps the reason of an item that no table could hold', async () => {
    rememberSecret('s3cr3t-t0ken-of-a-user')
    const data = [
      { id: 'a', token: 's3cr3t-t0ken-of-a-user' },
      { id: 'b', call: () => 1 },
    ]
    const { kept } = await load(columns, 'discard_row', data, { quarantine: true })
    expect(kept).toMatchObject([
      { document: { id: 'a', token: '***' } },
      { reason: expect.stringMatching(/^An item does not fit .* \(number\)\. It is not kept: .*"call".*function/s) },
    ])
    expect(kept[1]).not.toHaveProperty('document')
  })

  test('takes more items than a page holds, also where the schema checks asynchronously', async () => {
    const slow = v.objectAsync({
      id: v.pipeAsync(
        v.number(),
        v.checkAsync(async () => true),
      ),
    })
    const data = Array.from({ length: 21_000 }, (_, id) => ({ id: String(id) }))
    const { kept, rejected } = await load(slow, 'discard_row', data, { quarantine: true })
    expect(rejected).toMatchObject([{ rows: 21_000 }])
    expect(new Set(kept.map((row) => JSON.stringify(row))).size).toBe(21_000)
  })
})
