import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { changeFile } from '../packages/file-failure.ts'
import type { ManifestFile, PackageWriter } from '../packages/package-writer.ts'

/** A file of an extracted package: its bytes, and what they mean. */
export interface FileContent extends Pick<ManifestFile, 'tableName' | 'kind' | 'rows' | 'source' | 'refusedBy'> {
  readonly extension: string
  readonly bytes: Uint8Array
}

/**
 * Writes a file into a package. It counts only once the package is committed, which also brings it safely to disk.
 * @returns how many bytes were written
 * @throws DltError `WORKING_DIRECTORY` where the disk does not take it
 */
export async function writePackageFile(writer: PackageWriter, content: FileContent): Promise<number> {
  const { extension, bytes, ...entry } = content
  const { name, path } = writer.reserveFile(content.tableName, extension)
  await changeFile(path, 'written', async () => {
    const file = await open(path, 'wx')
    try {
      await file.writeFile(bytes)
    } finally {
      await file.close()
    }
  })
  writer.addFile({
    ...entry,
    name,
    bytes: bytes.byteLength,
    checksum: createHash('sha256').update(bytes).digest('hex'),
  })
  return bytes.byteLength
}
