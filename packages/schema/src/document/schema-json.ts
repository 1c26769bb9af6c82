import { readJson } from '../json/json-reader.ts'
import { plainJson } from '../json/plain-json.ts'
import type { Schema } from '../schema.ts'
import { exportedDocument, type SchemaTextOptions } from './exported-document.ts'
import { schemaFromDocument } from './schema-from-document.ts'

/** How {@link schemaToJson} writes. */
export interface SchemaJsonOptions extends SchemaTextOptions {
  /** Whether the text is spread over lines with two spaces a level; false when absent. */
  readonly pretty?: boolean
}

/** A schema as JSON, byte for byte as the reference system writes it. Bump the schema before, if it was changed. */
export function schemaToJson(schema: Schema, options: SchemaJsonOptions = {}): string {
  return plainJson(exportedDocument(schema, options), { pretty: options.pretty ?? false })
}

/**
 * Reads a schema document, also of engine versions 1 to 10, and with or without names of tables and columns. The order of
 * tables and columns is kept, whatever their names.
 *
 * @throws DltError SCHEMA with line and column or path, when the text is not JSON or not a schema.
 */
export function schemaFromJson(text: string): Schema {
  return schemaFromDocument(readJson(text, 'The schema document'))
}
