import { hashSchema, schemaFromJson } from '@dlt/schema'
import type { StoredDocument } from './engines/engine.ts'

/** Hashes of stored schemas that are not those that this system computes. */
export function verifyHere(stored: readonly StoredDocument[]): readonly string[] {
  return stored
    .map(({ hash, text }) => ({ hash, schema: schemaFromJson(text) }))
    .filter(({ hash, schema }) => hash !== schema.version_hash || hash !== hashSchema(schema))
    .map(({ hash }) => hash)
}
