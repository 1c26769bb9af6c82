import type { LoadJob } from '@dlt/destination'
import { type JobTarget, type SqlExecutor, type SqlFragment, sql } from '@dlt/destination/sql'
import type { FileLoad } from '../file-load.ts'
import { fileSize } from '../file-size.ts'

const mebibyte = 1024 * 1024

/**
 * Memory of the blocks into which one statement puts the rows that its threads read, at most: for each row group of a file, until the
 * statement puts the rows together, DuckDB fills blocks of 256 KiB, at least one for a column.
 */
const blockBytes = 38 * mebibyte
const bytesOfBlock = mebibyte / 4
const bytesOfRowGroup = 16 * mebibyte

/** Bytes of files that one statement reads, at most, but for a single larger file. */
const statementBytes = ({ columns }: JobTarget): number =>
  (blockBytes / (columns.length * bytesOfBlock)) * bytesOfRowGroup

/** Inserts Parquet files. DuckDB finds columns by their names, and reads all files with the types of the first: those of one package agree. */
export const parquetInsert = (paths: readonly string[], target: JobTarget): SqlFragment => {
  const columns = sql.join(target.columns.map(({ name }) => sql.id(name)))
  return sql`INSERT INTO ${target.name} (${columns}) SELECT ${columns} FROM read_parquet([${sql.join(paths)}])`
}

const rowsOf = (jobs: readonly LoadJob[]): number => jobs.reduce((sum, { rowCount }) => sum + rowCount, 0)

/** Inserts Parquet files whose rows are kept until they are committed. Says how many rows the database took. */
export const insertTogether = async (
  jobs: readonly LoadJob[],
  target: JobTarget,
  executor: SqlExecutor,
  load: FileLoad,
): Promise<number> => {
  const paths = jobs.map(({ path }) => path)
  await load.beforeFiles(...paths)
  const inserted = await load.onOneThread(rowsOf(jobs), () => executor.execute(parquetInsert(paths, target)))
  return inserted ?? insertInPieces(paths, target, executor)
}

/** Inserts Parquet files, several in one statement: its threads read one each. Says how many rows the database took. */
export const insertInPieces = async (
  paths: readonly string[],
  target: JobTarget,
  executor: SqlExecutor,
): Promise<number> => {
  let rows = 0
  for await (const piece of pieces(paths, statementBytes(target)))
    rows += await executor.execute(parquetInsert(piece, target))
  return rows
}

/**
 * Inserts Parquet files whose rows are compressed while they are inserted, into a table where they may lie in any order: each of DuckDB's
 * threads then makes row groups of its own, where otherwise one makes all. All in one statement, since the last row group of a thread is not
 * full: the checkpoint puts such row groups together with full ones, which takes as long as making them. Says how many rows the database
 * took; undefined where the order cannot be left to it, see {@link FileLoad.inAnyOrder}.
 */
export const insertInAnyOrder = async (
  jobs: readonly LoadJob[],
  target: JobTarget,
  executor: SqlExecutor,
  load: FileLoad,
): Promise<number | undefined> => {
  const paths = jobs.map(({ path }) => path)
  const sizes = await Promise.all(paths.map(fileSize))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return load.inAnyOrder({ count: rowsOf(jobs), bytes }, () => executor.execute(parquetInsert(paths, target)))
}

async function* pieces(paths: readonly string[], mostBytes: number): AsyncGenerator<readonly string[]> {
  let piece: string[] = []
  let bytes = 0
  for (const path of paths) {
    const size = await fileSize(path)
    if (piece.length > 0 && bytes + size > mostBytes) {
      yield piece
      piece = []
      bytes = 0
    }
    piece.push(path)
    bytes += size
  }
  yield piece
}
