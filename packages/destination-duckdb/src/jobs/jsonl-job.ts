import { type JobTarget, type SqlFragment, sql, sqlKeywords } from '@dlt/destination/sql'
import { longestLine } from './longest-line.ts'
import { columnExpressions, columnNames, columnTypes } from './typed-columns.ts'

/** DuckDB's own limit of a line. Each of its threads reserves twice as much, so that it grows only for files that need it. */
const usualLineBytes = 16 * 1024 * 1024

/** Inserts a file of JSON lines with the types of the schema; nothing is guessed. */
export const jsonlInsert = async (path: string, target: JobTarget): Promise<SqlFragment> => {
  const lineBytes = Math.max(usualLineBytes, (await longestLine(path, usualLineBytes)) + 1)
  return sql`
  INSERT INTO ${target.name} (${columnNames(target)})
  SELECT ${columnExpressions(target, (name) => sql`from_base64(${name})`)}
  FROM read_json(${path}, format = 'newline_delimited', records = true, columns = ${columnTypes(target)},
    maximum_object_size = ${sqlKeywords(String(lineBytes))})`
}
