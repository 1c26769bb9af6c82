import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ColumnAlteration, DltError } from '@dlt/schema'
import { hasChecksum } from './file-checksum.ts'
import type { ManifestFile } from './manifest.ts'
import { damagedPackage, readFileIfPresent } from './present-files.ts'
import type { SourceRefresh } from './source-refresh.ts'

/** What a load package is made of, as its `manifest.json` says. */
export interface PackageManifest {
  /** Version of what is written: in format 1 checksums of files are SHA-256. */
  readonly format: 1 | 2
  readonly stage: 'extracted' | 'normalized'
  readonly loadId: string
  /** The group that the package was extracted with: the load id of its last package. */
  readonly groupId: string
  readonly schemaName: string
  readonly schemaHash: string
  /** When the manifest was written, ISO. */
  readonly createdAt: string
  /** Type of the destination that the package is made for; absent where it was extracted without one. */
  readonly destinationType?: string
  /** Name of that destination. */
  readonly destinationName?: string
  /** Tables whose rows are removed when the package is loaded. */
  readonly replacedTables: readonly string[]
  /** Columns that are dropped or renamed when the package is loaded. Default: none. */
  readonly alterations?: readonly ColumnAlteration[]
  /** What is dropped and emptied at the destination before the rows are loaded; absent where nothing is. */
  readonly refresh?: SourceRefresh
  /** SHA-256 of `schema.json`, `state.json` and what the package started from, by path. */
  readonly documents: Readonly<Record<string, string>>
  readonly files: readonly ManifestFile[]
}

/** Name of the manifest in a package's folder. */
export const manifestName = 'manifest.json'

/** Names in a package's folder that are not files of rows: they stay when the package was loaded. */
export const documentNames: ReadonlySet<string> = new Set([manifestName, 'schema.json', 'state.json', 'started-from'])

/** The text of a manifest: it ends with its own checksum. */
export function encodeManifest(manifest: PackageManifest): string {
  return JSON.stringify({ ...manifest, checksum: textChecksum(JSON.stringify(manifest)) })
}

/**
 * Reads the manifest of a package.
 * @throws DltError `PACKAGE` when it is missing, damaged, or written by a newer version
 */
export function readManifest(directory: string): PackageManifest {
  const path = join(directory, manifestName)
  const text = readFileIfPresent(path)
  if (text === undefined) throw damagedPackage(path, 'it is missing')
  const { checksum, ...manifest } = parseManifest(path, text)
  if (checksum !== textChecksum(JSON.stringify(manifest))) {
    throw damagedPackage(path, 'its content is not what was written')
  }
  if (isManifest(manifest)) return manifest
  throw new DltError(`The load package in "${directory}" was made by a newer version. Finish it with that version.`, {
    code: 'PACKAGE',
    context: { file: path },
  })
}

function parseManifest(path: string, text: string): { readonly [key: string]: unknown } {
  try {
    return { ...JSON.parse(text) }
  } catch (cause) {
    throw damagedPackage(path, 'it is not JSON', cause)
  }
}

// The checksum has told that this is what was written; what is left to ask is by which version.
function isManifest(manifest: object): manifest is PackageManifest {
  return 'format' in manifest && (manifest.format === 1 || manifest.format === 2)
}

/**
 * Reads a document of a package and compares it with the manifest.
 * @throws DltError `PACKAGE` when it is missing or damaged
 */
export function readDocument(directory: string, manifest: PackageManifest, name: string): string {
  const path = join(directory, name)
  const text = readFileIfPresent(path)
  if (text === undefined) throw damagedPackage(path, 'it is missing')
  if (textChecksum(text) === manifest.documents[name]) return text
  throw damagedPackage(path, 'its content is not what was written')
}

/**
 * Compares the files of a package with its manifest: each must be there, with its size and content.
 * @throws DltError `PACKAGE` naming the file that differs
 */
export async function verifyFiles(directory: string, manifest: PackageManifest): Promise<void> {
  for (const file of manifest.files) {
    const path = join(directory, file.name)
    const isWhole = await hasContent(path, file).catch((cause: unknown) => {
      throw damagedPackage(path, 'it cannot be read', cause)
    })
    if (!isWhole) throw damagedPackage(path, 'its content is not what was written')
  }
}

async function hasContent(path: string, { bytes, checksum }: ManifestFile): Promise<boolean> {
  const { size } = await stat(path)
  return size === bytes && (await hasChecksum(path, checksum))
}

/** SHA-256 of a text, hexadecimal. */
export function textChecksum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
