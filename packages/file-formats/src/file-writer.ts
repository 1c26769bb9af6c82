import type { LiteralStyle } from '@dlt/destination'
import type { ColumnSchema, TableBatch } from '@dlt/schema'

/** How to write one file. */
export interface FileWriterOptions {
  /** Where the file is written; it must not exist. Its folder must exist. */
  readonly path: string
  /** Table of the rows, for error messages. */
  readonly tableName: string
  /**
   * Columns of the file, in order. A column that a batch lacks is null in its rows; a batch with other columns is refused.
   * The columns of the first batch when absent. JSON Lines files take any columns.
   */
  readonly columns?: readonly ColumnSchema[]
  /** Parquet: rows after which a row group ends. 122,880 when absent, as many as DuckDB keeps in one of its own. */
  readonly rowGroupRows?: number
  /** Parquet: encoded bytes after which a row group ends, which bounds the memory of a writer. 16 MiB when absent. */
  readonly rowGroupBytes?: number
  /**
   * Parquet: how pages are compressed. `none` when absent: fastest where the file is read on the same machine.
   * `zstd` and `gzip` make files about a third as large, for files that travel; `zstd` needs Node 22.15.
   */
  readonly compression?: ParquetCompression
  /** insert_values: how values are spelled; needed for that format. */
  readonly literals?: LiteralStyle
}

/** How pages of a Parquet file are compressed. */
export type ParquetCompression = 'none' | 'zstd' | 'gzip'

/** A file that was written to the end and is on the disk. */
export interface WrittenFile {
  readonly path: string
  readonly rowCount: number
  readonly byteCount: number
  /** Checksum of the content, as of {@link ContentChecksum}; taken while writing, so the file need not be read again. */
  readonly checksum: string
  /** Names of the columns in the file, in the file's order. */
  readonly columns: readonly string[]
}

/**
 * Writes batches of one table to one file. Calls are made one after another.
 * After an error the file is of no use: call `abort`.
 */
export interface FileWriter {
  /** Whether the file can take a batch: its columns are columns of the file, with the same types, and no NOT NULL column is missing. */
  accepts(batch: TableBatch): boolean
  /**
   * Adds the rows of a batch. Parquet keeps the batch's buffers until the row group is written: do not change them.
   * @throws DltError DATA for a null in a NOT NULL column, SCHEMA for a batch that is not accepted, WORKING_DIRECTORY where the disk fails
   */
  write(batch: TableBatch): Promise<void>
  /** Writes what is left, brings the file to the disk (fsync) and closes it. A writer without batches makes a valid empty file. */
  close(): Promise<WrittenFile>
  /** Closes and removes the file. Can be called at any time, also twice; never throws because of a missing file. */
  abort(): Promise<void>
}
