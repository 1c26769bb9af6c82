import * as v from 'valibot'
import { readCursor } from './cursor-kind.ts'
import type { IncrementalOptions } from './incremental-options.ts'

/** What the configuration says of an incremental, by the names in code. */
export interface IncrementalSettings {
  readonly incremental?:
    | { readonly [option in keyof IncrementalOptions]?: IncrementalOptions[option] | undefined }
    | undefined
}

/** What the configuration may say of an incremental with such an initial value. */
export const incrementalSettings = (initialValue: unknown): v.GenericSchema<unknown, IncrementalSettings> => {
  const value = valueType(initialValue)
  return v.object({
    incremental: v.optional(
      v.object({
        cursorPath: v.optional(v.string()),
        initialValue: v.optional(value),
        endValue: v.optional(value),
        rowOrder: v.optional(v.picklist(['asc', 'desc'])),
        rangeStart: v.optional(v.picklist(['closed', 'open'])),
        rangeEnd: v.optional(v.picklist(['open', 'closed'])),
        lag: v.optional(v.number()),
        onCursorValueMissing: v.optional(v.picklist(['raise', 'include', 'exclude'])),
        allowExternalSchedulers: v.optional(v.boolean()),
      }),
    ),
  })
}

/** What a provider's value is taken for; dates without time, times and decimals are read from text. */
const valueType = (initialValue: unknown): v.GenericSchema => {
  const kind = readCursor(initialValue)?.kind
  if (kind === undefined) return v.any()
  if (typeof initialValue === 'bigint') return v.bigint()
  if (typeof initialValue === 'number') return v.number()
  return kind === 'instant' ? v.date() : v.string()
}
