import { DltError } from '../dlt-error.ts'
import { normalizeTable } from '../evolution/normalize-table.ts'
import { namingConvention } from '../naming/naming-convention.ts'
import { codePointLength } from '../naming/python-text.ts'
import type { Schema } from '../schema.ts'
import { loadsTable, versionTable } from './system-tables.ts'
import { bumpSchema } from './version.ts'

/** The version of the layout of schema documents that is written here; older ones are migrated when they are read. */
export const schemaEngineVersion = 11

const longestName = 64

/** What {@link createSchema} may be told. */
export interface CreateSchemaOptions {
  /** Naming convention, as for `namingConvention`; `snake_case` when absent. */
  readonly naming?: string
}

/** Refuses names that are no identifiers of at most 64 characters. @throws DltError SCHEMA */
export function requireSchemaName(name: string): void {
  if (/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name) && codePointLength(name) <= longestName) return
  throw new DltError(
    `"${name}" is not a name for a schema. Use letters, digits and underscores, not beginning with a digit, at most ${longestName} characters.`,
    { code: 'SCHEMA', context: { schema: name } },
  )
}

/**
 * A new schema, with the system's own tables and the standard hints for `_dlt_` columns. Its version is 1 and its hash set.
 *
 * @throws DltError SCHEMA for a name that is no identifier, CONFIGURATION for an unknown naming convention.
 */
export function createSchema(name: string, options: CreateSchemaOptions = {}): Schema {
  requireSchemaName(name)
  const names = options.naming ?? 'snake_case'
  const naming = namingConvention(names)
  const column = (identifier: string): string => naming.normalizeIdentifier(identifier)
  const tables = [versionTable(), loadsTable()].map((table) => normalizeTable(table, naming))
  return bumpSchema({
    version: 1,
    version_hash: '',
    engine_version: schemaEngineVersion,
    name,
    tables: new Map(tables.map((table) => [table.name, table])),
    settings: {
      detections: ['iso_timestamp'],
      default_hints: {
        not_null: ['_dlt_id', '_dlt_root_id', '_dlt_parent_id', '_dlt_list_idx', '_dlt_load_id'].map(column),
        parent_key: [column('_dlt_parent_id')],
        root_key: [column('_dlt_root_id')],
        unique: [column('_dlt_id')],
        row_key: [column('_dlt_id')],
      },
    },
    normalizers: { names, json: { module: 'dlt.common.normalizers.json.relational' } },
    previous_hashes: [],
  })
}
