import { describe, expect, it } from 'vitest'
import {
  childTables,
  columnHasHint,
  createSchema,
  createTable,
  hintColumns,
  isCompleteColumn,
  isDltTable,
  isNestedTable,
  mergeStrategyOf,
  namingConvention,
  normalizeTable,
  recordedColumnName,
  recordedTableName,
  requireTable,
  rootTableOf,
  type Schema,
  schemaFromJson,
  schemaToJson,
  updateTable,
  withRecordedColumnNames,
  withRecordedTableNames,
} from '../../src/index.ts'

const tables = [
  createTable('a', { writeDisposition: 'merge', extensions: { 'x-merge-strategy': 'upsert' } }),
  createTable('a__x', { parent: 'a' }),
  createTable('b'),
  createTable('a__x__y', { parent: 'a__x' }),
  createTable('a__z', { parent: 'a' }),
]
const schema: Schema = tables.reduce((before, table) => updateTable(before, table).schema, createSchema('events'))

describe('creating a table', () => {
  it('gives root tables a write disposition and a resource, nested ones a parent', () => {
    expect(createTable('a')).toEqual({ name: 'a', columns: new Map(), write_disposition: 'append', resource: 'a' })
    expect(createTable('a__b', { parent: 'a' })).toEqual({ name: 'a__b', columns: new Map(), parent: 'a' })
  })

  it('writes keys in the order of the reference', () => {
    const table = createTable('a', {
      resource: 'r',
      fileFormat: 'parquet',
      tableFormat: 'delta',
      schemaContract: 'freeze',
      writeDisposition: 'merge',
      references: [{ columns: ['x'], referenced_table: 't', referenced_columns: ['y'] }],
      extensions: { 'x-hint': true },
    })
    expect(Object.keys(table)).toEqual([
      'name',
      'columns',
      'write_disposition',
      'schema_contract',
      'table_format',
      'file_format',
      'references',
      'resource',
      'x-hint',
    ])
  })

  it('takes the last of two columns of one name', () => {
    const table = createTable('a', { columns: [{ name: 'x' }, { name: 'x', data_type: 'text' }] })
    expect([...table.columns.values()]).toEqual([{ name: 'x', data_type: 'text' }])
  })
})

describe('chains of tables', () => {
  it('list parents before children', () => {
    expect(childTables(schema, 'a').map((table) => table.name)).toEqual(['a', 'a__x', 'a__x__y', 'a__z'])
    expect(childTables(schema, 'a__x').map((table) => table.name)).toEqual(['a__x', 'a__x__y'])
    expect(childTables(schema, 'missing')).toEqual([])
  })

  it('lead to their root', () => {
    expect(rootTableOf(schema, 'a__x__y').name).toBe('a')
    expect(rootTableOf(schema, 'b').name).toBe('b')
    expect(() => rootTableOf(schema, 'missing')).toThrow(
      'Schema "events" has no table "missing". Check the name, or load data into it first.',
    )
  })

  it('that are circles are refused', () => {
    const circle = new Map(schema.tables).set('a', createTable('a', { parent: 'a__x' }))
    expect(() => rootTableOf({ ...schema, tables: circle }, 'a')).toThrow('is its own ancestor')
    expect(childTables({ ...schema, tables: circle }, 'a').map((table) => table.name)).toEqual([
      'a',
      'a__x',
      'a__x__y',
      'a__z',
    ])
  })

  it('share the merge strategy of their root', () => {
    expect(mergeStrategyOf(schema, requireTable(schema, 'a'))).toBe('upsert')
    expect(mergeStrategyOf(schema, requireTable(schema, 'b'))).toBeUndefined()
    expect(mergeStrategyOf(schema, createTable('c', { writeDisposition: 'merge' }))).toBe('delete-insert')
    expect(mergeStrategyOf(schema, { ...createTable('a__x', { parent: 'a' }), write_disposition: 'merge' })).toBe(
      'upsert',
    )
  })

  it('know nested tables and those of the system', () => {
    expect(isNestedTable(requireTable(schema, 'a__x'))).toBe(true)
    expect(isNestedTable(requireTable(schema, 'a'))).toBe(false)
    expect([isDltTable('_dlt_loads'), isDltTable('dlt_loads'), isDltTable('dlt_loads', 'dlt')]).toEqual([
      true,
      false,
      true,
    ])
  })
})

describe('hints of columns', () => {
  it.each([
    [{ name: 'x', nullable: false }, 'nullable', true],
    [{ name: 'x', nullable: true }, 'nullable', false],
    [{ name: 'x' }, 'nullable', false],
    [{ name: 'x', timezone: false }, 'timezone', true],
    [{ name: 'x', unique: false }, 'unique', false],
    [{ name: 'x', precision: 0 }, 'precision', true],
    [{ name: 'x', dedup_sort: 'asc' }, 'dedup_sort', true],
    [{ name: 'x', 'x-hint': false }, 'x-hint', false],
    [{ name: 'x', 'x-hint': 0 }, 'x-hint', true],
    [{ name: 'x', 'x-hint': null }, 'x-hint', false],
    [{ name: 'x', 'x-active-record-timestamp': null }, 'x-active-record-timestamp', true],
    [{ name: 'x' }, 'x-active-record-timestamp', false],
  ] as const)('%j: %s is set: %s', (column, hint, isSet) => {
    expect(columnHasHint(column, hint)).toBe(isSet)
  })

  it('list their columns, incomplete ones too unless told otherwise', () => {
    const table = createTable('t', {
      columns: [
        { name: 'a', primary_key: true },
        { name: 'b', data_type: 'text', primary_key: true },
        { name: 'c', data_type: 'text', primary_key: false },
      ],
    })
    expect(hintColumns(table, 'primary_key')).toEqual(['a', 'b'])
    expect(hintColumns(table, 'primary_key', { includeIncomplete: false })).toEqual(['b'])
    expect([...table.columns.values()].map(isCompleteColumn)).toEqual([false, true, true])
  })
})

describe('normalizing the names of a declared table', () => {
  const naming = namingConvention('snake_case')

  it('normalizes all names but that of the resource', () => {
    const declared = createTable('My Table', {
      resource: 'My Resource',
      columns: [{ name: 'User ID', data_type: 'bigint' }],
      references: [{ columns: ['User ID'], referenced_table: 'The Users', referenced_columns: ['ID'] }],
    })
    expect(normalizeTable(declared, naming)).toEqual(
      createTable('my_table', {
        resource: 'My Resource',
        columns: [{ name: 'user_id', data_type: 'bigint' }],
        references: [{ columns: ['user_id'], referenced_table: 'the_users', referenced_columns: ['id'] }],
      }),
    )
    expect(normalizeTable(createTable('A__B', { parent: 'A' }), naming)).toEqual(createTable('a__b', { parent: 'a' }))
  })

  it('merges columns that become one: settings of the later one count, where they are set', () => {
    const declared = createTable('t', {
      columns: [
        { name: 'userId', data_type: 'text', nullable: false, unique: true },
        { name: 'user_id', data_type: 'bigint', nullable: true, unique: false },
      ],
    })
    expect([...normalizeTable(declared, naming).columns.values()]).toEqual([
      { name: 'user_id', data_type: 'bigint', nullable: false, unique: true },
    ])
  })

  it('keeps the last of several references to one table', () => {
    const reference = { columns: ['a'], referenced_table: 'Users', referenced_columns: ['id'] }
    const declared = createTable('t', {
      references: [reference, { ...reference, columns: ['b'], referenced_table: 'users' }],
    })
    expect(normalizeTable(declared, naming).references?.map((each) => each.columns)).toEqual([['b']])
  })
})

describe('names recorded for paths that collide', () => {
  const table = createTable('t')

  it('are found by the path as it is in the data', () => {
    const recorded = withRecordedColumnNames(withRecordedColumnNames(table, [[['a b'], 'a_b_x1']]), [
      [['a', 'b'], 'a__b_x2'],
    ])
    expect(recordedColumnName(recorded, ['a b'])).toBe('a_b_x1')
    expect(recordedColumnName(recorded, ['a', 'b'])).toBe('a__b_x2')
    expect(recordedColumnName(recorded, ['a'])).toBeUndefined()
    expect(recordedColumnName(table, ['a b'])).toBeUndefined()
    expect(recordedTableName(recorded, ['a b'])).toBeUndefined()
  })

  it('stand under an extension of the table, and survive storing', () => {
    const columns = withRecordedColumnNames(table, [[['__proto__'], 'proto_x1']])
    const recorded = withRecordedTableNames(columns, [[['1'], 't___1_x2']])
    expect(recorded['x-column-names']).toEqual(Object.fromEntries([['["__proto__"]', 'proto_x1']]))
    const stored = schemaToJson(updateTable(createSchema('events'), recorded).schema)
    const read = requireTable(schemaFromJson(stored), 't')
    expect(recordedColumnName(read, ['__proto__'])).toBe('proto_x1')
    expect(recordedTableName(read, ['1'])).toBe('t___1_x2')
  })

  it('do not change a table that has none', () => {
    expect(withRecordedColumnNames(table, [])).toBe(table)
    const recorded = withRecordedTableNames(table, [[['a'], 't__a_x1']])
    expect(withRecordedTableNames(recorded, [[['a'], 't__a_x1']])).toBe(recorded)
    expect(Object.keys(recorded)).not.toContain('x-column-names')
  })

  it('take another name when they are recorded anew', () => {
    const recorded = withRecordedColumnNames(table, [[['a'], 'a_x1']])
    expect(recordedColumnName(recorded, ['a'])).toBe('a_x1')
    expect(recordedColumnName(withRecordedColumnNames(recorded, [[['a'], 'a_x2']]), ['a'])).toBe('a_x2')
    expect(recordedColumnName(recorded, ['a'])).toBe('a_x1')
  })

  it('are refused when they are damaged', () => {
    expect(() => recordedColumnName({ ...table, 'x-column-names': [1] }, ['a'])).toThrow(
      '"x-column-names" of table "t" is not an object. Restore the schema document.',
    )
  })
})
