import { type RawBuilder, sql } from 'kysely'
import type { LiteralWriter } from '../literal-style.ts'

/**
 * A piece of SQL. Made by the `sql` template: keywords stand in it, identifiers come through `sql.id`, values as parameters.
 * Builders that parse their text (`sql.ref`, `sql.table`, `selectFrom`) split names at dots and " as " and are not used for loading.
 */
export type SqlFragment = RawBuilder<unknown>

const keywordText = /^[A-Za-z0-9_ ,()]*$/

/**
 * Keywords that a dialect supplies as text, such as a column type.
 * @throws TypeError where the text could be anything but keywords, numbers, commas and parentheses
 */
export const sqlKeywords = (text: string): SqlFragment => {
  if (!keywordText.test(text)) throw new TypeError(`"${text}" is not made of SQL keywords`)
  return sql.raw(text)
}

/** A text literal, for the places where the database takes no parameter. */
export const sqlTextLiteral = (literals: LiteralWriter, value: string): SqlFragment => sql.raw(literals.text(value))
