import type { Parts } from '../fixtures/compare-parts.ts'

/** Both sides of the parts that belong to one resource. */
export interface Difference {
  /** Names of the parts that differ. */
  readonly differing: readonly string[]
  /** All parts of the resource. */
  readonly reference: Parts
  readonly here: Parts
}

/** Differences that `docs/differences.md` explains and the generator cannot stay clear of: reason id -> how to tell. */
const reasons: { readonly [reason: string]: (difference: Difference) => boolean } = {
  'name-collisions': ({ here }) => /"x-(column|table)-names"/.test(JSON.stringify(here)),
  'variant-detection': ({ reference, here }) => {
    const there = columnNames(reference)
    const texts = [...columnNames(here)].filter((name) => name.endsWith('__v_text') && !there.has(name))
    return texts.some((name) => there.has(name.replace(/text$/, 'timestamp')))
  },
}

/** The reason of a difference, if it is a known one. */
export function reasonOf(difference: Difference): string | undefined {
  return Object.keys(reasons).find((reason) => reasons[reason]?.(difference))
}

/** `table.column` of all tables at the destination. */
function columnNames(parts: Parts): ReadonlySet<string> {
  return new Set(
    Object.entries(parts).flatMap(([part, columns]) =>
      part.startsWith('columns of ') && Array.isArray(columns)
        ? columns.map((column) => `${part}.${String(column).replace(/ [A-Z(),0-9 ]+$/, '')}`)
        : [],
    ),
  )
}
