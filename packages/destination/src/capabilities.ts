import type { DataType, MergeStrategy, NameLimit, ReplaceStrategy } from '@dlt/schema'
import type { LiteralStyle } from './literal-style.ts'

/** How identifiers behave at a destination. */
export interface IdentifierCapabilities extends NameLimit {
  /** Longest identifier; longer names are shortened. */
  readonly maxLength: number
  /** What lengths count: code points, or bytes of UTF-8. Default: `characters`. */
  readonly lengthIn?: 'characters' | 'bytes'
  /** Longest column name where it differs from `maxLength`. */
  readonly maxColumnLength?: number
  /** Whether names that differ only in case are different. */
  readonly caseSensitive: boolean
}

/** Which values the destination's types can hold. */
export interface TypeCapabilities {
  /**
   * Digits and scale of a decimal column without a precision of its own, and the most digits that one can declare. Without
   * `maxPrecision` a declared precision is first looked at when the column is made.
   */
  readonly decimal: { readonly precision: number; readonly scale: number; readonly maxPrecision?: number }
  /** Digits and scale of a wei column. */
  readonly wei: { readonly precision: number; readonly scale: number }
  /**
   * What the declared precision of a text column counts, where the destination refuses longer texts. Default: it takes them, whatever is
   * declared.
   */
  readonly textPrecision?: 'characters' | 'bytes'
  /** What becomes of U+0000 in texts: it is kept, dropped, or its package is refused with a terminal error. Default: `keep`. */
  readonly nul?: 'keep' | 'drop' | 'refuse'
  /** Digits of a second's fraction: the usual ones and the most. */
  readonly timestamp: { readonly precision: number; readonly maxPrecision: number }
  /** Whether wall-clock timestamps exist (`timezone: false`). */
  readonly naiveTimestamps: boolean
}

/** What schema changes the destination can make. */
export interface DdlCapabilities {
  /** Whether DDL can be part of a transaction. */
  readonly transactional: boolean
  /** Whether one ALTER TABLE may add several columns. */
  readonly multipleColumnsPerAlter: boolean
  /** Whether a column that is added to a table can be NOT NULL; otherwise it is nullable. Default: true. */
  readonly addsNotNullColumns?: boolean
  /** Whether the type of a column with rows can be changed to a wider one. Default: false. */
  readonly altersColumnTypes?: boolean
}

/** Formats of job files. `tsv` has no header; null is `\N` and a backslash escapes, see the writers of `@dlt/file-formats`. */
export type FileFormat = 'parquet' | 'jsonl' | 'csv' | 'tsv' | 'insert_values'

/** How rows reach the destination. */
export interface LoadCapabilities {
  /** Formats the destination reads, best first. */
  readonly fileFormats: readonly FileFormat[]
  /** Format for packages below `smallPackageRows`. */
  readonly smallPackageFormat: FileFormat
  /** Up to how many rows a package counts as small (no worker threads, no Parquet); 10,000 is usual. */
  readonly smallPackageRows: number
  /** Whether a whole package can become visible in one transaction. */
  readonly transactional: boolean
  /** Types that a format cannot bring to the destination; tables with such columns take the next format. None when absent. */
  readonly unsupportedTypes?: { readonly [format in FileFormat]?: readonly DataType[] }
  /** How values are spelled in `insert_values` files; needed where `fileFormats` names that format. */
  readonly literals?: LiteralStyle
  /** Longest statement, in bytes. */
  readonly maxStatementBytes: number
  /** Longest text value, in bytes. */
  readonly maxTextBytes: number
}

/** Which write dispositions are understood. */
export interface DispositionCapabilities {
  /** Dispositions of tables with data; `skip` needs nothing from a destination. */
  readonly writeDispositions: readonly ('append' | 'replace' | 'merge')[]
  /** Ways to merge; the first one is used where a table names none. None when absent. */
  readonly mergeStrategies?: readonly MergeStrategy[]
  /** Ways to replace; the first one is used where nothing else is configured. Default: only `truncate-and-insert`. */
  readonly replaceStrategies?: readonly ReplaceStrategy[]
}

/** How a destination is read. */
export interface ReadingCapabilities {
  /** Most parameters of one statement; longer lists of values are cut. */
  readonly maxParameters: number
}

/** What a destination can do, as data: core decides by it and knows no vendor. */
export interface DestinationCapabilities {
  readonly identifiers: IdentifierCapabilities
  readonly types: TypeCapabilities
  readonly ddl: DdlCapabilities
  readonly load: LoadCapabilities
  readonly dispositions: DispositionCapabilities
  /** How datasets are read back. Absent where they cannot be: the client has no `reader` then. */
  readonly reading?: ReadingCapabilities
}
