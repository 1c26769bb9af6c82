import type { Schema } from '../schema.ts'

/** A schema as it is stored: the keys in the order of the document. `plainJson` writes its maps as objects. */
export type SchemaDocument = Readonly<Record<string, unknown>> & Schema

/** The document of a schema, with its keys in the order in which the reference system writes them. */
export function schemaToDocument(schema: Schema): SchemaDocument {
  return {
    version: schema.version,
    version_hash: schema.version_hash,
    engine_version: schema.engine_version,
    name: schema.name,
    tables: schema.tables,
    settings: schema.settings,
    normalizers: schema.normalizers,
    previous_hashes: schema.previous_hashes,
    ...(schema.imported_version_hash && { imported_version_hash: schema.imported_version_hash }),
    ...(schema.description && { description: schema.description }),
  }
}
