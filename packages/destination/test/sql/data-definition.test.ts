import { type ColumnSchema, createTable } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import {
  addColumnStatements,
  compileSql,
  createDataset,
  createTableStatement,
  type SqlFragment,
  sql,
  sqlKeywords,
} from '../../src/sql/index.ts'
import { sampleDialect } from './sample-dialect.ts'

const text = (fragment: SqlFragment): string => compileSql(sampleDialect.createCompiler(), fragment).sql

const columns: readonly ColumnSchema[] = [
  { name: 'id', data_type: 'bigint', nullable: false, unique: true },
  { name: 'txt', data_type: 'text', precision: 20 },
]
const table = createTable('ev_table', { columns })
const added: readonly ColumnSchema[] = [
  { name: 'newc', data_type: 'text', nullable: true },
  { name: 'newd', data_type: 'bigint', nullable: false },
]

describe('DDL', () => {
  it('creates tables, with the spaces that absent words leave', () => {
    expect(text(createTableStatement(sampleDialect, { dataset: 'ds', table, columns, mayExist: false }))).toBe(
      'CREATE TABLE "ds"."ev_table" (\n"id" bigint UNIQUE NOT NULL,\n"txt" varchar(20)  )',
    )
    expect(text(createTableStatement(sampleDialect, { dataset: 'ds', table, columns, mayExist: true }))).toMatch(
      /^CREATE TABLE IF NOT EXISTS "ds"\."ev_table" \(/,
    )
  })

  it('adds several columns in one statement', () => {
    expect(
      addColumnStatements(sampleDialect, { dataset: 'ds', table, columns: added, multiplePerAlter: true }).map(text),
    ).toEqual(['ALTER TABLE "ds"."ev_table"\nADD COLUMN "newc" varchar  ,\nADD COLUMN "newd" bigint  NOT NULL'])
  })

  it('adds columns one by one', () => {
    expect(
      addColumnStatements(sampleDialect, { dataset: 'ds', table, columns: added, multiplePerAlter: false }).map(text),
    ).toEqual([
      'ALTER TABLE "ds"."ev_table"\nADD COLUMN "newc" varchar  ',
      'ALTER TABLE "ds"."ev_table"\nADD COLUMN "newd" bigint  NOT NULL',
    ])
  })

  it('quotes names whatever is in them', () => {
    expect(text(createDataset('a.b"c as d'))).toBe('CREATE SCHEMA IF NOT EXISTS "a.b""c as d"')
    expect(text(sql`SELECT ${sql.id('x"; DROP', 'a as b', 'c.d')}`)).toBe('SELECT "x""; DROP"."a as b"."c.d"')
  })
})

describe('keywords', () => {
  it.each(['DECIMAL(10,2)', 'timestamp with time zone', 'varchar(max)', '', 'IF NOT EXISTS'])(
    '"%s" are keywords',
    (words) => {
      expect(text(sqlKeywords(words))).toBe(words)
    },
  )

  it.each([`x'`, 'a;b', 'a"b', 'a--', 'a\nb', '/*', '`', 'é'])('"%s" are not', (words) => {
    expect(() => sqlKeywords(words)).toThrow(TypeError)
  })
})
