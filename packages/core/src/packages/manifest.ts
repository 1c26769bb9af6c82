import type { FileFormat } from '@dlt/destination'

/** A file of a load package, as its manifest lists it. */
export interface ManifestFile {
  /** Name of the file in the package's folder; the table's name is encoded in it. */
  readonly name: string
  /** Root table of an extracted file, or the table of a normalized one. */
  readonly tableName: string
  /** `pages`: shredded documents; `json_lines`: text as it was read; otherwise a format that destinations read. */
  readonly kind: 'pages' | 'json_lines' | FileFormat
  readonly rows: number
  readonly bytes: number
  /** SHA-256 of the content, hexadecimal. */
  readonly checksum: string
  /** Columns in the file's order; only files of a normalized package have them. */
  readonly columns?: readonly string[]
  /** Where JSON text came from, for error messages. */
  readonly source?: { readonly file: string; readonly firstLine: number }
}
