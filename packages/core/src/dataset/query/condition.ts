import { type SqlFragment, sql } from '@dlt/destination/sql'
import { type ColumnSchema, DltError } from '@dlt/schema'
import { conditionValue } from './condition-value.ts'
import type { Comparison } from './relation-step.ts'

const operators: { readonly [comparison in Exclude<Comparison, 'in' | 'not in'>]: SqlFragment } = {
  '=': sql`=`,
  '!=': sql`<>`,
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
  like: sql`LIKE`,
}

const comparisons: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'like']

const refuse = (column: ColumnSchema, problem: string): DltError =>
  new DltError(`Column "${column.name}": ${problem}`, { code: 'DATA', context: { column: column.name } })

function isNull(expression: SqlFragment, column: ColumnSchema, comparison: Comparison): SqlFragment {
  if (comparison === '=') return sql`${expression} IS NULL`
  if (comparison === '!=') return sql`${expression} IS NOT NULL`
  throw refuse(column, `null can only be compared with "=" and "!=", not with "${comparison}".`)
}

function inList(
  expression: SqlFragment,
  column: ColumnSchema,
  comparison: 'in' | 'not in',
  value: unknown,
  maxParameters: number,
): SqlFragment {
  if (!Array.isArray(value)) throw refuse(column, `"${comparison}" needs a list of values.`)
  if (value.length > maxParameters)
    throw refuse(column, `a list of ${value.length} values is too long, the destination takes ${maxParameters}.`)
  if (value.length === 0) return comparison === 'in' ? sql`1 = 0` : sql`1 = 1`
  const listed = sql.join(value.map((item: unknown) => sql`${conditionValue(column, item)}`))
  return comparison === 'in' ? sql`${expression} IN (${listed})` : sql`${expression} NOT IN (${listed})`
}

/** What a condition compares. */
export interface ConditionOptions {
  readonly expression: SqlFragment
  readonly column: ColumnSchema
  readonly comparison: Comparison
  readonly value: unknown
  /** Most parameters of a statement. */
  readonly maxParameters: number
}

/** A condition on a column. @throws DltError DATA for a value that the column cannot hold */
export function condition({ expression, column, comparison, value, maxParameters }: ConditionOptions): SqlFragment {
  if (!comparisons.includes(comparison))
    throw refuse(column, `there is no comparison "${comparison}". There is ${comparisons.join(', ')}.`)
  if (comparison === 'in' || comparison === 'not in')
    return inList(expression, column, comparison, value, maxParameters)
  if (value === null) return isNull(expression, column, comparison)
  if (comparison === 'like' && column.data_type !== 'text') throw refuse(column, '"like" is for columns of text.')
  if (value === undefined) throw refuse(column, 'there is no value to compare with.')
  return sql`${expression} ${operators[comparison]} ${conditionValue(column, value)}`
}
