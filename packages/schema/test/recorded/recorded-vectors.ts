import { readFileSync } from 'node:fs'

/** Values observed from Python dlt 1.31; the incremental sequences in the file are for other packages. */
export interface RecordedVectors {
  readonly naming: readonly {
    readonly in: string
    readonly snake_case: string
    readonly sql_cs_v1: string
    readonly sql_ci_v1: string
    readonly direct: string
    readonly snake_path: string
  }[]
  readonly shorten: readonly { readonly max: number; readonly in: string; readonly out: string }[]
  readonly shorten_fragments: readonly { readonly max: number; readonly in: readonly string[]; readonly out: string }[]
  readonly row_hash: readonly { readonly row_json: string; readonly sorted_json: string; readonly hash: string }[]
  readonly nested_hash: readonly {
    readonly parent: string
    readonly table: string
    readonly idx: number
    readonly hash: string
  }[]
  readonly row_hash_typed: { readonly as_read_from_extracted: string; readonly hash: string }
  readonly incremental_hash: readonly {
    readonly value: string
    readonly hash: string
    readonly hashed_json?: string
    readonly legacy_hash?: string
    readonly legacy_hashed_json?: string
  }[]
}

/** The text of the recorded file, for parts in which the order of keys counts. */
export const vectorsText: string = readFileSync(new URL('vectors.json', import.meta.url), 'utf8')

/** The recorded values. */
export const vectors: RecordedVectors = JSON.parse(vectorsText)
