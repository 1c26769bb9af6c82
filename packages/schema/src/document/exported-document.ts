import type { ColumnSchema, Schema, TableSchema } from '../schema.ts'
import { schemaToDocument } from './schema-document.ts'
import { bumpSchema } from './version.ts'

/** How a schema is written down. */
export interface SchemaTextOptions {
  /** Leaves out what a reader fills in: names of tables and columns, and where the schema was imported from. False when absent. */
  readonly removeDefaults?: boolean
  /** Leaves out marks that loading left: `x-normalizer`, `x-loader`, `x-extractor`. False when absent. */
  readonly removeProcessingHints?: boolean
}

const processingHints: ReadonlySet<string> = new Set(['x-normalizer', 'x-loader', 'x-extractor'])

/** The schema without the marks that loading left: what may be written by hand, or holds for another dataset. Its version stays. */
export function withoutProcessingHints(schema: Schema): Schema {
  const cleanColumn = ({ 'x-normalizer': _, ...column }: ColumnSchema): ColumnSchema => column
  const cleanTable = ({ columns, ...table }: TableSchema): TableSchema => {
    const kept = Object.entries({
      ...table,
      columns: new Map(Array.from(columns, ([name, column]) => [name, cleanColumn(column)])),
    })
    return { name: table.name, columns, ...Object.fromEntries(kept.filter(([key]) => !processingHints.has(key))) }
  }
  return { ...schema, tables: new Map(Array.from(schema.tables, ([name, table]) => [name, cleanTable(table)])) }
}

function withoutNames(table: TableSchema): object {
  const { name: _, ...rest } = table
  const columns = Array.from(table.columns, ([name, { name: _column, ...column }]) => [name, column] as const)
  return { ...rest, columns: new Map(columns) }
}

/**
 * The document of a schema as options ask for it. Without processing hints it has the hash of what is left, and a version
 * higher by one where that differs.
 */
export function exportedDocument(schema: Schema, options: SchemaTextOptions): object {
  const cleaned = options.removeProcessingHints ? bumpSchema(withoutProcessingHints(schema)) : schema
  const document = schemaToDocument(cleaned)
  if (!options.removeDefaults) return document
  const { imported_version_hash: _, ...rest } = document
  return { ...rest, tables: new Map(Array.from(schema.tables.keys(), (name) => [name, nameless(cleaned, name)])) }
}

function nameless(schema: Schema, name: string): object {
  const table = schema.tables.get(name)
  return table === undefined ? {} : withoutNames(table)
}
