import { DestinationError, type LoadJob } from '@dlt/destination'
import type { JobTarget, SqlExecutor } from '@dlt/destination/sql'
import { csvInsert } from './csv-job.ts'
import { insertValues } from './insert-values-job.ts'
import { jsonlInsert } from './jsonl-job.ts'
import { parquetInsert } from './parquet-job.ts'

/** Loads a file of any of DuckDB's formats and says how many rows the database took. */
export const loadJob = async (job: LoadJob, target: JobTarget, executor: SqlExecutor): Promise<number> => {
  switch (job.format) {
    case 'parquet':
      return executor.execute(parquetInsert([job.path], target))
    case 'jsonl':
      return executor.execute(await jsonlInsert(job.path, target))
    case 'csv':
      return executor.execute(csvInsert(job.path, target))
    case 'insert_values':
      return insertValues(job.path, target, executor)
    case 'tsv':
      throw new DestinationError('DuckDB does not read the format "tsv".', { kind: 'terminal' })
  }
}
