import { DltError } from '../dlt-error.ts'
import type { Schema } from '../schema.ts'
import type { NameLimitOption } from './name-limit.ts'
import { type NamingConvention, namingConvention } from './naming-convention.ts'

/**
 * The naming convention that a schema declares.
 *
 * @param limit the destination's limit for names; no limit when absent.
 */
export function schemaNaming(schema: Schema, limit?: NameLimitOption): NamingConvention {
  return namingConvention(schema.normalizers.names, limit)
}

function requireName(normalized: string, key: string, naming: NamingConvention): string {
  if (normalized === '') {
    throw new DltError(
      `Nothing of the name "${key}" is left under the naming convention "${naming.name}". Rename it in the data, or use another naming convention.`,
      { code: 'IDENTIFIER', context: { path: key } },
    )
  }
  return normalized
}

/**
 * The name of a column, or of a part of one, for a key of a document. Whether path separators in the key are kept
 * depends on the schema: new ones keep them, those made before engine 11 do not.
 *
 * @throws DltError IDENTIFIER when nothing of the key is left.
 */
export function normalizeFieldName(schema: Schema, naming: NamingConvention, key: string): string {
  const keepsPaths = schema.normalizers.use_break_path_on_normalize ?? true
  return requireName(keepsPaths ? naming.normalizePath(key) : naming.normalizeIdentifier(key), key, naming)
}

/**
 * The name of a nested table, or of a part of one, for the key of a list; otherwise like {@link normalizeFieldName}.
 *
 * @throws DltError IDENTIFIER when nothing of the key is left.
 */
export function normalizeListName(schema: Schema, naming: NamingConvention, key: string): string {
  const keepsPaths = schema.normalizers.use_break_path_on_normalize ?? true
  return requireName(keepsPaths ? naming.normalizeTablesPath(key) : naming.normalizeTableIdentifier(key), key, naming)
}
