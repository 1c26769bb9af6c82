import { DltError } from '@dlt/schema'
import type { DestinationCapabilities } from './capabilities.ts'

/**
 * Refuses a replace strategy that a destination does not have.
 *
 * @param strategy as it was given; undefined is the destination's first one
 * @throws DltError CONFIGURATION with the known ones
 */
export const refuseUnknownReplaceStrategy = (
  strategy: string | undefined,
  { dispositions }: DestinationCapabilities,
  destination: string,
): void => {
  const known: readonly string[] = dispositions.replaceStrategies ?? ['truncate-and-insert']
  if (strategy === undefined || known.includes(strategy)) return
  throw new DltError(
    `The destination "${destination}" does not know the replace strategy "${strategy}". Choose one of: ${known.join(', ')}.`,
    { code: 'CONFIGURATION', context: { destination } },
  )
}
