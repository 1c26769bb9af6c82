import type { ContractMode } from '@dlt/schema'
import type { PackageWriter } from '../packages/package-writer.ts'
import type { TableMetrics } from './extract-metrics.ts'
import { lineChunks } from './line-chunks.ts'
import { writePackageFile } from './package-file.ts'
import type { TextLines } from './text-lines.ts'

/**
 * Puts text into the package as it is, in files of whole lines that know where they come from.
 * @param openTable called once, before the first line is written: makes the table known, or says why it is refused
 */
export async function extractJsonLines(
  lines: TextLines,
  tableName: string,
  writer: PackageWriter,
  chunkBytes: number,
  openTable: () => ContractMode | undefined,
): Promise<TableMetrics> {
  let written = { rows: 0, bytes: 0, files: 0 }
  let refusedBy: ContractMode | undefined
  for await (const { bytes, firstLine, rowCount } of lineChunks(lines.open(), chunkBytes)) {
    if (rowCount > 0 && written.rows === 0) refusedBy = openTable()
    const size = await writePackageFile(writer, {
      tableName,
      kind: 'json_lines',
      extension: 'jsonl',
      rows: rowCount,
      source: { file: lines.label, firstLine },
      bytes,
      ...(refusedBy !== undefined && { refusedBy }),
    })
    written = { rows: written.rows + rowCount, bytes: written.bytes + size, files: written.files + 1 }
  }
  return { tableName, ...written }
}
