import { type DatasetReader, type DestinationClient, DestinationError } from '@dlt/destination'
import { type DltTables, dltTables, qualifiedName, sql } from '@dlt/destination/sql'
import {
  type ColumnSchema,
  DltError,
  isCompleteColumn,
  isDltTable,
  namingConvention,
  nearestName,
  type Schema,
  schemaNaming,
  type TableSchema,
} from '@dlt/schema'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import { normalizerMarks } from '../hints/normalizer-marks.ts'
import { decodeStoredSchema } from '../state/stored-state.ts'
import type { DatasetSchemas } from './dataset-options.ts'
import { readAll } from './query/read-all.ts'

/** A table of a dataset. */
export interface CatalogTable {
  readonly name: string
  /** Its schema; where several schemas have the table, with the columns of all of them. */
  readonly schema: TableSchema
  /** Complete columns by name. */
  readonly columns: ReadonlyMap<string, ColumnSchema>
  /** Whether it is one of dlt's own. */
  readonly isSystem: boolean
  /** Name of the column with the load id, under the naming convention of the schema; the table may lack it. */
  readonly loadIdColumn: string
}

/** What a dataset holds, by its schemas. */
export class DatasetCatalog {
  readonly datasetName: string
  readonly schemas: readonly Schema[]
  /** Names of dlt's own tables. */
  readonly system: DltTables
  readonly tables: ReadonlyMap<string, CatalogTable>

  constructor(datasetName: string, schemas: readonly Schema[], system: DltTables) {
    this.datasetName = datasetName
    this.schemas = schemas
    this.system = system
    this.tables = tablesOf(schemas)
  }

  /** A table. @throws DltError SCHEMA with the name that was probably meant */
  table(name: string): CatalogTable {
    const table = this.tables.get(name)
    if (table !== undefined) return table
    const names = [...this.tables.values()].filter(({ isSystem }) => !isSystem).map((one) => one.name)
    throw new DltError(
      `The dataset "${this.datasetName}" has no table "${name}". ${remedy(name, names, 'Load data into it first.')}`,
      { code: 'SCHEMA', context: { dataset: this.datasetName, table: name } },
    )
  }
}

/** What to write instead of a name that does not exist. */
export const remedy = (name: string, known: readonly string[], otherwise: string): string => {
  const meant = nearestName(name, known)
  if (meant !== undefined) return `Did you mean "${meant}"?`
  if (known.length === 0) return otherwise
  const listed = known.slice(0, 10).map((one) => `"${one}"`)
  return `There is ${listed.join(', ')}${known.length > listed.length ? ` and ${known.length - listed.length} more` : ''}.`
}

/** Tables that exist at the destination: those with data, and dlt's own. */
function tablesOf(schemas: readonly Schema[]): ReadonlyMap<string, CatalogTable> {
  const tables = new Map<string, CatalogTable>()
  for (const schema of schemas) {
    const naming = schemaNaming(schema)
    const prefix = naming.normalizeTableIdentifier('_dlt')
    const loadIdColumn = naming.normalizeIdentifier('_dlt_load_id')
    for (const table of schema.tables.values()) {
      const isSystem = isDltTable(table.name, prefix)
      if (!isSystem && normalizerMarks(table)['seen-data'] !== true) continue
      tables.set(table.name, withTable(tables.get(table.name), { table, isSystem, loadIdColumn }))
    }
  }
  return tables
}

interface FoundTable {
  readonly table: TableSchema
  readonly isSystem: boolean
  readonly loadIdColumn: string
}

function withTable(known: CatalogTable | undefined, { table, ...more }: FoundTable): CatalogTable {
  const columns = new Map(known?.columns)
  for (const column of table.columns.values()) {
    if (!isCompleteColumn(column)) continue
    // What one of the schemas lacks, its rows do not have.
    const isShared = known === undefined || known.columns.has(column.name)
    columns.set(column.name, isShared ? column : { ...column, nullable: true })
  }
  const references = [...(known?.schema.references ?? []), ...(table.references ?? [])]
  const schema = { ...(known?.schema ?? table), columns, ...(references.length > 0 && { references }) }
  return { name: table.name, schema, columns, ...more }
}

/** Reads what a dataset holds. @throws DestinationError `undefined-entity` where it does not exist */
export const readCatalog = async (
  client: DestinationClient,
  reader: DatasetReader,
  { destination, context }: PipelineTarget,
  schemas: DatasetSchemas,
): Promise<DatasetCatalog> => {
  const naming = schemas.given?.[0] === undefined ? context.naming : schemaNaming(schemas.given[0])
  const system = dltTables(naming ?? namingConvention('snake_case'))
  const found = schemas.given ?? (await storedSchemas(client, reader, system, schemas))
  if (found !== undefined) return new DatasetCatalog(client.datasetName, found, system)
  throw new DestinationError(
    `The dataset "${client.datasetName}" does not exist at ${destination.describe(context)}, or nothing was loaded into it. Check its name, or load data first.`,
    { kind: 'undefined-entity', context: { destination: destination.name, dataset: client.datasetName } },
  )
}

/** The schemas of a dataset; undefined where it has none. */
const storedSchemas = async (
  client: DestinationClient,
  reader: DatasetReader,
  system: DltTables,
  { known }: DatasetSchemas,
): Promise<readonly Schema[] | undefined> => {
  const names = await schemaNames(client, reader, system)
  const schemas: Schema[] = []
  for (const name of names) {
    const stored = await client.storedSchema(name)
    if (stored === undefined) continue
    const schema =
      known.get(stored.versionHash) ?? decodeStoredSchema(stored.schema, name, `dataset "${client.datasetName}"`)
    known.set(stored.versionHash, schema)
    schemas.push(schema)
  }
  return schemas.length === 0 ? undefined : schemas
}

const schemaNames = async (
  { datasetName }: DestinationClient,
  reader: DatasetReader,
  { version }: DltTables,
): Promise<readonly string[]> => {
  const name = sql.id(version.schemaName)
  try {
    const rows = await readAll(
      reader,
      sql`SELECT DISTINCT ${name} AS schema_name FROM ${qualifiedName(datasetName, version.table)} ORDER BY ${name}`,
    )
    return rows.map(({ schema_name: schema }) => String(schema))
  } catch (error) {
    if (DestinationError.is(error, 'undefined-entity')) return []
    throw error
  }
}
