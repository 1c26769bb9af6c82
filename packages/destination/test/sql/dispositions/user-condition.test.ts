import { describe, expect, it } from 'vitest'
import { userCondition } from '../../../src/sql/dispositions/user-condition.ts'
import { compileSql, qualifiedName } from '../../../src/sql/index.ts'
import { sampleDialect } from '../sample-dialect.ts'

const option = { name: 'destination_scope', table: 'items' }
const placeholders = { table: qualifiedName('ds', 'items'), staging_table: qualifiedName('temp', 'it"ems') }

const text = (condition: string): string =>
  compileSql(sampleDialect.createCompiler(), userCondition(condition, option, placeholders)).sql

describe('a condition of the user', () => {
  it.each([
    ["day > '2024-01-01' AND x = $1", "(day > '2024-01-01' AND x = $1)"],
    ['{table}.day IN (SELECT day FROM {staging_table})', '("ds"."items".day IN (SELECT day FROM "temp"."it""ems"))'],
    ["v = '{{a}}' OR v = '}}{{'", "(v = '{a}' OR v = '}{')"],
    ['{{{table}}}', '({"ds"."items"})'],
    ['', '()'],
  ])('%s becomes %s', (condition, expected) => {
    expect(text(condition)).toBe(expected)
  })

  it.each([
    ['{tabel}.day = 1', '{tabel}'],
    ["v = '{'", '{'],
    ["v = '}'", '}'],
    ['{toString}', '{toString}'],
    ['{}', '{}'],
  ])('%s is refused', (condition, found) => {
    expect(() => text(condition)).toThrow(
      `The destination_scope of table "items" has "${found}". It takes the placeholders "{table}" and "{staging_table}"; write a brace as "{{" or "}}".`,
    )
  })

  it('without placeholders says that there are none', () => {
    expect(() => userCondition('{x}', { name: 'source_filter', table: 'items' })).toThrow(
      'The source_filter of table "items" has "{x}". It takes no placeholders; write a brace as "{{" or "}}".',
    )
  })
})
