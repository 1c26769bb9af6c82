import { createSchema, createTable, updateTable } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { rejection } from '../configuration/test-project.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

let shop: PipelineFixture

beforeEach(() => {
  shop = new PipelineFixture()
})
afterEach(() => {
  vi.unstubAllEnvs()
  shop[Symbol.dispose]()
})

const rows = [{ id: 1, orderedBy: 'Ada', größe: 2 }]
const orders = source({ name: 'depot' }, () => [resource({ name: 'Orders' }, rows)])

const namesOf = ({ schemas }: Pipeline, schema: string, table: string): readonly unknown[] => {
  const { normalizers, tables } = schemas.get(schema) ?? createSchema('none')
  return [normalizers.names, [...(tables.get(table)?.columns.keys() ?? [])].filter((name) => !name.startsWith('_dlt'))]
}

describe('the configured naming convention', () => {
  test('is that of new schemas', async () => {
    vi.stubEnv('SCHEMA__NAMING', 'duck_case')
    const pipeline = shop.pipeline()
    await pipeline.run(rows, { tableName: 'My Orders' })
    expect(namesOf(pipeline, 'shop', 'My Orders')).toEqual(['duck_case', ['id', 'orderedBy', 'größe']])
    // Stored, and no reason to think again.
    vi.unstubAllEnvs()
    await pipeline.run(rows, { tableName: 'My Orders' })
    expect(namesOf(pipeline, 'shop', 'My Orders')).toEqual(['duck_case', ['id', 'orderedBy', 'größe']])
  })

  test('may be that of one source, and is found by the name of the class in the reference system, too', async () => {
    vi.stubEnv('SOURCES__DEPOT__SCHEMA__NAMING', 'dlt.common.normalizers.naming.sql_cs_v1')
    const pipeline = shop.pipeline()
    await pipeline.run([orders(), resource({ name: 'loose', schema: createSchema('other') }, rows)])
    expect(namesOf(pipeline, 'depot', 'Orders')).toEqual(['sql_cs_v1', ['id', 'orderedBy', 'gr_e']])
    expect(namesOf(pipeline, 'other', 'loose')).toEqual(['snake_case', ['id', 'ordered_by', 'gr_e']])
  })

  test('is not that of schemas with tables or with a convention of their own', async () => {
    vi.stubEnv('SCHEMA__NAMING', 'duck_case')
    const pipeline = shop.pipeline()
    const declared = updateTable(createSchema('declared'), createTable('orders')).schema
    const chosen = createSchema('chosen', { naming: 'sql_ci_v1' })
    await pipeline.run([
      resource({ name: 'orders', schema: declared }, rows),
      resource({ name: 'orders', schema: chosen }, rows),
    ])
    expect(namesOf(pipeline, 'declared', 'orders')[0]).toBe('snake_case')
    expect(namesOf(pipeline, 'chosen', 'orders')[0]).toBe('sql_ci_v1')
  })

  test('keeps what a source says of its schema', async () => {
    vi.stubEnv('SCHEMA__NAMING', 'direct')
    const pipeline = shop.pipeline()
    const flat = source({ name: 'depot', maxTableNesting: 0 }, () => [resource({ name: 'Orders' }, rows)])
    await pipeline.run(flat())
    const { normalizers } = pipeline.schemas.get('depot') ?? createSchema('none')
    expect(normalizers).toMatchObject({ names: 'direct', json: { config: { max_nesting: 0 } } })
  })

  test('cannot be changed where there are tables', async () => {
    const pipeline = shop.pipeline()
    await pipeline.run(orders())
    vi.stubEnv('SOURCES__DEPOT__SCHEMA__NAMING', 'direct')
    expect((await rejection(pipeline.run(orders()))).message).toBe(
      'Pipeline "shop" failed at step "extract": Schema "depot" of pipeline "shop" has the naming convention "snake_case", and the configuration asks for "direct". Tables keep their names: set schema.naming to "snake_case", or load with another pipeline into another dataset.',
    )
  })

  test('is refused where it is none', async () => {
    vi.stubEnv('SCHEMA__NAMING', 'camelCase')
    expect((await rejection(shop.pipeline().run(orders()))).message).toBe(
      'Pipeline "shop" failed at step "extract": Naming convention "camelCase" is unknown. Use one of "snake_case", "sql_cs_v1", "sql_ci_v1", "direct", "duck_case", "s3_tables".',
    )
  })
})
