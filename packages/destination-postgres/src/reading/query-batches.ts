import type { ReadStatement, ResultBatch } from '@dlt/destination'
import type { FieldDef, PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import { rowTexts } from '../connection/row-texts.ts'
import { statementValues } from '../connection/statement-values.ts'
import { toDestinationError } from '../errors/errors.ts'
import { resultSchema } from './result-schema.ts'
import { resultValues } from './result-values.ts'

/** Rows of a batch. */
const rowsAtOnce = 2048

type TextRow = readonly (string | null)[]

interface TextRows {
  readonly rows: readonly TextRow[]
  readonly fields: readonly FieldDef[]
}

const nextRows = (cursor: Cursor<TextRow>): Promise<TextRows> =>
  new Promise((resolve, reject) => {
    cursor.read(rowsAtOnce, (error, rows, result) => {
      if (error === undefined || error === null) resolve({ rows, fields: result.fields })
      else reject(toDestinationError(error))
    })
  })

/**
 * The rows of a query, some thousand at a time, from a cursor of the protocol; one batch without rows where it has none. Runs inside of a
 * transaction that only reads. Who stops early closes the cursor.
 */
export async function* batchesOf(client: PoolClient, { sql, parameters }: ReadStatement): AsyncGenerator<ResultBatch> {
  const cursor = client.query(
    new Cursor<TextRow>(sql, statementValues(parameters), { rowMode: 'array', types: rowTexts }),
  )
  try {
    for (let isFirst = true; ; isFirst = false) {
      const { rows, fields } = await nextRows(cursor)
      if (rows.length === 0 && !isFirst) return
      const schemas = fields.map(resultSchema)
      const columns = schemas.map((column, index) => ({ column, values: resultValues(column, rows, index) }))
      yield { rowCount: rows.length, columns }
      if (rows.length < rowsAtOnce) return
    }
  } finally {
    // Fails only where the connection is gone, and then there is nothing to close.
    await cursor.close().catch(() => undefined)
  }
}
