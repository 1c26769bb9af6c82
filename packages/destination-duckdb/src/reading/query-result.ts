import { DestinationError, type ReadStatement, type ResultBatch } from '@dlt/destination'
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  StatementType,
} from '@duckdb/node-api'
import { resultColumns } from './result-data.ts'
import { resultSchema } from './result-schema.ts'
import { statementValues } from './statement-values.ts'

/** How a query is run. */
export interface ReadOptions {
  /**
   * Whether DuckDB keeps the whole result, because somebody else may use the connection while it is read: the next statement would end
   * a stream.
   */
  readonly materialize: boolean
}

const queries: readonly StatementType[] = [StatementType.SELECT, StatementType.EXPLAIN]

const refuseChange = ({ statementType }: DuckDBPreparedStatement): void => {
  if (queries.includes(statementType)) return
  throw new DestinationError('Only queries can be read: a statement that begins with SELECT, WITH or FROM.', {
    kind: 'terminal',
    context: { destination: 'duckdb' },
  })
}

/** Starts a query. @throws DestinationError terminal for a statement that is none */
export const startQuery = async (
  connection: DuckDBConnection,
  { sql, parameters }: ReadStatement,
  { materialize }: ReadOptions,
): Promise<DuckDBResult> => {
  const prepared = await connection.prepare(sql)
  try {
    refuseChange(prepared)
    for (const [index, { value, type }] of statementValues(parameters).entries())
      prepared.bindValue(index + 1, value, type)
    return await (materialize ? prepared.run() : prepared.stream())
  } finally {
    prepared.destroySync()
  }
}

/** Fetches the next chunk of a result. */
type FetchChunk = (result: DuckDBResult) => Promise<DuckDBDataChunk | null>

/** The rows of a result, chunk by chunk; one batch without rows where it has none. */
export async function* batchesOf(result: DuckDBResult, fetch: FetchChunk): AsyncGenerator<ResultBatch> {
  const schemas = result.columnNames().map((name, index) => resultSchema(name, result.columnType(index)))
  let isEmpty = true
  for (let chunk = await fetch(result); chunk !== null && chunk.rowCount > 0; chunk = await fetch(result)) {
    isEmpty = false
    yield { rowCount: chunk.rowCount, columns: resultColumns(chunk, schemas) }
  }
  if (isEmpty) yield { rowCount: 0, columns: schemas.map((column) => ({ column, values: [] })) }
}
