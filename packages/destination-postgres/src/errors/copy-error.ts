import { DestinationError, type LoadJob } from '@dlt/destination'
import type { JobTarget } from '@dlt/destination/sql'
import type { DltError } from '@dlt/schema'
import { findNul } from '../jobs/find-nul.ts'
import { lineOfError } from './error-text.ts'
import { isServerError, toDestinationError } from './errors.ts'

/** Turns an error of copying a file into one that names the column and the row. */
export const copyError = async (error: unknown, job: LoadJob, { columns }: JobTarget): Promise<DltError> => {
  const names = columns.map(({ name }) => name)
  const converted = toDestinationError(error, names)
  if (!isServerError(error) || !DestinationError.is(converted)) return converted
  // The server finds the character before it cuts a line into columns.
  const nul = error.code === '22021' ? await findNul(job.path) : undefined
  const column = nul === undefined ? converted.context['column'] : names[nul.column]
  const row = nul?.row ?? lineOfError(error.where)
  if (row === undefined) return converted
  const isNew = nul !== undefined && column !== undefined
  return new DestinationError(
    `${converted.message} The first such row is row ${row} of the file${isNew ? `, and the column is "${String(column)}"` : ''}.`,
    {
      kind: converted.kind,
      conflict: converted.conflict,
      context: { ...converted.context, row, ...(column !== undefined && { column }) },
    },
  )
}
