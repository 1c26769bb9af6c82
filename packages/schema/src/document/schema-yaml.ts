import type { Schema } from '../schema.ts'
import { readYaml } from '../yaml/yaml-reader.ts'
import { writeYaml } from '../yaml/yaml-writer.ts'
import { exportedDocument, type SchemaTextOptions } from './exported-document.ts'
import { schemaFromDocument } from './schema-from-document.ts'

/** A schema as YAML, as the reference system exports it. Bump the schema before, if it was changed. */
export function schemaToYaml(schema: Schema, options: SchemaTextOptions = {}): string {
  return writeYaml(exportedDocument(schema, options))
}

/**
 * Reads a schema document in YAML; otherwise like `schemaFromJson`.
 *
 * @throws DltError SCHEMA with line and column or path, when the text is not YAML or not a schema.
 */
export function schemaFromYaml(text: string): Schema {
  return schemaFromDocument(readYaml(text))
}
