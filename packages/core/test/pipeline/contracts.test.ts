import type { SchemaContract } from '@dlt/schema'
import { DataValidationError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { PipelineStepFailed, resource, source } from '../../src/index.ts'
import type { PipelineOptions } from '../../src/pipeline/pipeline-options.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const first = [{ id: 1, v: 1, l: [{ x: 1 }] }]
const second = [
  { id: 2, v: 2, l: [{ x: 2, y: 1 }], new: 1, nl: [1] },
  { id: 3, v: 'str' },
  { id: 4, v: 4 },
]

/** Rows of the tables of the resource `t`, without the columns of the system. */
function tables({ warehouse }: PipelineFixture): Readonly<Record<string, readonly unknown[]>> {
  const names = warehouse.tables('shop').filter((name) => !name.startsWith('_dlt'))
  return Object.fromEntries(names.map((name) => [name, warehouse.rows('shop', name).map(withoutSystem)]))
}

function withoutSystem(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !column.startsWith('_dlt')))
}

async function bothRuns(contract: SchemaContract, options: PipelineOptions = {}) {
  const shop = new PipelineFixture()
  const pipeline = shop.pipeline(options)
  const items = (data: readonly object[]) => resource({ name: 't', schemaContract: contract }, data)
  await pipeline.run(items(first))
  const info = await pipeline.run(items(second))
  return { shop, info, rejected: info.normalized.flatMap((one) => one.rejected) }
}

async function failure(run: Promise<unknown>): Promise<{ readonly step: string; readonly cause: DataValidationError }> {
  const error = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (!(error instanceof PipelineStepFailed) || !(error.cause instanceof DataValidationError)) throw error
  return { step: error.step, cause: error.cause }
}

describe('the matrix of modes, as in the reference system', () => {
  test('evolve takes everything', async () => {
    const { shop, rejected } = await bothRuns('evolve')
    using _ = shop
    expect(tables(shop)).toEqual({
      t: [
        { id: 1, v: 1 },
        { id: 2, v: 2, new: 1 },
        { id: 3, v__v_text: 'str' },
        { id: 4, v: 4 },
      ],
      t__l: [{ x: 1 }, { x: 2, y: 1 }],
      t__nl: [{ value: 1 }],
    })
    expect(rejected).toEqual([])
  })

  test('tables: freeze fails when the table of the resource is new, in extract', async () => {
    const { step, cause } = await failure(bothRuns({ tables: 'freeze' }))
    expect(step).toBe('extract')
    expect(cause).toMatchObject({ tableName: 't', entity: 'tables', mode: 'freeze', columnName: undefined })
  })

  test.for(['discard_row', 'discard_value'] as const)('tables: %s loads nothing at all', async (mode) => {
    const { shop, rejected } = await bothRuns({ tables: mode })
    using _ = shop
    expect(tables(shop)).toEqual({})
    expect(rejected).toEqual([
      { table: 't', entity: 'tables', mode, rows: 3 },
      { table: 't__l', entity: 'tables', mode, rows: 1 },
      { table: 't__nl', entity: 'tables', mode, rows: 1 },
    ])
  })

  test('columns: freeze fails in normalize', async () => {
    const { step, cause } = await failure(bothRuns({ columns: 'freeze' }))
    expect(step).toBe('normalize')
    expect(cause).toMatchObject({ tableName: 't', columnName: 'new', entity: 'columns', valueType: 'bigint' })
    expect(cause.message).toBe(
      'The data brings the new column "new" to table "t". The contract "columns: freeze" of table "t" (schema "shop") does not allow it. Leave the field out of the data, or run once with schemaContract { columns: \'evolve\' }.',
    )
  })

  test('columns: discard_row drops the row with everything in it', async () => {
    const { shop, rejected } = await bothRuns({ columns: 'discard_row' })
    using _ = shop
    expect(tables(shop)).toEqual({
      t: [
        { id: 1, v: 1 },
        { id: 3, v__v_text: 'str' },
        { id: 4, v: 4 },
      ],
      t__l: [{ x: 1 }],
    })
    expect(rejected).toEqual([
      { table: 't', column: 'new', entity: 'columns', mode: 'discard_row', rows: 1 },
      { table: 't__l', entity: 'columns', mode: 'discard_row', rows: 1 },
      { table: 't__nl', entity: 'columns', mode: 'discard_row', rows: 1 },
    ])
  })

  test('columns: discard_value drops the values, also in nested tables', async () => {
    const { shop, rejected } = await bothRuns({ columns: 'discard_value' })
    using _ = shop
    expect(tables(shop)).toEqual({
      t: [
        { id: 1, v: 1 },
        { id: 2, v: 2 },
        { id: 3, v__v_text: 'str' },
        { id: 4, v: 4 },
      ],
      t__l: [{ x: 1 }, { x: 2 }],
      t__nl: [{ value: 1 }],
    })
    expect(rejected).toEqual([
      { table: 't', column: 'new', entity: 'columns', mode: 'discard_value', values: 1 },
      { table: 't__l', column: 'y', entity: 'columns', mode: 'discard_value', values: 1 },
    ])
  })

  test('data_type: freeze fails in normalize, and says what came', async () => {
    const { step, cause } = await failure(bothRuns({ data_type: 'freeze' }))
    expect(step).toBe('normalize')
    expect(cause).toMatchObject({ tableName: 't', columnName: 'v__v_text', entity: 'data_type', valueType: 'text' })
    expect(cause.message).toContain('Column "v" of table "t" is bigint, and a value of type text does not fit.')
    expect(cause.message).not.toContain('str')
  })

  test('data_type: discard_row drops the row', async () => {
    const { shop, rejected } = await bothRuns({ data_type: 'discard_row' })
    using _ = shop
    expect(tables(shop)).toEqual({
      t: [
        { id: 1, v: 1 },
        { id: 2, v: 2, new: 1 },
        { id: 4, v: 4 },
      ],
      t__l: [{ x: 1 }, { x: 2, y: 1 }],
      t__nl: [{ value: 1 }],
    })
    expect(rejected).toEqual([{ table: 't', column: 'v', entity: 'data_type', mode: 'discard_row', rows: 1 }])
  })

  test('data_type: discard_value drops the value', async () => {
    const { shop, info, rejected } = await bothRuns({ data_type: 'discard_value' })
    using _ = shop
    expect(tables(shop)).toEqual({
      t: [{ id: 1, v: 1 }, { id: 2, v: 2, new: 1 }, { id: 3 }, { id: 4, v: 4 }],
      t__l: [{ x: 1 }, { x: 2, y: 1 }],
      t__nl: [{ value: 1 }],
    })
    expect(rejected).toEqual([{ table: 't', column: 'v', entity: 'data_type', mode: 'discard_value', values: 1 }])
    const [, , , , line] = String(info).split('\n')
    expect(line).toBe(
      `Load package ${info.loadIds[0]} left out 1 value(s) for column v of table t, by the contract data_type: discard_value`,
    )
  })
})

describe('a contract that says nothing, as in the reference system', () => {
  const freeze = { columns: 'freeze' } as const
  const shopOf = (contract: SchemaContract | undefined) =>
    source({ name: 'shop', ...(contract !== undefined && { schemaContract: contract }) }, () => [
      resource({ name: 't' }, first),
    ])()

  test.for<readonly [SchemaContract | undefined]>([[undefined], [freeze]])(
    'is none for a run: the source with %o keeps its schema',
    async ([own]) => {
      using shop = new PipelineFixture()
      const pipeline = shop.pipeline()
      await pipeline.run(shopOf(own))
      const { version, version_hash: hash, settings } = pipeline.schemas.get('shop') ?? {}
      await pipeline.run(shopOf(own), { schemaContract: {} })
      expect(pipeline.schemas.get('shop')).toMatchObject({ version, version_hash: hash, settings })
    },
  )

  test('takes away what the schema of a source says', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    await pipeline.run(shopOf({}))
    expect(pipeline.schemas.get('shop')?.settings).not.toHaveProperty('schema_contract')
    const { version_hash: hash } = pipeline.schemas.get('shop') ?? {}
    await pipeline.run(shopOf(freeze))
    expect(pipeline.schemas.get('shop')?.settings.schema_contract).toEqual(freeze)
    await pipeline.run(shopOf({}))
    expect(pipeline.schemas.get('shop')).toMatchObject({ version: 4, version_hash: hash })
  })
})

describe('the quarantine', () => {
  test('keeps what was discarded, with the row as it came', async () => {
    const { shop } = await bothRuns({ columns: 'discard_row', data_type: 'discard_value' }, { quarantine: true })
    using _ = shop
    const rows = shop.warehouse.rows('shop', '_dlt_rejected').map(withoutSystem)
    expect(rows).toEqual([
      {
        table_name: 't',
        column_name: 'new',
        entity: 'columns',
        mode: 'discard_row',
        reason: 'The data brings the new column "new" to table "t".',
        document: { id: 2, v: 2, new: 1, l: [{ x: 2, y: 1 }], nl: [1] },
      },
      {
        table_name: 't',
        column_name: 'v',
        entity: 'data_type',
        mode: 'discard_value',
        reason: 'Column "v" of table "t" is bigint, and a value of type text does not fit.',
        document: { id: 3, v: 'str' },
      },
    ])
  })
})
