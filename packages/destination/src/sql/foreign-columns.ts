import { isCompleteColumn, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { qualifiedName } from './data-definition.ts'
import type { ExistingColumns } from './existing-columns.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'

/**
 * Columns of a table that the schema does not know and that need a value in each row, so that rows of the schema would be refused. They come
 * from other schemas: of other pipelines, or of this one before it began anew without its working directory.
 */
export const requiredForeignColumns = (table: TableSchema, existing: ExistingColumns): readonly string[] => {
  const known = [...table.columns.values()].filter(isCompleteColumn)
  return existing.requiredBeside(
    table.name,
    known.map(({ name }) => name),
  )
}

const refused = (place: ForeignColumn, reason: DestinationError): DestinationError =>
  new DestinationError(
    `Column "${place.column}" of table "${place.table}" (dataset "${place.dataset}") needs a value, the schema "${place.schema}" does not have it, and the destination cannot allow nulls in it: ${reason.message} Allow nulls in it by hand (some databases want the indexes of the table dropped before), or load into another table.`,
    { kind: 'terminal', context: { ...place }, cause: reason },
  )

interface ForeignColumn {
  readonly dataset: string
  readonly schema: string
  readonly table: string
  readonly column: string
}

/**
 * Allows nulls in columns of a table that the schema does not know. Nothing else of the table changes, and it can be repeated.
 * @throws DestinationError terminal where the database refuses it, for instance because of an index; nothing was loaded then
 */
export const relaxColumns = async (
  { dataset, schema }: Pick<SchemaUpdate, 'dataset' | 'schema'>,
  table: TableSchema,
  columns: readonly string[],
  executor: SqlExecutor,
): Promise<void> => {
  for (const column of columns) {
    try {
      await executor.execute(
        sql`ALTER TABLE ${qualifiedName(dataset, table.name)}\nALTER COLUMN ${sql.id(column)} DROP NOT NULL`,
      )
    } catch (error) {
      if (!DestinationError.is(error, 'terminal')) throw error
      throw refused({ dataset, schema: schema.name, table: table.name, column }, error)
    }
  }
}
