import { createTable } from '../evolution/create-table.ts'
import type { ColumnSchema, TableSchema } from '../schema.ts'

/** Names of the tables that the system keeps beside the data, before they are normalized. */
export const systemTableNames = {
  version: '_dlt_version',
  loads: '_dlt_loads',
  state: '_dlt_pipeline_state',
} as const

/** The table of stored schemas. Columns are only ever added at its end. */
export function versionTable(): TableSchema {
  const columns: readonly ColumnSchema[] = [
    {
      name: 'version',
      data_type: 'bigint',
      nullable: false,
      description: 'Numeric version of the schema, incremented on each schema change',
    },
    {
      name: 'engine_version',
      data_type: 'bigint',
      nullable: false,
      description: 'Version of the dlt schema engine that created this schema',
    },
    {
      name: 'inserted_at',
      data_type: 'timestamp',
      nullable: false,
      description: 'Timestamp when this schema version was stored',
    },
    { name: 'schema_name', data_type: 'text', nullable: false, description: 'Name of the schema' },
    {
      name: 'version_hash',
      data_type: 'text',
      nullable: false,
      description: 'Unique hash of the schema content, used to detect changes',
    },
    {
      name: 'schema',
      data_type: 'text',
      nullable: false,
      description: 'JSON representation of the complete schema definition',
    },
  ]
  const table = createTable(systemTableNames.version, { columns, writeDisposition: 'skip' })
  return { ...table, description: 'Created by DLT. Tracks schema updates' }
}

/** The table of completed loads. Columns are only ever added at its end. */
export function loadsTable(): TableSchema {
  const columns: readonly ColumnSchema[] = [
    {
      name: 'load_id',
      data_type: 'text',
      nullable: false,
      precision: 64,
      description: 'Unique identifier of the load operation',
    },
    {
      name: 'schema_name',
      data_type: 'text',
      nullable: true,
      description: 'Name of the schema associated with this load',
    },
    {
      name: 'status',
      data_type: 'bigint',
      nullable: false,
      description: 'Status of the load operation (0 = success)',
    },
    {
      name: 'inserted_at',
      data_type: 'timestamp',
      nullable: false,
      description: 'Timestamp when the load was completed',
    },
    {
      name: 'schema_version_hash',
      data_type: 'text',
      nullable: true,
      description: 'Hash of the schema version used during this load',
    },
  ]
  const table = createTable(systemTableNames.loads, { columns, writeDisposition: 'skip' })
  return { ...table, description: 'Created by DLT. Tracks completed loads' }
}

/** The table of states of pipelines, as it joins a schema when state is stored with its data. */
export function pipelineStateTable(): TableSchema {
  const columns: readonly ColumnSchema[] = [
    { name: 'version', data_type: 'bigint', nullable: false, description: 'Numeric version of the pipeline state' },
    { name: 'engine_version', data_type: 'bigint', nullable: false, description: 'Version of the dlt state engine' },
    {
      name: 'pipeline_name',
      data_type: 'text',
      nullable: false,
      description: 'Name of the pipeline this state belongs to',
    },
    {
      name: 'state',
      data_type: 'text',
      nullable: false,
      description: 'Compressed JSON representation of the pipeline state',
    },
    {
      name: 'created_at',
      data_type: 'timestamp',
      nullable: false,
      description: 'Timestamp when this state was created',
    },
    {
      name: 'version_hash',
      data_type: 'text',
      nullable: true,
      description: 'Hash of the state content, used to detect changes',
    },
    {
      name: '_dlt_load_id',
      data_type: 'text',
      nullable: false,
      precision: 64,
      description: 'Load identifier linking this row to its load operation',
    },
  ]
  const table = createTable(systemTableNames.state, { columns, writeDisposition: 'append', fileFormat: 'preferred' })
  return { ...table, description: 'Created by DLT. Tracks pipeline state' }
}
