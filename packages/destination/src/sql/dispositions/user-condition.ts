import { sql } from 'kysely'
import { DestinationError } from '../../destination-error.ts'
import type { SqlFragment } from '../sql-fragment.ts'

/** What stands for a name in braces. */
export type Placeholders = Readonly<Record<string, SqlFragment>>

const piece = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g

/**
 * A condition that the user wrote in SQL. Names in braces are replaced, doubled braces stand for one.
 *
 * @param option the condition's name, for errors
 * @throws DestinationError terminal for an unknown name or a single brace
 */
export const userCondition = (
  text: string,
  option: { readonly name: string; readonly table: string },
  placeholders: Placeholders = {},
): SqlFragment => {
  const parts: SqlFragment[] = []
  let end = 0
  for (const match of text.matchAll(piece)) {
    parts.push(sql.raw(text.slice(end, match.index)), replacement(match, option, placeholders))
    end = match.index + match[0].length
  }
  parts.push(sql.raw(text.slice(end)))
  return sql`(${sql.join(parts, sql``)})`
}

const replacement = (
  [found, name]: RegExpExecArray,
  { name: option, table }: { readonly name: string; readonly table: string },
  placeholders: Placeholders,
): SqlFragment => {
  if (found === '{{' || found === '}}') return sql.raw(found.charAt(0))
  const fragment = name !== undefined && Object.hasOwn(placeholders, name) ? placeholders[name] : undefined
  if (fragment !== undefined) return fragment
  const known = Object.keys(placeholders).map((placeholder) => `"{${placeholder}}"`)
  const allowed = known.length === 0 ? 'It takes no placeholders' : `It takes the placeholders ${known.join(' and ')}`
  throw new DestinationError(
    `The ${option} of table "${table}" has "${found}". ${allowed}; write a brace as "{{" or "}}".`,
    { kind: 'terminal', context: { table } },
  )
}
