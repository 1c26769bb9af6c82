import type { Decimal } from 'decimal.js'

/** A value that a state document can hold; dates, decimals, long integers and bytes come back as what they were. */
export type StateValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Decimal
  | Uint8Array
  | readonly StateValue[]
  | { readonly [key: string]: StateValue }

/**
 * State that code of a resource may change while it runs: a copy of what is stored. What it holds when the extract ends is stored
 * with the data that was extracted, and with nothing else.
 */
export interface StateDraft {
  [key: string]: unknown
}
