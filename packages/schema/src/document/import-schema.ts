import { DltError } from '../dlt-error.ts'
import { survivingColumns } from '../evolution/altered-columns.ts'
import { isCompleteColumn } from '../evolution/column-properties.ts'
import { isDltTable } from '../evolution/table-tree.ts'
import { schemaNaming } from '../naming/schema-naming.ts'
import type { ColumnSchema, Schema, TableSchema } from '../schema.ts'
import { withoutProcessingHints } from './exported-document.ts'
import { bumpSchema, hashSchema } from './version.ts'

/** What a table keeps although a file does not say it: marks, and where the values of its paths are. */
const kept = [
  'x-normalizer',
  'x-loader',
  'x-extractor',
  'x-column-names',
  'x-table-names',
  'x-dropped-columns',
] as const

/** The properties that say which values a column takes. */
const typeProperties = ['data_type', 'precision', 'scale', 'timezone'] as const

/**
 * Whether a schema file says something else than when it was last read or written: the schema remembers the hash of what was
 * imported, and a file that was exported from the schema has the schema's hash, with or without marks.
 */
export function isFileChanged(known: Schema, given: Schema): boolean {
  const { version_hash: hash } = given
  if (hash === known.imported_version_hash || hash === known.version_hash) return false
  return hash !== hashSchema(withoutProcessingHints(known))
}

/** A schema that begins with a file: without marks that loading left, and linked to the file. */
export function newSchemaFromFile(given: Schema): Schema {
  return { ...bumpSchema(withoutProcessingHints(given)), imported_version_hash: given.version_hash }
}

/**
 * A schema with the content of a file instead of its own. Tables and columns that have data stay, after those of the file: the
 * destination has them. The version is counted up, and the hash so far joins the previous ones.
 *
 * @throws DltError SCHEMA where the file gives a column that has data another type, or the schema other names
 */
export function importSchema(known: Schema, given: Schema): Schema {
  const loaded = [...known.tables.values()].filter(hasData)
  if (loaded.length > 0) requireSameNames(known, given)
  const tables = new Map(withoutProcessingHints(given).tables)
  for (const table of known.tables.values()) {
    const imported = tables.get(table.name)
    if (imported !== undefined && hasData(table)) tables.set(table.name, withLoaded(known, imported, table))
    if (imported === undefined && (hasData(table) || isSystemTable(known, table))) tables.set(table.name, table)
  }
  const { version, version_hash, previous_hashes } = known
  const content: Schema = { ...given, tables, version, version_hash, previous_hashes }
  return { ...bumpSchema(content), imported_version_hash: given.version_hash }
}

function hasData(table: TableSchema): boolean {
  const marks = table['x-normalizer']
  return typeof marks === 'object' && marks !== null && 'seen-data' in marks && marks['seen-data'] === true
}

function isSystemTable(schema: Schema, { name }: TableSchema): boolean {
  return isDltTable(name, schemaNaming(schema).normalizeTableIdentifier('_dlt'))
}

function requireSameNames(known: Schema, given: Schema): void {
  const { names } = known.normalizers
  if (names === given.normalizers.names) return
  throw new DltError(
    `it names tables and columns by "${given.normalizers.names}", but data of schema "${known.name}" was loaded with names by "${names}". Put "${names}" back, or load into another dataset.`,
    { code: 'SCHEMA', context: { schema: known.name } },
  )
}

function withLoaded(schema: Schema, imported: TableSchema, known: TableSchema): TableSchema {
  if ((imported.parent ?? '') !== (known.parent ?? '')) refuseParent(schema, known)
  const columns = new Map<string, ColumnSchema>()
  for (const column of survivingColumns(known, imported.columns).values()) {
    columns.set(column.name, withType(schema, known, column, known.columns.get(column.name)))
  }
  for (const column of known.columns.values()) {
    if (!columns.has(column.name) && isCompleteColumn(column)) columns.set(column.name, column)
  }
  const records = Object.fromEntries(kept.flatMap((key) => (known[key] === undefined ? [] : [[key, known[key]]])))
  return { ...records, ...imported, columns }
}

/** The column of the file with the type that it has at the destination. */
function withType(
  schema: Schema,
  table: TableSchema,
  column: ColumnSchema,
  known: ColumnSchema | undefined,
): ColumnSchema {
  if (known === undefined || !isCompleteColumn(known)) return column
  const type = Object.fromEntries(
    typeProperties.flatMap((property) => (known[property] === undefined ? [] : [[property, known[property]]])),
  )
  if (!isCompleteColumn(column)) return { ...column, ...type }
  if (typeProperties.every((property) => column[property] === known[property])) return column
  throw new DltError(
    `it declares column "${column.name}" of table "${table.name}" as ${describe(column)}, but the column has data as ${describe(known)}. Put the type back, give the column another name, or load into another dataset.`,
    { code: 'SCHEMA', context: { schema: schema.name, table: table.name, column: column.name } },
  )
}

function refuseParent(schema: Schema, { name, parent }: TableSchema): never {
  const was = parent ? `is nested in "${parent}"` : 'is a root table'
  throw new DltError(
    `it moves table "${name}", which has data and ${was}. Put its parent back, or give the table another name.`,
    { code: 'SCHEMA', context: { schema: schema.name, table: name } },
  )
}

function describe({ data_type: type, precision, scale, timezone }: ColumnSchema): string {
  const details = [
    ...(precision === undefined ? [] : [`precision ${precision}`]),
    ...(scale === undefined ? [] : [`scale ${scale}`]),
    ...(timezone === undefined ? [] : [`timezone ${timezone}`]),
  ]
  return details.length === 0 ? `"${type}"` : `"${type}" (${details.join(', ')})`
}
