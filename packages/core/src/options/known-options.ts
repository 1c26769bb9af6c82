import { DltError } from '@dlt/schema'
import { nearestName } from './nearest-name.ts'

/**
 * Refuses options that a call does not know: one that is misspelled, or spelled as in Python, would be ignored without a word.
 *
 * @param subject begins the message, for instance `dlt.source`
 * @throws DltError `CONFIGURATION` with the option that was probably meant
 */
export function refuseUnknownOptions(subject: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((option) => !known.includes(option))
  if (unknown === undefined) return
  const meant = nearestName(unknown, known)
  const remedy = meant === undefined ? `It knows ${known.join(', ')}.` : `Write "${meant}".`
  throw new DltError(`${subject} has no option "${unknown}". ${remedy}`, { code: 'CONFIGURATION' })
}
