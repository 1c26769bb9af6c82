import type { ManifestFile } from './manifest.ts'

export type { ManifestFile } from './manifest.ts'

/** Takes the files of a load package while it is made. Nothing of it counts before the package's group is committed. */
export interface PackageWriter {
  readonly loadId: string
  /** Folder in which the files are written. */
  readonly directory: string
  /** A new name for a file of a table; the caller writes it and then calls `addFile`. */
  reserveFile(tableName: string, extension: string): { readonly name: string; readonly path: string }
  /** Lists a written file in the manifest. Files are listed in this order. They are synced when the package is sealed. */
  addFile(file: ManifestFile): void
}
