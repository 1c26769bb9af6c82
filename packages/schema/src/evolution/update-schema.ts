import { DltError } from '../dlt-error.ts'
import { schemaNaming } from '../naming/schema-naming.ts'
import type { Schema, SchemaNormalizers } from '../schema.ts'
import { normalizeTable } from './normalize-table.ts'
import { diffSchemas } from './schema-diff.ts'
import { childTables, isNestedTable } from './table-tree.ts'
import { applyTable, type SchemaUpdate } from './update-table.ts'

/** The incoming normalizers, keeping what the schema has set and they leave open. */
function mergeNormalizers(existing: SchemaNormalizers, incoming: SchemaNormalizers): SchemaNormalizers {
  const { allow_identifier_change_on_table_with_data: allow, use_break_path_on_normalize: breaksPaths } = existing
  return {
    ...incoming,
    ...(breaksPaths !== undefined &&
      incoming.use_break_path_on_normalize === undefined && { use_break_path_on_normalize: breaksPaths }),
    ...(allow !== undefined &&
      incoming.allow_identifier_change_on_table_with_data === undefined && {
        allow_identifier_change_on_table_with_data: allow,
      }),
  }
}

/**
 * A schema with another one merged in, for instance the pipeline's with that of a source: settings and normalizers of
 * `other` replace the own ones (with the rules for root keys, which tables get again when they are updated), its tables
 * are merged root tables first.
 *
 * @throws DltError SCHEMA when the naming conventions differ, or tables conflict.
 */
export function updateSchema(schema: Schema, other: Schema): SchemaUpdate {
  const naming = schemaNaming(other)
  if (schemaNaming(schema).name !== naming.name) {
    throw new DltError(
      `Schema "${schema.name}" uses the naming convention "${schema.normalizers.names}" and cannot take over tables that use "${other.normalizers.names}". Use the same naming convention for both.`,
      { code: 'SCHEMA', context: { schema: schema.name } },
    )
  }
  let updated: Schema = {
    ...schema,
    settings: other.settings,
    normalizers: mergeNormalizers(schema.normalizers, other.normalizers),
  }
  for (const root of other.tables.values()) {
    if (isNestedTable(root)) continue
    for (const table of childTables(other, root.name))
      updated = applyTable(updated, normalizeTable(table, naming), true)
  }
  return { schema: updated, diff: diffSchemas(schema.tables, updated.tables) }
}
