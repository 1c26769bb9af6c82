import type { ColumnChange } from '@dlt/schema'

/** A change of a schema on purpose: a column is dropped, or gets another name. */
export type SchemaChange = ColumnChange & {
  /** Name of the schema. Default: the default schema. */
  readonly schema?: string
}
