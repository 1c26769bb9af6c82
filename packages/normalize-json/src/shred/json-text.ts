import { DltError, plainJson } from '@dlt/schema'
import { cycleIn, holdsProblem, refusal } from './locate.ts'

/**
 * An object or list as JSON text.
 *
 * @param document what it stands in, for the path in errors.
 * @throws DltError `DATA` when it holds something that cannot be loaded, or is nested too deeply.
 */
export function jsonText(value: object, document: unknown): string {
  try {
    if (!holdsProblem(value)) return wellFormed(plainJson(value))
  } catch (cause) {
    if (cause instanceof RangeError && !cycleIn(document)) throw tooDeep(cause)
    throw refusal(document, `The item holds a value that has no JSON form. ${messageOf(cause)}`, cause)
  }
  throw refusal(document, 'The item holds a value that cannot be loaded.')
}

/** JSON text with U+FFFD in place of halves of surrogate pairs, which it holds as escapes. */
function wellFormed(text: string): string {
  if (!text.includes('\\ud')) return text
  return text.replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) => (found === '\\\\' ? found : '\ufffd'))
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : ''
}

function tooDeep(cause: RangeError): DltError {
  const message =
    'The item is nested too deeply: what lies below "max_table_nesting", at most 1,000 levels, is written as JSON, and that is too deep to be written. Flatten the item before it is yielded.'
  return new DltError(message, { code: 'DATA', cause })
}
