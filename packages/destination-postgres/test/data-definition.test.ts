import { readFileSync } from 'node:fs'
import { addColumnStatements, compileSql, createTableStatement, type SqlFragment } from '@dlt/destination/sql'
import { type ColumnSchema, createSchema, createTable } from '@dlt/schema'
import { expect, it } from 'vitest'
import { postgresDialect } from '../src/dialect.ts'
import { postgresColumnType } from '../src/type-mapper.ts'

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
const dialect = postgresDialect({ createIndexes: true })

const text = (fragment: SqlFragment): string => compileSql(dialect.createCompiler(), fragment).sql

it.each([
  ['with_indexes', true],
  ['without_indexes', false],
] as const)('creates tables as recorded (%s)', (name, createIndexes) => {
  const definition = { dataset: 'ds', table, columns, mayExist: false }
  expect([text(createTableStatement(postgresDialect({ createIndexes }), definition))]).toEqual(recorded[name].create)
})

it('creates its own tables as recorded', () => {
  for (const own of createSchema('ev').tables.values()) {
    const definition = { dataset: 'ds', table: own, columns: [...own.columns.values()], mayExist: true }
    expect([text(createTableStatement(dialect, definition))]).toEqual(recorded.tables[own.name])
  }
})

it('adds columns as recorded', () => {
  const statements = addColumnStatements(dialect, { dataset: 'ds', table, columns: added, multiplePerAlter: true })
  expect(statements.map(text)).toEqual(recorded.with_indexes.alter)
})

it.each(recorded.types)(
  'maps $column.data_type of precision $column.precision as recorded',
  ({ column, type, error }) => {
    if (error === undefined) expect(postgresColumnType(column, table)).toBe(type)
    else
      expect(() => postgresColumnType(column, table)).toThrow(
        /^Postgres has no type for column "y" of table "ev_table": \w+ precision \d+/,
      )
  },
)

it.each([
  [
    { data_type: 'decimal', precision: 1001 },
    'decimal precision 1001. Declare a precision of 1 to 1000 digits and a scale that is not larger, or the type "text".',
  ],
  [
    { data_type: 'wei', precision: 5, scale: 6 },
    'wei precision 5 scale 6. Declare a precision of 1 to 1000 digits and a scale that is not larger, or the type "text".',
  ],
  [{ data_type: 'time', precision: 7 }, 'time precision 7. Declare a precision of 0 to 6 digits.'],
  [
    { data_type: 'bigint', precision: 65 },
    'bigint precision 65. Declare at most 64 bits, or the type "decimal" with scale 0.',
  ],
  [
    { data_type: 'text', precision: 10_485_761 },
    'text precision 10485761. Declare a precision of 1 to 10485760 characters, or none.',
  ],
] as const)('has no type for %o', (more, words) => {
  expect(() => postgresColumnType({ name: 'x', ...more }, table)).toThrow(
    `Postgres has no type for column "x" of table "ev_table": ${words}`,
  )
})
