import type { FileFormat } from '@dlt/destination'
import type { ContractMode } from '@dlt/schema'

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
  /** Checksum of the content: `crc32:` and eight hexadecimal digits; in format 1 a SHA-256, hexadecimal. */
  readonly checksum: string
  /** Columns in the file's order; only files of a normalized package have them. */
  readonly columns?: readonly string[]
  /** The mode of a contract that keeps the table out of the schema; only extracted files whose rows are to be discarded have it. */
  readonly refusedBy?: ContractMode
  /** Where JSON text came from, for error messages. */
  readonly source?: { readonly file: string; readonly firstLine: number }
}
