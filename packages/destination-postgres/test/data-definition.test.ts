import { readFileSync } from 'node:fs'
import { addColumnStatements, compileSql, createTableStatement, type SqlFragment } from '@dlt/destination/sql'
import { type ColumnSchema, createSchema, createTable } from '@dlt/schema'
import { expect, it } from 'vitest'
import { postgresDialect } from '../src/dialect.ts'
import { postgresColumnType } from '../src/type-mapper.ts'

interface Recorded {
  readonly default: { readonly create: readonly string[]; readonly alter: readonly string[] }
  readonly withoutIndexes: { readonly create: readonly string[] }
  readonly tables: { readonly [table: string]: readonly string[] }
  readonly types: readonly { readonly column: ColumnSchema; readonly type?: string; readonly error?: string }[]
}

const recorded: Recorded = JSON.parse(readFileSync(new URL('recorded/ddl.json', import.meta.url), 'utf8'))

const columns: readonly ColumnSchema[] = [
  { name: 'id', data_type: 'bigint', nullable: false, primary_key: true, unique: true },
  { name: 'txt', data_type: 'text', precision: 20 },
  { name: 'dbl', data_type: 'double', sort: true },
  { name: 'flag', data_type: 'bool' },
  { name: 'ts', data_type: 'timestamp', partition: true, cluster: true },
  { name: 'ts_n', data_type: 'timestamp', timezone: false, precision: 3 },
  { name: 'd', data_type: 'date' },
  { name: 't', data_type: 'time' },
  { name: 'dec', data_type: 'decimal', precision: 10, scale: 2 },
  { name: 'dec0', data_type: 'decimal' },
  { name: 'w', data_type: 'wei' },
  { name: 'b', data_type: 'binary' },
  { name: 'j', data_type: 'json' },
  { name: 'small', data_type: 'bigint', precision: 16 },
]
const table = createTable('ev_table', { columns })
const dialect = postgresDialect({ createIndexes: true })

const text = (fragment: SqlFragment): string => compileSql(dialect.createCompiler(), fragment).sql

it.each([
  ['default', true],
  ['withoutIndexes', false],
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
  const added: readonly ColumnSchema[] = [
    { name: 'newc', data_type: 'text', nullable: true },
    { name: 'newd', data_type: 'bigint', nullable: false },
  ]
  const statements = addColumnStatements(dialect, { dataset: 'ds', table, columns: added, multiplePerAlter: true })
  expect(statements.map(text)).toEqual(recorded.default.alter)
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
