import type { FileFormat } from '@dlt/destination'
import type { FileWriter, FileWriterOptions } from './file-writer.ts'
import { ParquetWriter } from './parquet/parquet-writer.ts'
import { CsvWriter } from './text/csv-writer.ts'
import { InsertValuesWriter } from './text/insert-values-writer.ts'
import { JsonLinesWriter } from './text/json-lines-writer.ts'
import { TsvWriter } from './text/tsv-writer.ts'

/**
 * Makes the writer of one file. Nothing is opened before the first rows are written.
 * @throws DltError CONFIGURATION for `insert_values` without `literals`, UNSUPPORTED for a compression that this Node lacks
 */
export function createFileWriter(format: FileFormat, options: FileWriterOptions): FileWriter {
  switch (format) {
    case 'parquet':
      return new ParquetWriter(options)
    case 'jsonl':
      return new JsonLinesWriter(options)
    case 'csv':
      return new CsvWriter(options)
    case 'tsv':
      return new TsvWriter(options)
    case 'insert_values':
      return new InsertValuesWriter(options)
  }
}
