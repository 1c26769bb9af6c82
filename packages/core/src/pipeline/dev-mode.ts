/** The suffix of a dataset's name in development mode: `_` and the time in UTC, for instance `_20221107164856`. */
export function devModeSuffix(now: Date): string {
  return `_${now.toISOString().replace(/\D/g, '').slice(0, 14)}`
}
