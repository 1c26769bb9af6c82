import { deflateSync } from 'node:zlib'
import {
  type ColumnSchema,
  isCompleteColumn,
  isDltTable,
  type Schema,
  schemaToJson,
  type TableSchema,
} from '@dlt/schema'
import { sql } from 'kysely'
import type { DestinationCapabilities } from '../capabilities.ts'
import type { AlteredColumn, AppliedSchemaChange, SchemaRefresh } from '../destination.ts'
import { addableColumns } from './addable-columns.ts'
import { addColumnStatements, createDataset, createTableStatement, qualifiedName } from './data-definition.ts'
import type { DltTables } from './dlt-tables.ts'
import { type ColumnsByTable, integersAmongDoubles } from './exact-integers.ts'
import { columnsQuery, datasetQuery, type ExistingColumns, existingColumns } from './existing-columns.ts'
import { fillStatements } from './fill-columns.ts'
import { relaxColumns, requiredForeignColumns } from './foreign-columns.ts'
import { refuseLongNames } from './name-lengths.ts'
import type { NarrowColumn } from './narrow-columns.ts'
import { refreshDataset } from './refresh-dataset.ts'
import { hasSeenData } from './seen-data.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlExecutor } from './sql-executor.ts'
import type { SqlFragment } from './sql-fragment.ts'
import { isSchemaStored } from './stored-schema.ts'
import { columnsToWiden, widenColumns } from './widen-columns.ts'

/** What a schema update works on. */
export interface SchemaUpdate {
  readonly dialect: SqlDialect
  readonly capabilities: DestinationCapabilities
  readonly dataset: string
  readonly tables: DltTables
  readonly schema: Schema
  /** Tables that get rows, beside those that have had some. */
  readonly tableNames: readonly string[]
  /** Whether the dataset is compared with a schema that it has a row of already: somebody may have dropped what belongs to it. Default: false. */
  readonly evenIfStored?: boolean
  /** What is removed first; the dataset is then compared too. */
  readonly refresh?: SchemaRefresh
}

/** The tables of a schema that the dataset shall have. */
export const tablesToCreate = ({ schema, tableNames, tables: { prefix } }: SchemaUpdate): readonly TableSchema[] => {
  const listed = new Set(tableNames)
  return [...schema.tables.values()].filter(
    (table) => listed.has(table.name) || isDltTable(table.name, prefix) || hasSeenData(table),
  )
}

/** What an update does to one table. */
interface TableUpdate {
  readonly table: TableSchema
  readonly change: AppliedSchemaChange
  readonly wider: readonly NarrowColumn[]
  /** Columns that allow nulls from now on. */
  readonly relaxed: readonly string[]
}

/**
 * What a table needs to be as in the schema, and to take its rows; nothing where it needs nothing.
 *
 * @param columns those of its columns that are made and widened; all that have a type when absent
 */
export const tableUpdate = (
  update: Pick<SchemaUpdate, 'dialect' | 'dataset' | 'capabilities' | 'tableNames'>,
  table: TableSchema,
  existing: ExistingColumns,
  columns: readonly ColumnSchema[] = [...table.columns.values()].filter(isCompleteColumn),
): TableUpdate | undefined => {
  const { name: tableName } = table
  const created = !existing.hasTable(tableName)
  const added = created ? columns : columns.filter((column) => !existing.hasColumn(tableName, column.name))
  const wider = created ? [] : columnsToWiden(update, { ...table, columns: byName(columns) }, existing)
  const relaxed = update.tableNames.includes(tableName) ? requiredForeignColumns(table, existing) : []
  const alteredColumns = [
    ...relaxed.map((column): AlteredColumn => ({ change: 'nullable', column })),
    ...wider.map(({ column, type, wanted }): AlteredColumn => typeChange(column.name, type, wanted)),
  ]
  // A table without columns cannot exist.
  if (added.length === 0 && alteredColumns.length === 0) return undefined
  const change = { tableName, created, columns: added }
  return { table, wider, relaxed, change: alteredColumns.length === 0 ? change : { ...change, alteredColumns } }
}

const byName = (columns: readonly ColumnSchema[]): ReadonlyMap<string, ColumnSchema> =>
  new Map(columns.map((column) => [column.name, column]))

const typeChange = (column: string, from: string, to: string): AlteredColumn => ({ change: 'type', column, from, to })

const statementsFor = async (
  update: SchemaUpdate,
  { table, change }: TableUpdate,
  isStored: boolean,
  executor: SqlExecutor,
): Promise<readonly SqlFragment[]> => {
  const { dialect, dataset, capabilities, tables } = update
  const { columns } = change
  if (columns.length === 0) return []
  if (change.created)
    return [createTableStatement(dialect, { dataset, table, columns, mayExist: isDltTable(table.name, tables.prefix) })]
  return addColumnStatements(dialect, {
    dataset,
    table,
    columns: await addableColumns(update, table, { columns, isStored }, executor),
    multiplePerAlter: capabilities.ddl.multipleColumnsPerAlter,
  })
}

/** The text of a schema as `_dlt_version` holds it: plain JSON, compressed only where the destination's texts are too short. */
export const storedSchemaText = (schema: Schema, maxTextBytes: number): string => {
  const json = schemaToJson(schema)
  const bytes = Buffer.from(json)
  return bytes.length > maxTextBytes ? deflateSync(bytes, { level: 9 }).toString('base64') : json
}

const insertVersion = ({ dataset, tables: { version }, schema, capabilities }: SchemaUpdate): SqlFragment => sql`
  INSERT INTO ${qualifiedName(dataset, version.table)} (${sql.id(version.version)}, ${sql.id(version.engineVersion)},
    ${sql.id(version.insertedAt)}, ${sql.id(version.schemaName)}, ${sql.id(version.versionHash)}, ${sql.id(version.schema)})
  VALUES (${schema.version}, ${schema.engine_version}, CURRENT_TIMESTAMP, ${schema.name}, ${schema.version_hash},
    ${storedSchemaText(schema, capabilities.load.maxTextBytes)})`

/** The tables of a schema that get rows. */
const tablesToLoad = ({ schema, tableNames }: SchemaUpdate): readonly TableSchema[] =>
  tableNames.flatMap((name) => schema.tables.get(name) ?? [])

/** What {@link applySchema} did and found. */
export interface AppliedSchema {
  readonly changes: readonly AppliedSchemaChange[]
  /** Columns of integers that hold doubles. */
  readonly doubles: ColumnsByTable
}

/**
 * Creates the dataset and what it lacks of a schema, and writes the `_dlt_version` row. Columns are never dropped or renamed, and altered
 * only where the schema promoted them or their type would round values, or where the schema does not know them and its rows would be refused;
 * what a merge needs of new ones is filled in for the rows that are there.
 * Returns no changes where another process has just applied the same schema.
 */
export const applySchema = async (update: SchemaUpdate, executor: SqlExecutor): Promise<AppliedSchema> => {
  const { dialect, dataset, tables, schema, capabilities } = update
  const { caseSensitive } = capabilities.identifiers
  const wanted = tablesToCreate(update)
  refuseLongNames(dataset, wanted, capabilities)
  if (dialect.lockDataset !== undefined) await executor.query(dialect.lockDataset(dataset))
  // Whoever may only use a dataset is refused the statement, though it would do nothing.
  const [found] = await executor.query(datasetQuery({ dialect, dataset, caseSensitive }, tables.version.table))
  if (found === undefined) await executor.execute(dialect.createDataset?.(dataset) ?? createDataset(dataset))
  const { dropTables = [], alterColumns = [] } = update.refresh ?? {}
  const names = [...wanted.map(({ name }) => name), ...dropTables, ...alterColumns.map(({ tableName }) => tableName)]
  const read = async (): Promise<ExistingColumns> =>
    existingColumns(await executor.query(columnsQuery({ dialect, dataset, caseSensitive }, names)), caseSensitive)
  // A dataset that was just made is empty; a database may look through all views that it knows to find that out.
  const atFirst = found === undefined ? existingColumns([], caseSensitive) : await read()
  const refreshed = await refreshDataset(update, atFirst, executor)
  const existing = alterColumns.length === 0 ? refreshed.existing : await read()
  const doubles = integersAmongDoubles(dialect, tablesToLoad(update), existing)
  const stored =
    existing.hasTable(tables.version.table) && (await isSchemaStored(executor, dataset, tables, schema.version_hash))
  if (stored && update.evenIfStored !== true && update.refresh === undefined) return { changes: [], doubles }
  const changes = [...refreshed.changes]
  for (const one of wanted.flatMap((table) => tableUpdate(update, table, existing) ?? [])) {
    await relaxColumns(update, one.table, one.relaxed, executor)
    await widenColumns(update, one.table, one.wider, executor)
    for (const statement of await statementsFor(update, one, stored, executor)) await executor.execute(statement)
    changes.push(one.change)
  }
  for (const statement of fillStatements(update, changes)) await executor.execute(statement)
  if (!stored) await executor.execute(insertVersion(update))
  return { changes, doubles }
}
