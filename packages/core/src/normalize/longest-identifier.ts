import type { DestinationCapabilities } from '@dlt/destination'
import type { NameLimit } from '@dlt/schema'

/** The limit of identifiers that are a table's or a column's name at a destination. */
export function longestIdentifier({ identifiers }: DestinationCapabilities): NameLimit {
  const { maxLength, maxColumnLength = maxLength, lengthIn } = identifiers
  return { maxLength: Math.min(maxLength, maxColumnLength), ...(lengthIn !== undefined && { lengthIn }) }
}
