import type { ResultBatch } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { columnValues } from './column-values.ts'

/** A row of a result, by column name. */
export type ResultRow = Readonly<Record<string, unknown>>

const refuseDoubledNames = ({ columns }: ResultBatch): void => {
  const names = columns.map(({ column }) => column.name)
  const doubled = names.find((name, index) => names.indexOf(name) !== index)
  if (doubled === undefined) return
  throw new DltError(
    `The result has two columns named "${doubled}", and a row can hold only one of them. Give one another name, with AS in a query.`,
    { code: 'IDENTIFIER', context: { column: doubled } },
  )
}

/** An object that has every column, so that all rows of a batch get the same shape at once. */
const emptyRow = ({ columns }: ResultBatch): Record<string, unknown> =>
  Object.fromEntries(columns.map(({ column }) => [column.name, null]))

/** A plain assignment to this name would set the prototype instead. */
const setsPrototype = '__proto__'

const setColumn = (rows: readonly Record<string, unknown>[], name: string, values: readonly unknown[]): void => {
  if (name === setsPrototype) {
    rows.forEach((row, index) => {
      Object.defineProperty(row, name, { value: values[index], enumerable: true, writable: true, configurable: true })
    })
    return
  }
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]
    if (row !== undefined) row[name] = values[index]
  }
}

/** The rows of a batch. @throws DltError IDENTIFIER where two columns have one name */
export const batchRows = (batch: ResultBatch): readonly ResultRow[] => {
  refuseDoubledNames(batch)
  const empty = emptyRow(batch)
  const rows = Array.from({ length: batch.rowCount }, () => ({ ...empty }))
  for (const column of batch.columns) setColumn(rows, column.column.name, columnValues(column))
  return rows
}

/** The rows of a result in batches of `size`; the last one may be shorter, and no batch is empty. */
export async function* rowBatches(batches: AsyncIterable<ResultBatch>, size: number): AsyncGenerator<ResultRow[]> {
  let rows: ResultRow[] = []
  for await (const batch of batches) {
    for (const row of batchRows(batch)) rows.push(row)
    let start = 0
    for (; rows.length - start >= size; start += size) yield rows.slice(start, start + size)
    if (start > 0) rows = rows.slice(start)
  }
  if (rows.length > 0) yield rows
}
