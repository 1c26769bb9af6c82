import type { ConventionRules } from './convention-rules.ts'

/** Names as they are, but for line breaks, quotes and the path separator. */
export const direct: ConventionRules = {
  name: 'direct',
  caseSensitive: true,
  pathSeparator: '▶',
  clean: (stripped) => stripped.replace(/[\n\r'"▶]/g, '_'),
}

/** Names as they are, but for line breaks, double quotes and runs of underscores. */
export const duckCase: ConventionRules = {
  name: 'duck_case',
  caseSensitive: true,
  pathSeparator: '__',
  clean: (stripped) => stripped.replace(/[\n\r"]/g, '_').replace(/__+/g, '_'),
}
