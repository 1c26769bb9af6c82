import { DltError } from '../dlt-error.ts'
import { digest128 } from '../hashing/digest.ts'
import { exceeds, type NameLimit, nameEnd, nameStart } from './name-limit.ts'

const tagBytes = 4
const tagLength = 6

/** Six characters that stand for the part of a name that is cut out. */
export function shorteningTag(original: string): string {
  return digest128(original, tagBytes).replaceAll('/', 'a').replaceAll('+', 'b').toLowerCase()
}

/**
 * A normalized name that keeps to a limit: a longer one keeps its start and end around a tag of `original`. Names that differ anywhere so stay
 * different with high probability. Where bytes are counted no character is cut, so that the name may have some bytes less.
 *
 * @throws DltError CONFIGURATION when the limit leaves no room for the tag.
 */
export function shortenIdentifier(normalized: string, original: string, limit: NameLimit | undefined): string {
  if (limit === undefined || !exceeds(normalized, limit)) return normalized
  const { maxLength } = limit
  if (maxLength < tagLength) {
    throw new DltError(
      `Identifiers cannot be shortened to ${maxLength} characters. Set a maximum identifier length of at least ${tagLength}.`,
      { code: 'CONFIGURATION' },
    )
  }
  const right = Math.floor((maxLength - tagLength) / 2)
  const left = maxLength - tagLength - right
  return nameStart(normalized, left, limit) + shorteningTag(original) + nameEnd(normalized, right, limit)
}
