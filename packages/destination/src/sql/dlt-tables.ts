import type { NamingConvention } from '@dlt/schema'

/** Names of dlt's own tables and their columns at a destination. */
export interface DltTables {
  /** What the names of all of them begin with. */
  readonly prefix: string
  readonly version: {
    readonly table: string
    readonly version: string
    readonly engineVersion: string
    readonly insertedAt: string
    readonly schemaName: string
    readonly versionHash: string
    readonly schema: string
  }
  readonly loads: {
    readonly table: string
    readonly loadId: string
    readonly schemaName: string
    readonly status: string
    readonly insertedAt: string
    readonly schemaVersionHash: string
  }
  readonly state: {
    readonly table: string
    readonly version: string
    readonly engineVersion: string
    readonly pipelineName: string
    readonly state: string
    readonly createdAt: string
    readonly versionHash: string
    readonly loadId: string
  }
}

/** The names of `_dlt_version`, `_dlt_loads` and `_dlt_pipeline_state` and their columns in a naming convention. */
export const dltTables = (naming: NamingConvention): DltTables => {
  const table = (name: string): string => naming.normalizeTableIdentifier(name)
  const column = (name: string): string => naming.normalizeIdentifier(name)
  return {
    prefix: table('_dlt'),
    version: {
      table: table('_dlt_version'),
      version: column('version'),
      engineVersion: column('engine_version'),
      insertedAt: column('inserted_at'),
      schemaName: column('schema_name'),
      versionHash: column('version_hash'),
      schema: column('schema'),
    },
    loads: {
      table: table('_dlt_loads'),
      loadId: column('load_id'),
      schemaName: column('schema_name'),
      status: column('status'),
      insertedAt: column('inserted_at'),
      schemaVersionHash: column('schema_version_hash'),
    },
    state: {
      table: table('_dlt_pipeline_state'),
      version: column('version'),
      engineVersion: column('engine_version'),
      pipelineName: column('pipeline_name'),
      state: column('state'),
      createdAt: column('created_at'),
      versionHash: column('version_hash'),
      loadId: column('_dlt_load_id'),
    },
  }
}
