import { readFileSync } from 'node:fs'
import { addColumnStatements, compileSql, createTableStatement, type SqlFragment } from '@dlt/destination/sql'
import { type ColumnSchema, createSchema, createTable } from '@dlt/schema'
import { expect, it } from 'vitest'
import { duckdbDialect } from '../src/dialect.ts'
import { duckdbColumnType } from '../src/type-mapper.ts'

interface RecordedStatements {
  readonly create: readonly string[]
  readonly alter: readonly string[]
}

interface Recorded {
  readonly columns: readonly ColumnSchema[]
  readonly added: readonly ColumnSchema[]
  readonly with_indexes: RecordedStatements
  readonly without_indexes: RecordedStatements
  readonly tables: { readonly [table: string]: readonly string[] }
  readonly types: readonly { readonly column: ColumnSchema; readonly type?: string; readonly error?: string }[]
}

const recorded: Recorded = JSON.parse(readFileSync(new URL('recorded/ddl.json', import.meta.url), 'utf8'))

const { columns, added } = recorded
const table = createTable('ev_table', { columns })

const text = (fragment: SqlFragment): string =>
  compileSql(duckdbDialect({ createIndexes: false }).createCompiler(), fragment).sql

it.each([
  ['without_indexes', false],
  ['with_indexes', true],
] as const)('creates tables as recorded (%s)', (name, createIndexes) => {
  const dialect = duckdbDialect({ createIndexes })
  const statement = createTableStatement(dialect, { dataset: 'ds', table, columns, mayExist: false })
  expect([text(statement)]).toEqual(recorded[name].create)
})

it('leaves ids of rows without an encoding, but not those of parents nor keys of the user', () => {
  const ids: readonly ColumnSchema[] = [
    { name: '_dlt_id', data_type: 'text', nullable: false, row_key: true, unique: true },
    { name: '_dlt_parent_id', data_type: 'text', nullable: false, parent_key: true },
    { name: '_dlt_root_id', data_type: 'text', root_key: true },
    { name: 'url', data_type: 'text', row_key: true },
  ]
  const dialect = duckdbDialect({ createIndexes: true })
  const items = createTable('items', { columns: ids })
  const statement = createTableStatement(dialect, { dataset: 'ds', table: items, columns: ids, mayExist: false })
  expect(text(statement).replace(/ +/g, ' ').split('\n').slice(1)).toEqual([
    '"_dlt_id" VARCHAR USING COMPRESSION uncompressed UNIQUE NOT NULL,',
    '"_dlt_parent_id" VARCHAR NOT NULL,',
    '"_dlt_root_id" VARCHAR ,',
    '"url" VARCHAR )',
  ])
})

it('creates its own tables as recorded', () => {
  for (const own of createSchema('ev').tables.values()) {
    const definition = { dataset: 'ds', table: own, columns: [...own.columns.values()], mayExist: true }
    const statement = createTableStatement(duckdbDialect({ createIndexes: false }), definition)
    expect([text(statement)]).toEqual(recorded.tables[own.name])
  }
})

it('adds columns as recorded, but NOT NULL in a statement of its own', () => {
  const dialect = duckdbDialect({ createIndexes: false })
  const statements = addColumnStatements(dialect, { dataset: 'ds', table, columns: added, multiplePerAlter: false })
  expect(statements.map(text)).toEqual([
    recorded.without_indexes.alter[0],
    recorded.without_indexes.alter[1]?.replace('NOT NULL', ''),
    'ALTER TABLE "ds"."ev_table"\nALTER COLUMN "newd" SET NOT NULL',
  ])
})

it.each(recorded.types)(
  'maps $column.data_type of precision $column.precision as recorded',
  ({ column, type, error }) => {
    if (error === undefined) expect(duckdbColumnType(column, table)).toBe(type)
    else
      expect(() => duckdbColumnType(column, table)).toThrow(
        /^DuckDB has no type for column "y" of table "ev_table": \w+ precision \d+/,
      )
  },
)

it.each([
  [{ precision: 39 }, 'decimal precision 39'],
  [{ precision: 5, scale: 6 }, 'decimal precision 5 scale 6'],
  [{ precision: 0 }, 'decimal precision 0'],
])('has no decimal of %o', (more, words) => {
  const column: ColumnSchema = { name: 'x', data_type: 'decimal', ...more }
  const message = `DuckDB has no type for column "x" of table "ev_table": ${words}. Declare a precision of 1 to 38 digits and a scale that is not larger, or the type "text".`
  expect(() => duckdbColumnType(column, table)).toThrow(message)
})
