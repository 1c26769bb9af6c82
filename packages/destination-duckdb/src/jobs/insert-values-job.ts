import { type JobTarget, type SqlExecutor, sql } from '@dlt/destination/sql'
import { tupleChunks } from './tuple-chunks.ts'
import { columnNames } from './typed-columns.ts'

/** Bytes of tuples in one statement; DuckDB takes much longer ones, but parses a whole statement before it runs. */
const statementBytes = 512 * 1024

/** Inserts a file of tuples in bounded statements and says how many rows they were. The tuples were written with DuckDB's literal style. */
export const insertValues = async (path: string, target: JobTarget, executor: SqlExecutor): Promise<number> => {
  let rows = 0
  for await (const tuples of tupleChunks(path, statementBytes))
    rows += await executor.execute(sql`INSERT INTO ${target.name} (${columnNames(target)}) VALUES\n${sql.raw(tuples)}`)
  return rows
}
