import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { DestinationError, type LoadJob } from '@dlt/destination'
import { announcedStatement, type JobTarget, type SqlFragment, sql } from '@dlt/destination/sql'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { copyError } from '../errors/copy-error.ts'

/** Bytes that are read of a file at once; each piece is one message to the server. */
const pieceBytes = 256 * 1024

/** The statement that takes a file of tab-separated values. */
export const copyStatement = ({ name, columns }: JobTarget): SqlFragment => {
  const names = sql.join(columns.map((column) => sql.id(column.name)))
  return sql`COPY ${name} (${names}) FROM STDIN (FORMAT text, ENCODING 'UTF8')`
}

/**
 * Copies a file into a table and says how many rows the server took.
 *
 * @param statement what {@link copyStatement} made, compiled
 * @throws DestinationError that names the column and the row, where they are known, and never a value
 */
export const copyFile = async (
  client: PoolClient,
  statement: string,
  job: LoadJob,
  target: JobTarget,
): Promise<number> => {
  const file = await openFile(job)
  try {
    const copy = client.query(copyFrom(statement))
    await announcedStatement(statement, () =>
      pipeline(file.createReadStream({ highWaterMark: pieceBytes, autoClose: false }), copy),
    )
    return copy.rowCount
  } catch (error) {
    throw await copyError(error, job, target)
  } finally {
    await file.close()
  }
}

const openFile = async ({ path }: LoadJob): Promise<FileHandle> => {
  try {
    return await open(path)
  } catch (cause) {
    throw new DestinationError(`The file "${path}" cannot be read.`, {
      kind: 'terminal',
      context: { file: path },
      cause,
    })
  }
}
