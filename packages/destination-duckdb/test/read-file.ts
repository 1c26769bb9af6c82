import { borrowFileInstance } from '../src/file-instances.ts'

/** Rows of a query on a file, beside clients that have it open. */
export const queryFile = async (path: string, sql: string): Promise<readonly (readonly unknown[])[]> => {
  const { connect, release } = await borrowFileInstance(path)
  const connection = await connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowsJS()
  } finally {
    connection.closeSync()
    release()
  }
}
