import {
  bumpSchema,
  type ColumnSchema,
  createSchema,
  createTable,
  type DataType,
  type Schema,
  updateTable,
} from '@dlt/schema'

/** A nullable column. */
export const column = (
  name: string,
  type: DataType,
  more: Omit<ColumnSchema, 'name' | 'data_type'> = {},
): ColumnSchema => ({
  name,
  data_type: type,
  nullable: true,
  ...more,
})

/** Columns of `_dlt_pipeline_state`, in their order. */
export const stateColumns: readonly ColumnSchema[] = [
  column('version', 'bigint', { nullable: false }),
  column('engine_version', 'bigint', { nullable: false }),
  column('pipeline_name', 'text', { nullable: false }),
  column('state', 'text', { nullable: false }),
  column('created_at', 'timestamp', { nullable: false }),
  column('version_hash', 'text'),
  column('_dlt_load_id', 'text', { nullable: false, precision: 64 }),
  column('_dlt_id', 'text', { nullable: false, unique: true, row_key: true }),
]

/** Tables of a sample schema: name -> columns. */
export type SampleTables = Readonly<Record<string, readonly ColumnSchema[]>>

/** A schema with tables, its version and hash up to date. */
export const sampleSchema = (name: string, tables: SampleTables, base: Schema = createSchema(name)): Schema => {
  let schema = base
  for (const [table, columns] of Object.entries(tables))
    schema = updateTable(schema, createTable(table, { resource: table, writeDisposition: 'append', columns })).schema
  return bumpSchema(schema)
}
