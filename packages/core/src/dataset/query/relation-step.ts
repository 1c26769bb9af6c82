/** How the values of a column are compared with one value, or with a list of them. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'like'

/** In which direction rows are sorted. */
export type Direction = 'asc' | 'desc'

/** What a join does with rows that have no partner: `inner` leaves them out, `left` keeps those of the relation. */
export type JoinKind = 'inner' | 'left'

/** One step of a relation, as data: nothing is looked up before rows are asked for. */
export type RelationStep =
  | { readonly step: 'select'; readonly columns: readonly string[] }
  | { readonly step: 'where'; readonly column: string; readonly comparison: Comparison; readonly value: unknown }
  | { readonly step: 'order'; readonly column: string; readonly direction: Direction }
  | { readonly step: 'limit'; readonly count: number; readonly offset: number }
  | {
      readonly step: 'join'
      readonly table: string
      readonly prefix: string
      readonly kind: JoinKind
      readonly on: Readonly<Record<string, string>> | undefined
    }
  | { readonly step: 'aggregate'; readonly aggregate: 'count' | 'min' | 'max'; readonly column?: string }

/** Which rows of the tables take part. */
export interface RowFilter {
  /** Only rows that these loads brought. */
  readonly loadIds?: readonly string[]
  /** Only rows of loads that are in `_dlt_loads`. */
  readonly committedOnly: boolean
}
