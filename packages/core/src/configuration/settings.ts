import type { Setting } from '@dlt/destination'

/** The arguments of `dlt.pipeline`; sections `pipelines.<pipeline name>`. */
export const pipelineSettings = [
  {
    key: 'pipeline_name',
    option: 'pipelineName',
    type: 'text',
    default: '`dlt_` and the name of the executing script',
    effect: 'Name of the pipeline; its state is found by it.',
  },
  {
    key: 'working_dir',
    option: 'workingDir',
    type: 'text',
    default: '`<name>` in `pipelines_dir`',
    effect: "Folder for the pipeline's packages, state and schemas.",
  },
  {
    key: 'pipelines_dir',
    type: 'text',
    default: '`~/.dlt/pipelines`, `/var/dlt/pipelines` for root, below `$DLT_DATA_DIR` where that is set',
    effect: 'Folder in which each pipeline has its working directory.',
  },
  {
    key: 'pipeline_secret',
    alias: 'pipeline_salt',
    option: 'pipelineSecret',
    type: 'text',
    secret: true,
    default: 'random in each process',
    effect: 'Secret for deterministic hashing; never written anywhere.',
  },
  {
    key: 'destination_type',
    option: 'destination',
    type: 'text',
    default: 'none',
    effect: 'Where data goes: an official name, a package, or a name with a `destination.<name>.destination_type`.',
  },
  {
    key: 'destination_name',
    type: 'text',
    default: 'the type of the destination',
    effect: 'Name of the destination, and with it the section of its settings: `destination.<name>`.',
  },
  {
    key: 'dataset_name',
    option: 'datasetName',
    type: 'text',
    default: "the pipeline's name",
    effect: 'Name of the dataset at the destination.',
  },
  {
    key: 'dev_mode',
    option: 'devMode',
    type: 'boolean',
    default: '`false`',
    effect: 'Starts anew in each process, in a dataset with the time as suffix; nothing is restored.',
  },
  {
    key: 'restore_from_destination',
    option: 'restoreFromDestination',
    type: 'boolean',
    default: '`true`',
    effect: 'Whether `run` takes state and schemas from the destination where they are newer there.',
  },
  {
    key: 'refresh',
    option: 'refresh',
    type: { oneOf: ['drop_sources', 'drop_resources', 'drop_data'] },
    default: 'none',
    effect:
      'How much begins anew with each run: tables and state of sources or resources are dropped, or only rows and state.',
  },
  {
    key: 'use_single_dataset',
    option: 'useSingleDataset',
    type: 'boolean',
    default: '`true`',
    effect: 'Whether all schemas go into one dataset; else all but the default schema have `<dataset>_<schema>`.',
  },
  {
    key: 'dataset_name_layout',
    option: 'datasetNameLayout',
    type: 'text',
    default: '`%s`',
    effect: "Pattern for the dataset's name, which stands where `%s` is.",
  },
  {
    key: 'import_schema_path',
    option: 'importSchemaPath',
    type: 'text',
    default: 'none',
    effect: 'Folder from which schemas are taken, `<schema>.schema.yaml`; those that are missing are written there.',
  },
  {
    key: 'export_schema_path',
    option: 'exportSchemaPath',
    type: 'text',
    default: 'none',
    effect: 'Folder into which each schema is written when it changed.',
  },
] as const

/** Section `schema`; also for one source, `sources.<name>.schema`. */
export const namingSettings = [
  {
    key: 'naming',
    type: 'text',
    default: '`snake_case`',
    effect:
      'Naming convention of new schemas: `snake_case`, `duck_case`, `direct`, `sql_ci_v1`, `sql_cs_v1` or `s3_tables`; also for one source, `sources.<name>.schema.naming`.',
  },
] as const

/** Section `schema`. */
export const schemaSettings = [
  {
    key: 'external_schema_format',
    option: 'externalSchemaFormat',
    type: { oneOf: ['yaml', 'json', 'mermaid', 'dbml'] },
    default: '`yaml`',
    effect: 'Form of the files in both folders; `mermaid` and `dbml` can only be exported.',
  },
  {
    key: 'external_schema_format_remove_defaults',
    type: 'boolean',
    default: '`true`',
    effect: 'Whether names of tables and columns are left out of these files where the key says them.',
  },
  {
    key: 'promotion',
    option: 'promotion',
    type: 'boolean',
    default: '`true`',
    effect:
      'Whether columns get a wider type where values need it and the destination can alter them; else variant columns take those, as in Python dlt.',
  },
  {
    key: 'quarantine',
    option: 'quarantine',
    type: 'boolean',
    default: '`false`',
    effect: 'Whether rows and values that schema contracts discard are kept in the table `_dlt_rejected`.',
  },
] as const

/** Section `runtime`. */
export const runtimeSettings = [
  {
    key: 'log_level',
    type: { oneOf: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] },
    default: '`WARNING`',
    effect: 'The least important messages that are written to stderr.',
  },
] as const

/** Section `extract`; also for one source, `sources.<name>.extract`. */
export const extractSettings = [
  {
    key: 'max_parallel_items',
    type: 'integer',
    minimum: 1,
    default: '`20`',
    effect:
      'How many asynchronous resources of a source are read at once, and how many promises of its parallelized ones are under way at once.',
  },
  {
    key: 'next_item_mode',
    type: { oneOf: ['round_robin', 'fifo'] },
    default: '`round_robin`',
    effect: 'Whether the resources of a source take turns, or are read one after another.',
  },
] as const

/** Section `data_writer`; also for one source, `sources.<name>.data_writer`. */
export const dataWriterSettings = [
  {
    key: 'buffer_max_items',
    type: 'integer',
    minimum: 1,
    default: '`20000`',
    effect: 'Rows of a table that wait in memory before a page of them is written.',
  },
  {
    key: 'buffer_max_bytes',
    type: 'integer',
    minimum: 1024,
    default: '`8388608` (8 MiB)',
    effect: 'Bytes, about, after which a page is written; rows of all tables together take at most four times as much.',
  },
] as const

/** Section `normalize`. */
export const normalizeSettings = [
  {
    key: 'workers',
    option: 'normalizeWorkers',
    type: 'integer',
    minimum: 1,
    default: 'one for each processor',
    effect: 'Worker threads for packages that are not small.',
  },
] as const

/** Section `load`. */
export const loadSettings = [
  {
    key: 'workers',
    type: 'integer',
    minimum: 1,
    default: 'as the destination has it',
    effect: 'How many threads or connections a destination loads with at once, where it can choose.',
  },
  {
    key: 'on_failed_package',
    type: { oneOf: ['block', 'abort'] },
    default: '`block`',
    effect:
      'What becomes of a package that the destination refuses for good: it waits and is tried again before anything else, or it is given up and its rows are extracted again.',
  },
  {
    key: 'raise_on_failed_jobs',
    type: 'boolean',
    default: '`false`',
    effect: 'Whether a package that the destination refuses for good is thrown, not only reported.',
  },
] as const

/** Settings that are looked for under one section. */
export interface SettingGroup {
  readonly title: string
  /** Where they are looked for, for people. */
  readonly section: string
  readonly settings: readonly Setting[]
}

/** All settings of core, as they are listed. */
export const settingGroups: readonly SettingGroup[] = [
  { title: 'Pipeline', section: 'pipelines.<pipeline name>', settings: pipelineSettings },
  { title: 'Schema', section: 'schema', settings: [...schemaSettings, ...namingSettings] },
  { title: 'Runtime', section: 'runtime', settings: runtimeSettings },
  { title: 'Extract', section: 'extract', settings: extractSettings },
  { title: 'Pages', section: 'data_writer', settings: dataWriterSettings },
  { title: 'Normalize', section: 'normalize', settings: normalizeSettings },
  { title: 'Load', section: 'load', settings: loadSettings },
]
