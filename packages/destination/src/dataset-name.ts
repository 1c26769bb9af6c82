import { DltError, namingConvention } from '@dlt/schema'
import type { IdentifierCapabilities } from './capabilities.ts'
import type { DestinationContext } from './destination.ts'

/**
 * The name of the dataset at the destination: normalized as a table name with the context's naming convention, shortened to what
 * the destination allows.
 * @throws DltError IDENTIFIER where nothing is left of the name
 */
export const normalizeDatasetName = (
  context: Pick<DestinationContext, 'datasetName' | 'naming'>,
  identifiers: IdentifierCapabilities,
): string => {
  const naming = context.naming ?? namingConvention('snake_case', identifiers)
  const name = context.datasetName.trim() === '' ? '' : naming.normalizeTableIdentifier(context.datasetName)
  if (name !== '') return name
  throw new DltError(
    `Nothing is left of the dataset name "${context.datasetName}" as an identifier. Choose another dataset name.`,
    {
      code: 'IDENTIFIER',
      context: { dataset: context.datasetName },
    },
  )
}
