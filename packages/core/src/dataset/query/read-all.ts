import type { DatasetReader, ReadParameter, ReadStatement } from '@dlt/destination'
import { compileSql, type SqlFragment } from '@dlt/destination/sql'
import { DltError } from '@dlt/schema'
import { type ResultRow, rowBatches } from '../values/result-rows.ts'

const isParameter = (value: unknown): value is ReadParameter =>
  ['boolean', 'number', 'bigint', 'string', 'object'].includes(typeof value)

/** A statement with parameters that a reader takes. @throws DltError DATA for a parameter that no column can hold */
export const readStatement = (sql: string, parameters: readonly unknown[]): ReadStatement => ({
  sql,
  parameters: parameters.map((value, index) => {
    if (isParameter(value)) return value
    throw new DltError(`Parameter ${index + 1} of the query is of type ${typeof value}, which no column can hold.`, {
      code: 'DATA',
    })
  }),
})

/** Spells a fragment for the destination. */
export const compileStatement = (
  { compiler }: DatasetReader,
  fragment: Pick<SqlFragment, 'toOperationNode'>,
): ReadStatement => {
  const { sql, parameters } = compileSql(compiler, fragment)
  return readStatement(sql, parameters)
}

/** All rows of a query that has few. */
export const readAll = async (reader: DatasetReader, fragment: SqlFragment): Promise<readonly ResultRow[]> => {
  const rows: ResultRow[] = []
  for await (const some of rowBatches(reader.read(compileStatement(reader, fragment)), 10_000)) rows.push(...some)
  return rows
}
