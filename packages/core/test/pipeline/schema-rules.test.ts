import { createSchema, type Schema, schemaFromYaml, schemaToYaml } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/index.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

/** A schema as a file has it, with the text of a table put in. */
function schemaFile(table: string): Schema {
  const text = schemaToYaml(createSchema('rules')).replace(/^version_hash: .*$/m, "version_hash: ''")
  return schemaFromYaml(text.replace(/^tables:$/m, `tables:${table}`))
}

async function load(schema: Schema, data: readonly object[]) {
  using shop = new PipelineFixture()
  const pipeline = shop.pipeline()
  await pipeline.run(resource({ name: 't', schema }, data))
  const names = shop.warehouse.tables('shop').filter((name) => !name.startsWith('_dlt'))
  const schemas = pipeline.schemas
  const rows = (name: string) => shop.warehouse.rows('shop', name).map(withoutSystem)
  return {
    tables: Object.fromEntries(names.map((name) => [name, rows(name)])),
    columns: (table: string) => schemas.get('rules')?.tables.get(table)?.columns ?? new Map(),
  }
}

function withoutSystem(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !column.startsWith('_dlt')))
}

/** The schema with other settings or normalizers. */
function withRules(change: Partial<Pick<Schema, 'settings' | 'normalizers'>>): Schema {
  const schema = schemaFile('')
  return {
    ...schema,
    settings: { ...schema.settings, ...change.settings },
    normalizers: { ...schema.normalizers, ...change.normalizers },
  }
}

describe('filters of a table', () => {
  const filters = (rules: string) =>
    schemaFile(`
  t:
    columns: {}
    write_disposition: append
    resource: t
    filters:
${rules}`)

  test('leave fields out, by exact name and by expression', async () => {
    const { tables } = await load(filters('      excludes:\n      - secret\n      - re:^raw'), [
      { id: 1, secret: 'x', raw: 1, raw_more: 2, not_raw: 3 },
    ])
    expect(tables).toEqual({ t: [{ id: 1, not_raw: 3 }] })
  })

  test('keep what is included again', async () => {
    const { tables } = await load(filters('      excludes:\n      - re:^raw\n      includes:\n      - re:^raw__id$'), [
      { id: 1, raw: { id: 2, other: 3 } },
    ])
    expect(tables).toEqual({ t: [{ id: 1, raw__id: 2 }] })
  })

  test('leave fields of nested tables out by the rest of the path', async () => {
    const { tables } = await load(filters('      excludes:\n      - l__x'), [{ id: 1, x: 1, l: [{ x: 2, y: 3 }] }])
    expect(tables).toEqual({ t: [{ id: 1, x: 1 }], t__l: [{ y: 3 }] })
  })

  test('leave tables out of which nothing is kept, with those nested in them', async () => {
    const { tables } = await load(filters('      excludes:\n      - re:^l__'), [
      { id: 1, l: [{ x: 2, deep: [{ y: 1 }] }], other: [1] },
    ])
    expect(tables).toEqual({ t: [{ id: 1 }], t__other: [{ value: 1 }] })
  })

  test('of an expression that is none are refused', async () => {
    const run = load(filters("      excludes:\n      - 're:('"), [{ id: 1 }])
    await expect(run).rejects.toThrow('Pattern "re:(" in the settings of a schema is not a regular expression.')
  })
})

describe('settings of a schema file', () => {
  test('preferred types win over what values look like', async () => {
    const schema = withRules({ settings: { preferred_types: { 're:_at$': 'timestamp', code: 'text' } } })
    const { columns } = await load(schema, [{ created_at: 1651125725, code: 7 }])
    expect(columns('t').get('created_at')?.data_type).toBe('timestamp')
    expect(columns('t').get('code')?.data_type).toBe('text')
  })

  test('default hints mark new columns', async () => {
    const schema = schemaFile('')
    const hints = { ...schema.settings.default_hints, sort: ['re:_at$'], not_null: ['id'] }
    const { columns } = await load(withRules({ settings: { default_hints: hints } }), [
      { id: 1, made_at: '2024-01-01T00:00:00Z' },
    ])
    expect(columns('t').get('made_at')).toMatchObject({ data_type: 'timestamp', sort: true })
    expect(columns('t').get('id')).toMatchObject({ nullable: false })
  })

  test('detections decide what texts are', async () => {
    const { columns } = await load(withRules({ settings: { detections: ['iso_date'] } }), [
      { day: '2024-01-02', time: '2024-01-01T00:00:00Z' },
    ])
    expect(columns('t').get('day')?.data_type).toBe('date')
    expect(columns('t').get('time')?.data_type).toBe('text')
  })

  test('max_nesting keeps what lies deeper as JSON', async () => {
    const { json } = schemaFile('').normalizers
    const schema = withRules({ normalizers: { names: 'snake_case', json: { ...json, config: { max_nesting: 0 } } } })
    const { columns, tables } = await load(schema, [{ id: 1, a: { b: 1 }, l: [1] }])
    expect(Object.keys(tables)).toEqual(['t'])
    expect(columns('t').get('a')?.data_type).toBe('json')
  })

  test('propagation copies values of a root into what is nested in it', async () => {
    const { json } = schemaFile('').normalizers
    const config = { propagation: { root: { id: 'root_id' }, tables: { t__l: { x: 'l_x' } } } }
    const schema = withRules({ normalizers: { names: 'snake_case', json: { ...json, config } } })
    const { tables } = await load(schema, [{ id: 7, l: [{ x: 1, k: [{ y: 2 }] }] }])
    expect(tables).toEqual({ t: [{ id: 7 }], t__l: [{ x: 1, root_id: 7 }], t__l__k: [{ y: 2, root_id: 7, l_x: 1 }] })
  })
})
