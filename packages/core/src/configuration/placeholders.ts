import { currentLogger } from '../runtime/logger.ts'
import { describeOrigin, type Origin } from './origin.ts'

/** What templates of the reference system hold where a text or a date is to be filled in. */
const placeholder = /^(?:<configure me>|1768-07-21(?:T02:56:07.*)?)$/

const told = new Set<string>()

/** Warns, once for each place, of a value that somebody forgot to fill in. */
export function warnOfPlaceholder(value: unknown, origin: Origin): void {
  const text = value instanceof Date ? value.toISOString() : value
  if (typeof text !== 'string' || !placeholder.test(text)) return
  const where = describeOrigin(origin)
  if (told.has(where)) return
  told.add(where)
  currentLogger().warning(`${where} is the placeholder of a template. Write the value there, or remove the line.`)
}
