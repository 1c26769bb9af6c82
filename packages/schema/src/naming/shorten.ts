import { DltError } from '../dlt-error.ts'
import { digest128 } from '../hashing/digest.ts'
import { codePointLength } from './python-text.ts'

const tagBytes = 4
const tagLength = 6

/** Six characters that stand for the part of a name that is cut out. */
export function shorteningTag(original: string): string {
  return digest128(original, tagBytes).replaceAll('/', 'a').replaceAll('+', 'b').toLowerCase()
}

/**
 * A normalized name of at most `maxLength` code points: a longer one keeps its start and end around a tag of `original`.
 * Names that differ anywhere so stay different with high probability.
 *
 * @throws DltError CONFIGURATION when `maxLength` leaves no room for the tag.
 */
export function shortenIdentifier(normalized: string, original: string, maxLength: number | undefined): string {
  if (!maxLength || normalized.length <= maxLength || codePointLength(normalized) <= maxLength) return normalized
  if (maxLength < tagLength) {
    throw new DltError(
      `Identifiers cannot be shortened to ${maxLength} characters. Set a maximum identifier length of at least ${tagLength}.`,
      { code: 'CONFIGURATION' },
    )
  }
  const points = Array.from(normalized)
  const right = Math.floor((maxLength - tagLength) / 2)
  const left = maxLength - tagLength - right
  return points.slice(0, left).join('') + shorteningTag(original) + points.slice(points.length - right).join('')
}
