import { checkIncremental, incrementalOptionNames, isGiven } from './check-incremental.ts'
import type { IncrementalOptions } from './incremental-options.ts'

/**
 * Declares how a resource is loaded incrementally. An object literal does the same; this function checks it at once and infers
 * the cursor's type.
 *
 * @throws DltError `CONFIGURATION` for a missing cursor path, an unknown option or a range that cannot be
 */
export function incremental<Value = unknown>(options: IncrementalOptions<Value>): IncrementalOptions<Value> {
  checkIncremental(options)
  return Object.freeze({ ...options })
}

/**
 * The declaration of a resource with what a caller gives on top: options replace those of the same name unless they are null or
 * absent; any other value is the new initial value.
 *
 * @throws DltError `CONFIGURATION` when the two do not fit together
 */
export function mergeIncremental<Value>(
  declared: IncrementalOptions<Value>,
  given: Partial<IncrementalOptions<Value>> | Value,
): IncrementalOptions<Value> {
  const changes: Partial<IncrementalOptions<Value>> = isOptions(given) ? given : { initialValue: given }
  const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => isGiven(value)))
  return incremental({ ...declared, ...set })
}

function isOptions<Value>(
  given: Partial<IncrementalOptions<Value>> | Value,
): given is Partial<IncrementalOptions<Value>> {
  if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype) return false
  return Object.keys(given).some((name) => incrementalOptionNames.includes(name))
}
