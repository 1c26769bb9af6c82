import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FileFormat, LiteralStyle, LoadJob } from '@dlt/destination'
import { createFileWriter } from '@dlt/file-formats'
import type { SampleRows } from './rows-file.ts'
import { typedBatch } from './typed-batch.ts'

/** Where and how a file is written. */
export interface TypedFileOptions {
  readonly folder: string
  readonly format: FileFormat
  readonly literals: LiteralStyle | undefined
}

/** Writes rows with the writers that pipelines use, and describes the file as a job. */
export const writeTypedFile = async (sample: SampleRows, options: TypedFileOptions): Promise<LoadJob> => {
  const { folder, format, literals } = options
  const { tableName, columns } = sample
  const id = randomBytes(5).toString('hex')
  const writer = createFileWriter(format, {
    path: join(folder, `${id}.${format}`),
    tableName,
    columns,
    ...(literals !== undefined && { literals }),
  })
  await writer.write(typedBatch(sample))
  const { path, rowCount, columns: written } = await writer.close()
  return { jobId: `${tableName}.${id}.${format}`, tableName, path, format, rowCount, columns: written }
}
