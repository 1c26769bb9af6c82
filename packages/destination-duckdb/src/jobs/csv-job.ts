import { type JobTarget, type SqlFragment, sql } from '@dlt/destination/sql'
import { columnExpressions, columnNames, columnTypes } from './typed-columns.ts'

/** Inserts a CSV file with a header. An empty field is null, a quoted empty field is the empty text; bytes are `\\x` and hexadecimal digits. */
export const csvInsert = (path: string, target: JobTarget): SqlFragment => sql`
  INSERT INTO ${target.name} (${columnNames(target)})
  SELECT ${columnExpressions(target, (name) => sql`unhex(substr(${name}, 3))`)}
  FROM read_csv(${path}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n',
    nullstr = '', allow_quoted_nulls = false, max_line_size = 1073741824, columns = ${columnTypes(target)})`
