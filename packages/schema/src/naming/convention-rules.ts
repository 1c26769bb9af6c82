/** What tells one naming convention from another; everything else is common to all. */
export interface ConventionRules {
  /** Short name, as in schema documents. */
  readonly name: string
  readonly caseSensitive: boolean
  readonly pathSeparator: string
  /** Largest `maxLength` allowed, and the default one; no limit when absent. */
  readonly lengthLimit?: number
  /** Maps a stripped, not empty identifier to its normalized form, before shortening. */
  readonly clean: (stripped: string) => string
  /** Applied to the shortened form of names of tables. */
  readonly cleanTable?: (normalized: string) => string
}
