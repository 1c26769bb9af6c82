import type { Setting } from '@dlt/destination'
import { duckdbReplaceStrategies } from './capabilities.ts'

/** The options that can be configured, under `destination.duckdb` or the destination's own name. */
export const duckdbSettings: readonly Setting[] = [
  {
    key: 'credentials',
    option: 'credentials',
    type: 'text',
    parts: [
      {
        key: 'database',
        option: 'path',
        type: 'text',
        default: 'none',
        effect: 'Path of the file, or `:memory:`.',
      },
    ],
    default: '`<pipeline name>_db.duckdb` in the current directory',
    effect: 'The database: a path, `duckdb:///path` or `:memory:`.',
  },
  {
    key: 'create_indexes',
    option: 'createIndexes',
    type: 'boolean',
    default: '`false`',
    effect: '`unique` hints become UNIQUE constraints; loading gets slower.',
  },
  {
    key: 'session_timezone',
    option: 'sessionTimezone',
    type: 'text',
    default: '`UTC`',
    effect: 'Time zone of the session.',
  },
  {
    key: 'local_config',
    option: 'settings',
    type: 'table',
    default: 'none',
    effect: 'Settings of the session, for instance `memory_limit`.',
  },
  {
    key: 'replace_strategy',
    option: 'replaceStrategy',
    type: { oneOf: duckdbReplaceStrategies },
    default: '`truncate-and-insert`',
    effect: 'How tables with the write disposition `replace` get their new rows.',
  },
  {
    key: 'enable_dataset_name_normalization',
    option: 'normalizeDatasetName',
    type: 'boolean',
    default: '`true`',
    effect: "Whether the dataset's name passes through the naming convention.",
  },
]
