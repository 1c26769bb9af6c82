import { join } from 'node:path'
import { DltError } from '@dlt/schema'
import * as v from 'valibot'
import { readFileIfPresent } from './durable-files.ts'
import { fileChecksum } from './file-checksum.ts'
import type { ManifestFile } from './manifest.ts'

const fileSchema = v.object({
  name: v.string(),
  tableName: v.string(),
  kind: v.picklist(['pages', 'json_lines', 'parquet', 'jsonl', 'csv', 'insert_values']),
  rows: v.number(),
  bytes: v.number(),
  checksum: v.string(),
  columns: v.exactOptional(v.array(v.string())),
  source: v.exactOptional(v.object({ file: v.string(), firstLine: v.number() })),
})

const manifestSchema = v.object({
  format: v.literal(1),
  loadId: v.string(),
  schemaName: v.string(),
  /** Tables whose rows are removed when the package is loaded. */
  replacedTables: v.array(v.string()),
  files: v.array(fileSchema),
})

/** What a load package is made of, as its `manifest.json` says. */
export interface PackageManifest {
  readonly format: 1
  readonly loadId: string
  readonly schemaName: string
  readonly replacedTables: readonly string[]
  readonly files: readonly ManifestFile[]
}

/** Name of the manifest in a package's directory. */
export const manifestName = 'manifest.json'

/**
 * Reads a manifest.
 * @throws DltError `PACKAGE` when it is missing or damaged
 */
export async function readManifest(directory: string): Promise<PackageManifest> {
  const path = join(directory, manifestName)
  const text = await readFileIfPresent(path)
  const parsed = v.safeParse(manifestSchema, text === undefined ? undefined : parseJson(text))
  if (parsed.success) return parsed.output
  throw damaged(path, text === undefined ? 'it is missing' : 'it is not a manifest')
}

/**
 * Checks the files of a package against its manifest: each is there, with its size and content.
 * @throws DltError `PACKAGE` naming the file that is not
 */
export async function verifyFiles(directory: string, manifest: PackageManifest): Promise<void> {
  for (const file of manifest.files) {
    const path = join(directory, file.name)
    const checksum = await fileChecksum(path).catch((cause: unknown) => {
      throw damaged(path, 'it cannot be read', cause)
    })
    if (checksum !== file.checksum) throw damaged(path, 'its content is not what was written')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function damaged(path: string, what: string, cause?: unknown): DltError {
  return new DltError(
    `The file "${path}" of a load package is damaged: ${what}. Restore it from a backup, or remove its package's directory to give the package up, and extract the data again.`,
    { code: 'PACKAGE', context: { file: path }, cause },
  )
}
