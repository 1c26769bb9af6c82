import { createFileWriter } from '../src/index.ts'
import { tableBatch } from './table-batches.ts'

/** Run in a process that may write only small files: tells how a writer takes it, as JSON on stdout. */
const path = process.argv[2] ?? ''
const columns = [{ name: 'txt', data_type: 'text' }] as const
const rows = Array.from({ length: 1000 }, (_, row) => ({ txt: String(row).repeat(1000) }))
const writer = createFileWriter('parquet', { path, tableName: 'rows', rowGroupRows: 1 })
try {
  await writer.write(tableBatch('rows', columns, rows))
  await writer.close()
  console.log(JSON.stringify({ code: 'none' }))
} catch (error) {
  await writer.abort()
  console.log(JSON.stringify(error instanceof Error ? { ...error, message: error.message } : {}))
}
