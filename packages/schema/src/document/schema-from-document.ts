import { DltError } from '../dlt-error.ts'
import { rootTableOf } from '../evolution/table-tree.ts'
import type { OrderedJson } from '../json/json-reader.ts'
import { schemaNaming } from '../naming/schema-naming.ts'
import type { ColumnSchema, JsonValue, Schema, TableSchema } from '../schema.ts'
import { requireSchemaName } from './create-schema.ts'
import { isJsonMap, type JsonMap, listAt, mapAt, textAt } from './json-map.ts'
import { migrateDocument } from './migrations.ts'
import { requireShape, schemaShape } from './schema-shape.ts'
import { systemTableNames } from './system-tables.ts'
import { bumpSchema } from './version.ts'

/** A value with maps turned into objects; for parts of the document whose keys are not data. */
function plainValue(value: OrderedJson): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return Number(value)
  if (isJsonMap(value)) return Object.fromEntries(Array.from(value, ([key, item]) => [key, plainValue(item)]))
  return Array.from(value.values(), plainValue)
}

/**
 * The properties of an object of the document. The one place where a document becomes typed values: `requireShape` has
 * checked it, which the type system cannot follow. Nulls say no more than absence, but for extensions.
 */
function properties<Properties>(map: JsonMap): Properties {
  const kept = Array.from(map).filter(([key, value]) => value !== null || key.startsWith('x-'))
  return Object.fromEntries(kept.map(([key, value]) => [key, plainValue(value)])) as Properties
}

function readColumn(name: string, column: JsonMap): ColumnSchema {
  return { ...properties<ColumnSchema>(column), name }
}

function readTable(name: string, table: JsonMap): TableSchema {
  const columns = new Map<string, ColumnSchema>()
  for (const columnName of mapAt(table, 'columns').keys()) {
    columns.set(columnName, readColumn(columnName, mapAt(mapAt(table, 'columns'), columnName)))
  }
  const read: TableSchema = { ...properties<TableSchema>(table), name, columns }
  if (read.parent) return read
  return { ...read, write_disposition: read.write_disposition ?? 'append', resource: read.resource ?? name }
}

function textsAt(map: JsonMap, key: string): readonly string[] {
  return listAt(map, key).filter((item) => typeof item === 'string')
}

function readSchema(document: JsonMap, name: string): Schema {
  const version = document.get('version')
  const imported = textAt(document, 'imported_version_hash')
  const description = textAt(document, 'description')
  const tables = mapAt(document, 'tables')
  return {
    version: typeof version === 'number' ? version : 0,
    version_hash: textAt(document, 'version_hash') ?? '',
    engine_version: Number(document.get('engine_version')),
    name,
    tables: new Map(Array.from(tables.keys(), (table) => [table, readTable(table, mapAt(tables, table))])),
    settings: properties(mapAt(document, 'settings')),
    normalizers: properties(mapAt(document, 'normalizers')),
    previous_hashes: textsAt(document, 'previous_hashes'),
    ...(imported && { imported_version_hash: imported }),
    ...(description && { description }),
  }
}

/**
 * A schema from its document: migrated from older engine versions, checked, with absent names and defaults filled in, and
 * with a new version and hash where that changed the content.
 *
 * @throws DltError SCHEMA when the document is not a schema.
 */
export function schemaFromDocument(document: OrderedJson): Schema {
  const stored: JsonMap = isJsonMap(document) ? document : new Map()
  const migrated = migrateDocument(stored)
  requireShape(migrated, schemaShape, '')
  const name = textAt(migrated, 'name') ?? ''
  requireSchemaName(name)
  const schema = readSchema(migrated, name)
  requireTables(schema)
  return bumpSchema(schema)
}

function requireTables(schema: Schema): void {
  const naming = schemaNaming(schema)
  for (const system of [systemTableNames.version, systemTableNames.loads]) {
    const name = naming.normalizeTableIdentifier(system)
    if (!schema.tables.has(name)) refuse(schema, `it has no table "${name}"`)
  }
  for (const table of schema.tables.values()) {
    if (table.parent && !schema.tables.has(table.parent)) {
      refuse(schema, `table "${table.name}" is nested in "${table.parent}", which it does not have`)
    }
    rootTableOf(schema, table.name)
  }
}

function refuse(schema: Schema, problem: string): never {
  throw new DltError(
    `Schema "${schema.name}" is damaged: ${problem}. Restore the document, or create the schema anew.`,
    {
      code: 'SCHEMA',
      context: { schema: schema.name },
    },
  )
}
