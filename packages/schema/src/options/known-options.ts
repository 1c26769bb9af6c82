import { DltError } from '../dlt-error.ts'
import { nearestName } from './nearest-name.ts'

/**
 * Refuses options that a call does not know: one that is misspelled, or spelled as in Python, would be ignored without a word.
 *
 * @param subject begins the message, for instance `dlt.source`
 * @param offered those of them that make sense beside the other options: only they are named as remedy. Default: all
 * @throws DltError `CONFIGURATION` with the option that was probably meant
 */
export function refuseUnknownOptions(
  subject: string,
  options: object,
  known: readonly string[],
  offered: readonly string[] = known,
): void {
  const unknown = Object.keys(options).find((option) => !known.includes(option))
  if (unknown === undefined) return
  const meant = nearestName(unknown, offered)
  const others = offered.length === 0 ? 'It takes none.' : `It knows ${offered.join(', ')}.`
  const remedy = meant === undefined ? others : `Write "${meant}".`
  throw new DltError(`${subject} has no option "${unknown}". ${remedy}`, { code: 'CONFIGURATION' })
}
