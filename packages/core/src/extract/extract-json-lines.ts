import type { PackageWriter } from '../packages/package-writer.ts'
import type { TableMetrics } from './extract-metrics.ts'
import { lineChunks } from './line-chunks.ts'
import { writePackageFile } from './package-file.ts'
import type { TextLines } from './text-lines.ts'

/** Puts text into the package as it is, in files of whole lines that know where they come from. */
export async function extractJsonLines(
  lines: TextLines,
  tableName: string,
  writer: PackageWriter,
  chunkBytes: number,
): Promise<TableMetrics> {
  let written = { rows: 0, bytes: 0, files: 0 }
  for await (const { bytes, firstLine, rowCount } of lineChunks(lines.open(), chunkBytes)) {
    const size = await writePackageFile(writer, {
      tableName,
      kind: 'json_lines',
      extension: 'jsonl',
      rows: rowCount,
      source: { file: lines.label, firstLine },
      bytes,
    })
    written = { rows: written.rows + rowCount, bytes: written.bytes + size, files: written.files + 1 }
  }
  return { tableName, ...written }
}
