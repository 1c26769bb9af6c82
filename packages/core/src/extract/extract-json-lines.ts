import type { ContractMode } from '@dlt/schema'
import { lineChunks } from '../lines/line-chunks.ts'
import type { TextLines } from '../lines/text-lines.ts'
import { writePackageFile } from '../packages/package-file.ts'
import type { PackageWriter } from '../packages/package-writer.ts'
import type { TableMetrics } from './extract-metrics.ts'
import { WriteBehind } from './write-behind.ts'

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
  const behind = new WriteBehind()
  try {
    for await (const { bytes, firstLine, rowCount } of lineChunks(lines.open(), chunkBytes)) {
      if (written.files === 0) refusedBy = openTable()
      const source = { file: lines.label, firstLine }
      const file = {
        tableName,
        kind: 'json_lines',
        extension: 'jsonl',
        rows: rowCount,
        source,
        parts: [bytes],
        ...(refusedBy !== undefined && { refusedBy }),
      } as const
      await behind.begin(() => writePackageFile(writer, file))
      written = { rows: written.rows + rowCount, bytes: written.bytes + bytes.byteLength, files: written.files + 1 }
    }
    await behind.end()
  } finally {
    // Nothing is written any more when the caller throws the package away.
    await behind.settled()
  }
  return { tableName, ...written }
}
