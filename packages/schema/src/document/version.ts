import { createHash } from 'node:crypto'
import { compareCodePoints } from '../json/code-point-order.ts'
import { plainJson } from '../json/plain-json.ts'
import type { Schema } from '../schema.ts'
import { schemaToDocument } from './schema-document.ts'

const historyLength = 10

/**
 * The hash of a schema's content: everything but its version, its hashes and where it was imported from. The order of
 * columns counts, the order of other keys does not.
 */
export function hashSchema(schema: Schema): string {
  const { version, version_hash, imported_version_hash, previous_hashes, ...content } = schemaToDocument(schema)
  const hash = createHash('sha3-256').update(plainJson(content, { sortKeys: true }))
  for (const name of [...schema.tables.keys()].sort(compareCodePoints)) {
    hash.update(name)
    for (const column of schema.tables.get(name)?.columns.keys() ?? []) hash.update(column)
  }
  return hash.digest('base64')
}

/** Whether the content of a schema is not what its hash says; true as well for a schema that has no hash yet. */
export function isSchemaModified(schema: Schema): boolean {
  return hashSchema(schema) !== schema.version_hash
}

function remember(hash: string, history: readonly string[]): readonly string[] {
  return history.includes(hash) ? history : [hash, ...history].slice(0, historyLength)
}

/**
 * The schema with the hash of its content. When the content has changed since the last hash, the version is one higher
 * and the former hash joins the previous ones; a schema without a hash keeps its version. Unchanged: the same value.
 */
export function bumpSchema(schema: Schema): Schema {
  const hash = hashSchema(schema)
  if (hash === schema.version_hash) return schema
  if (!schema.version_hash) return { ...schema, version: schema.version || 1, version_hash: hash }
  return {
    ...schema,
    version: schema.version + 1,
    version_hash: hash,
    previous_hashes: remember(schema.version_hash, schema.previous_hashes),
  }
}
