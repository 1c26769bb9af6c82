import type { NestedHints, NestedTableHints } from './resource-options.ts'

/** The nested tables of hints by their path of keys. */
export function nestedPaths(hints: NestedHints): readonly (readonly [path: readonly string[], NestedTableHints])[] {
  if (isPairs(hints)) return hints
  return Object.entries(hints).map(([path, tableHints]) => [path.split('.'), tableHints])
}

// `Array.isArray` does not narrow a readonly list.
function isPairs(hints: NestedHints): hints is readonly (readonly [readonly string[], NestedTableHints])[] {
  return Array.isArray(hints)
}
