import { cpuUsage } from 'node:process'
import { describe, expect, test } from 'vitest'
import {
  applyContract,
  contractOf,
  createSchema,
  createTable,
  DataValidationError,
  DltError,
  diffSchemas,
  expandContract,
  hashSchema,
  isNewTable,
  type Schema,
  schemaFromJson,
  schemaToJson,
  type TableSchema,
  updateTable,
} from '../../src/index.ts'

function schemaOf(...tables: readonly TableSchema[]): Schema {
  return tables.reduce((schema, table) => updateTable(schema, table).schema, createSchema('shop'))
}

const id = { name: 'id', data_type: 'bigint', nullable: true } as const

describe('the contract of a table', () => {
  test('is its own, else that of the table it is nested in, else that of the schema', () => {
    const root = { ...createTable('t', { columns: [id] }), schema_contract: 'freeze' } as const
    const nested = createTable('t__l', { parent: 't', columns: [id] })
    const own = {
      ...createTable('t__m', { parent: 't', columns: [id] }),
      schema_contract: { columns: 'evolve' },
    } as const
    const schema = schemaOf(root, nested, own, createTable('u', { columns: [id] }))
    const settled: Schema = {
      ...schema,
      settings: { ...schema.settings, schema_contract: { data_type: 'discard_row' } },
    }
    expect(contractOf(settled, nested)).toEqual(expandContract('freeze'))
    expect(contractOf(settled, own)).toEqual(expandContract('evolve'))
    expect(contractOf(settled, { name: 'u' })).toEqual({
      tables: 'evolve',
      columns: 'evolve',
      data_type: 'discard_row',
    })
    expect(contractOf(settled, { name: 't__l__k', parent: 't__l' })).toEqual(expandContract('freeze'))
  })

  test('lets tables of the system evolve', () => {
    const schema = { ...createSchema('shop'), settings: { schema_contract: 'freeze' } } as const
    expect(contractOf(schema, { name: '_dlt_loads' })).toEqual(expandContract('evolve'))
  })

  test('takes a table without a typed column for new', () => {
    expect(isNewTable(undefined)).toBe(true)
    expect(isNewTable(createTable('t', { columns: [{ name: 'id', primary_key: true }] }))).toBe(true)
    expect(isNewTable(createTable('t', { columns: [id] }))).toBe(false)
  })
})

describe('hints under a contract', () => {
  const schema = schemaOf(createTable('t', { columns: [id] }))
  const hints = (column: TableSchema['columns'] extends ReadonlyMap<string, infer Column> ? Column : never) =>
    createTable('t', { columns: [column] })

  test('may not add columns where those are frozen', () => {
    const apply = () =>
      applyContract(schema, expandContract({ columns: 'freeze' }), hints({ name: 'v', data_type: 'text' }))
    expect(apply).toThrow(DataValidationError)
    expect(apply).toThrow('The hints for table "t" declare the new column "v".')
  })

  test('may not change types where those are frozen', () => {
    const apply = () =>
      applyContract(schema, expandContract({ data_type: 'freeze' }), hints({ ...id, data_type: 'text' }))
    expect(apply).toThrow('The hints for table "t" change "data_type" of the column "id".')
  })

  test.for(['discard_row', 'discard_value'] as const)('are left out under %s', (mode) => {
    const { table } = applyContract(schema, expandContract(mode), hints({ name: 'v', data_type: 'text' }))
    expect([...(table?.columns.keys() ?? [])]).toEqual([])
  })

  test('of a new table keep it out', () => {
    const table = createTable('u', { columns: [id] })
    expect(applyContract(schema, expandContract({ tables: 'discard_row' }), table)).toEqual({
      table: undefined,
      refusedBy: 'discard_row',
    })
    expect(() => applyContract(schema, expandContract({ tables: 'freeze' }), table)).toThrow('brings the new table "u"')
  })

  test('of a new table may have any columns', () => {
    const table = createTable('u', { columns: [id] })
    expect(applyContract(schema, expandContract({ columns: 'freeze' }), table)).toEqual({ table })
  })

  test('of columns of the system are always let in', () => {
    const table = hints({ name: '_dlt_extra', data_type: 'text' })
    expect(applyContract(schema, expandContract('freeze'), table)).toEqual({ table })
  })
})

test('the error says where and what, and is recognised as an error of dlt', () => {
  const error = new DataValidationError({
    schema: 'shop',
    table: 't',
    column: 'v__v_text',
    entity: 'data_type',
    mode: 'freeze',
    valueType: 'text',
    reason: 'It does not fit.',
  })
  expect(DltError.is(error) && error.code).toBe('CONTRACT')
  expect(error.name).toBe('DataValidationError')
  expect(error.context).toEqual({
    schema: 'shop',
    table: 't',
    column: 'v__v_text',
    entity: 'data_type',
    mode: 'freeze',
    valueType: 'text',
  })
})

test('a contract of a document with an unknown key or mode is refused', () => {
  const document = JSON.parse(schemaToJson(createSchema('shop')))
  const read = (contract: unknown) => () =>
    schemaFromJson(JSON.stringify({ ...document, settings: { ...document.settings, schema_contract: contract } }))
  expect(read({ column: 'freeze' })).toThrow('at "/settings/schema_contract/column": this key is unknown')
  expect(read({ columns: 'frozen' })).toThrow('it must be one of "evolve"')
})

test('a document of a newer engine is refused', () => {
  const document = { ...JSON.parse(schemaToJson(createSchema('shop'))), engine_version: 12 }
  expect(() => schemaFromJson(JSON.stringify(document))).toThrow(/newer|12/)
})

test('a schema of 1,000 tables with 100 columns each is compared and hashed quickly', () => {
  const columns = () => Array.from({ length: 100 }, (_, index) => ({ ...id, name: `column_${index}` }))
  const names = Array.from({ length: 1000 }, (_, index) => `table_${index}`)
  const make = () => new Map(names.map((name) => [name, createTable(name, { columns: columns() })] as const))
  const before = { ...createSchema('wide'), tables: make() }
  const after = { ...before, tables: make() }
  const startedAt = cpuUsage()
  const changed = diffSchemas(before.tables, after.tables).tables.length
  const hash = hashSchema(after)
  const { user, system } = cpuUsage(startedAt)
  expect(changed).toBe(0)
  expect(hash).toBe(hashSchema(before))
  // About 250 ms of processor time when it is warm; generous, since it is cold here.
  expect((user + system) / 1000).toBeLessThan(3000)
})
