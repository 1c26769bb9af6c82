import type { DestinationCapabilities } from '@dlt/destination'

/** The longest identifier that is a table's or a column's name at a destination. */
export function longestIdentifier({ identifiers }: DestinationCapabilities): number {
  const { maxLength, maxColumnLength = maxLength } = identifiers
  return Math.min(maxLength, maxColumnLength)
}
