import type { ReplaceStrategy } from '@dlt/schema'
import type { DestinationCapabilities } from '../../capabilities.ts'

/** The ways in which a destination replaces tables; the first one is the usual one. */
export const replaceStrategies = ({
  dispositions,
}: DestinationCapabilities): readonly [ReplaceStrategy, ...(readonly ReplaceStrategy[])] => {
  const [first = 'truncate-and-insert', ...others] = dispositions.replaceStrategies ?? []
  return [first, ...others]
}
