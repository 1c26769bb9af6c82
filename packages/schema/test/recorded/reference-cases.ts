import { readFileSync } from 'node:fs'
import type { DataType } from '../../src/index.ts'

/** A coerced value in a form that JSON holds: one element, or none where the reference refuses the value. */
export type RecordedCoercion = readonly [] | readonly [string | number | boolean]

/** What `record_reference.py` writes. */
export interface ReferenceCases {
  readonly naming: readonly {
    readonly convention: string
    readonly maxLength: number | null
    readonly text: string
    readonly identifier: string | null
    readonly tableIdentifier: string | null
    readonly path: string | null
    readonly tablesPath: string | null
  }[]
  readonly iso: readonly {
    readonly text: string
    readonly detected: DataType | null
    readonly timestamp: RecordedCoercion
    readonly date: RecordedCoercion
    readonly time: RecordedCoercion
  }[]
  readonly coercion: readonly {
    readonly from: DataType
    readonly value: string
    readonly to: { readonly [to in DataType]?: RecordedCoercion }
  }[]
  readonly floats: readonly { readonly value: string; readonly json: string }[]
  readonly evolution: readonly {
    readonly start: string
    readonly steps: readonly {
      readonly table: string
      readonly mergeCompoundProperties: boolean
      readonly hash?: string
      readonly error?: string
    }[]
    readonly document: string
  }[]
  readonly merges: readonly { readonly first: string; readonly second: string; readonly document: string }[]
  readonly migrations: readonly { readonly engine: number; readonly document: string; readonly migrated: string }[]
  readonly yaml: readonly { readonly value: string; readonly yaml: string }[]
  readonly exports: readonly { readonly document: string; readonly yaml: string; readonly json: string }[]
}

const recorded = new URL('reference-cases.json', import.meta.url)

const { DLT_REFERENCE_CASES: sample } = process.env

/** The recorded cases; `DLT_REFERENCE_CASES` names a larger sample instead, to search for differences. */
export const referenceCases: ReferenceCases = JSON.parse(readFileSync(sample ?? recorded, 'utf8'))
