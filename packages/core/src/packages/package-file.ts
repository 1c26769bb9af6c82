import { type FileHandle, open } from 'node:fs/promises'
import { ContentChecksum, writeParts } from '@dlt/file-formats'
import { changeFile } from './file-failure.ts'
import type { ManifestFile, PackageWriter } from './package-writer.ts'

/** A file of an extracted package: its bytes, in consecutive parts, and what they mean. */
export interface FileContent extends Pick<ManifestFile, 'tableName' | 'kind' | 'rows' | 'source' | 'refusedBy'> {
  readonly extension: string
  readonly parts: readonly Uint8Array[]
}

/** From how many bytes on a file goes to the disk while the next one is made. */
const largeFile = 1 << 20

/**
 * Writes a file into a package. It counts only once the package is committed, which also brings it safely to disk.
 * @throws DltError `WORKING_DIRECTORY` where the disk does not take it
 */
export async function writePackageFile(writer: PackageWriter, content: FileContent): Promise<void> {
  const { extension, parts, ...entry } = content
  const bytes = byteCount(parts)
  const { name, path } = writer.reserveFile(content.tableName, extension)
  const checksum = await changeFile(path, 'written', async () => {
    const file = await open(path, 'wx')
    try {
      return await write(file, parts, bytes)
    } finally {
      await file.close()
    }
  })
  writer.addFile({ ...entry, name, bytes, checksum })
}

/** Bytes of some parts together. */
export function byteCount(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.byteLength, 0)
}

async function write(file: FileHandle, parts: readonly Uint8Array[], bytes: number): Promise<string> {
  const writing = writeParts(file, parts)
  // While the disk is busy, this thread would only wait.
  const checksum = new ContentChecksum()
  for (const part of parts) checksum.add(part)
  await writing
  if (bytes >= largeFile) await file.datasync()
  return checksum.text
}
