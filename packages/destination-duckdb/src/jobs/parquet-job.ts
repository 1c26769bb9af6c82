import { type JobTarget, type SqlFragment, sql } from '@dlt/destination/sql'

/** Inserts a Parquet file. Files are read one by one: a list of files would be read with the types of the first. */
export const parquetInsert = (path: string, target: JobTarget): SqlFragment => {
  const columns = sql.join(target.columns.map(({ name }) => sql.id(name)))
  return sql`INSERT INTO ${target.name} (${columns}) SELECT ${columns} FROM read_parquet(${path})`
}
