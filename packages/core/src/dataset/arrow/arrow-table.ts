import { MissingPackageError, type ResultBatch, type ResultSchema } from '@dlt/destination'
import type { RecordBatch, Table } from 'apache-arrow'
import { scriptFolder } from '../../destinations/executing-script.ts'
import { missingModule } from '../../destinations/missing-module.ts'
import { arrowColumn } from './arrow-column.ts'

/** The functions of `apache-arrow`. */
export type ArrowLibrary = typeof import('apache-arrow')

async function loadArrow(): Promise<ArrowLibrary> {
  try {
    return await import('apache-arrow')
  } catch (cause) {
    if (missingModule(cause) === undefined) throw cause
    throw new MissingPackageError({
      packageName: 'apache-arrow',
      range: '^21.2.0',
      neededBy: 'arrow()',
      from: scriptFolder(),
      cause,
    })
  }
}

/** The rows of a result as a table of `apache-arrow`, one record batch for each batch of the result. */
export async function arrowTable(batches: AsyncIterable<ResultBatch>): Promise<Table> {
  const arrow = await loadArrow()
  const recordBatches: RecordBatch[] = []
  for await (const batch of batches) recordBatches.push(recordBatch(arrow, batch))
  return new arrow.Table(recordBatches)
}

function recordBatch(arrow: ArrowLibrary, { rowCount, columns }: ResultBatch): RecordBatch {
  const children = columns.map(({ column, values }) => arrowColumn(arrow, column, values))
  const fields = columns.map(
    ({ column }, index) =>
      new arrow.Field(column.name, children[index]?.type ?? new arrow.Null(), true, metadataOf(column)),
  )
  const data = arrow.makeData({ type: new arrow.Struct(fields), length: rowCount, nullCount: 0, children })
  return new arrow.RecordBatch(new arrow.Schema(fields), data)
}

/** What Arrow's type does not tell. */
function metadataOf({ data_type: type }: ResultSchema): Map<string, string> {
  return new Map(type === 'json' ? [['dlt.data_type', 'json']] : [])
}
