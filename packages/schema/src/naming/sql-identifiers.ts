import type { ConventionRules } from './convention-rules.ts'

function clean(stripped: string): string {
  const safe = stripped.replace(/[^a-zA-Z\p{Nd}_]+/gu, '_')
  const prefixed = /^\p{Nd}/u.test(safe) ? `_${safe}` : safe
  return (prefixed === '_' ? prefixed : prefixed.replace(/_+$/, '')).replace(/__+/g, '_')
}

/** Letters, digits and underscores, with the case of the source. */
export const sqlCaseSensitive: ConventionRules = {
  name: 'sql_cs_v1',
  caseSensitive: true,
  pathSeparator: '__',
  clean,
}

/** Letters, digits and underscores in lower case. */
export const sqlCaseInsensitive: ConventionRules = {
  name: 'sql_ci_v1',
  caseSensitive: false,
  pathSeparator: '__',
  clean: (stripped) => clean(stripped).toLowerCase(),
}
