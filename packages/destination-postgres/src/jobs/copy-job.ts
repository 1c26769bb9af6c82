import { type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DestinationError, type LoadJob } from '@dlt/destination'
import { announcedStatement, type JobTarget, type SqlFragment, sql } from '@dlt/destination/sql'
import type { PoolClient } from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { copyError } from '../errors/copy-error.ts'
import { filePieces, flushedBy } from './file-pieces.ts'

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
    const { copy, flushed } = startCopy(client, statement)
    await announcedStatement(statement, () => pipeline(filePieces(file, flushed), copy))
    return copy.rowCount
  } catch (error) {
    throw await copyError(error, job, target)
  } finally {
    await file.close()
  }
}

interface StartedCopy {
  readonly copy: CopyStreamQuery
  /** Resolves when the connection holds nothing any more of what was sent. */
  readonly flushed: () => Promise<void>
}

/** Starts a copy; it learns the stream of its connection when its turn comes, before anything is sent. */
const startCopy = (client: PoolClient, statement: string): StartedCopy => {
  const copy = copyFrom(statement)
  const submit = copy.submit.bind(copy)
  let stream: Writable | undefined
  copy.submit = (connection) => {
    stream = connection.stream
    submit(connection)
  }
  client.query(copy)
  return { copy, flushed: async () => (stream === undefined ? undefined : flushedBy(stream)) }
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
