import type { TableSchema } from '@dlt/schema'
import type { DestinationCapabilities } from '../capabilities.ts'
import { DestinationError } from '../destination-error.ts'

/**
 * Refuses names that a database, which counts bytes, would cut off without a word: what was loaded could not be found again. Naming conventions
 * shorten them; names of schemas that were made for another destination may be longer.
 * @throws DestinationError terminal
 */
export const refuseLongNames = (
  dataset: string,
  tables: readonly TableSchema[],
  { identifiers: { maxLength, lengthIn } }: Pick<DestinationCapabilities, 'identifiers'>,
): void => {
  if (lengthIn !== 'bytes') return
  const refuse = (name: string, what: string, context: { readonly table?: string; readonly column?: string }): void => {
    const bytes = Buffer.byteLength(name)
    if (bytes <= maxLength) return
    throw new DestinationError(
      `The name of ${what} has ${bytes} bytes in UTF-8, and the destination takes at most ${maxLength}. Give it a shorter name, or use a naming convention that leaves only letters of one byte, such as "snake_case".`,
      { kind: 'terminal', context: { dataset, ...context } },
    )
  }
  refuse(dataset, `dataset "${dataset}"`, {})
  for (const { name: table, columns } of tables) {
    refuse(table, `table "${table}"`, { table })
    for (const column of columns.keys()) refuse(column, `column "${column}" of table "${table}"`, { table, column })
  }
}
