import { type JobTarget, type SqlFragment, sql } from '@dlt/destination/sql'
import { columnExpressions, columnNames, columnTypes } from './typed-columns.ts'

/** Inserts a file of JSON lines with the types of the schema; nothing is guessed. */
export const jsonlInsert = (path: string, target: JobTarget): SqlFragment => sql`
  INSERT INTO ${target.name} (${columnNames(target)})
  SELECT ${columnExpressions(target, (name) => sql`from_base64(${name})`)}
  FROM read_json(${path}, format = 'newline_delimited', records = true, columns = ${columnTypes(target)})`
