import type { DestinationClient, LoadOutcome, LoadRequest } from '@dlt/destination'
import {
  bumpSchema,
  type ColumnSchema,
  type CreateTableOptions,
  createSchema,
  createTable,
  type Extensions,
  type Schema,
  updateTable,
} from '@dlt/schema'
import type { Cell } from './canonical-value.ts'
import type { CaseContext } from './conformance-case.ts'
import { column } from './sample-schema.ts'

/** Tables of a sample schema: name -> what {@link createTable} makes them of. */
export type SampleDefinitions = Readonly<Record<string, CreateTableOptions>>

/** Marks a table that has had rows, so that it exists at the destination. */
export const seenData: Extensions = { 'x-normalizer': { 'seen-data': true } }

/** A schema with tables of any kind, its version and hash up to date. */
export const definedSchema = (tables: SampleDefinitions, base: Schema = createSchema('sample')): Schema => {
  let schema = base
  for (const [name, options] of Object.entries(tables)) schema = updateTable(schema, createTable(name, options)).schema
  return bumpSchema(schema)
}

/** The row id of a table. */
export const rowId: ColumnSchema = column('_dlt_id', 'text', { nullable: false, unique: true, row_key: true })

/** The columns by which a nested table names its rows, parents and roots. */
export const nestedKeys: readonly ColumnSchema[] = [
  column('_dlt_root_id', 'text', { nullable: false, root_key: true }),
  column('_dlt_parent_id', 'text', { nullable: false, parent_key: true }),
  rowId,
]

/** Rows by table, cells in the order of the table's columns in the schema. */
export type SampleData = Readonly<Record<string, readonly (readonly Cell[])[]>>

/** A dataset that sample packages are loaded into. */
export interface SampleDataset {
  readonly client: DestinationClient
  /** Loads a package with one file per table. */
  load(loadId: string, data: SampleData, more?: Partial<LoadRequest>): Promise<LoadOutcome>
  /** Canonical values of some columns of a table, sorted. */
  rows(table: string, ...columns: readonly string[]): Promise<readonly (readonly (string | null)[])[]>
}

/** Opens a dataset and makes its tables; names say which of the schema, all when there are none. */
export const openDataset = async (
  context: CaseContext,
  schema: Schema,
  names: readonly string[] = [...schema.tables.keys()],
): Promise<SampleDataset> => {
  const client = await context.connect()
  await client.updateSchema(schema, names)
  const columnsOf = (table: string) => [...(schema.tables.get(table)?.columns.values() ?? [])]
  return {
    client,
    load: async (loadId, data, more = {}) => {
      const jobs = await Promise.all(
        Object.entries(data).map(([tableName, rows]) =>
          context.file({ tableName, columns: columnsOf(tableName), rows }),
        ),
      )
      return client.load({ loadId, schema, jobs, truncateTables: [], ...more })
    },
    rows: (table, ...names) =>
      context.rows(
        client,
        table,
        names.map((name) => schema.tables.get(table)?.columns.get(name) ?? column(name, 'text')),
      ),
  }
}
