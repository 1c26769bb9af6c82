import type { Setting } from '@dlt/destination'
import { postgresReplaceStrategies } from './capabilities.ts'

const credentialParts: readonly Setting[] = [
  {
    key: 'host',
    option: 'host',
    type: 'text',
    default: '`PGHOST`, otherwise `localhost`',
    effect: 'The server, or the folder of its socket.',
  },
  {
    key: 'port',
    option: 'port',
    type: 'integer',
    minimum: 1,
    default: '`PGPORT`, otherwise 5432',
    effect: 'Its port.',
  },
  {
    key: 'database',
    option: 'database',
    type: 'text',
    default: "`PGDATABASE`, otherwise the user's name",
    effect: 'Name of the database.',
  },
  {
    key: 'username',
    option: 'username',
    type: 'text',
    default: '`PGUSER`, otherwise the user of the process',
    effect: 'Name of the role.',
  },
  {
    key: 'password',
    option: 'password',
    type: 'text',
    secret: true,
    default: '`PGPASSWORD`, otherwise the password file',
    effect: 'Its password.',
  },
  {
    key: 'connect_timeout',
    option: 'connectTimeout',
    type: 'integer',
    minimum: 0,
    default: '`PGCONNECT_TIMEOUT`, otherwise 15',
    effect: 'Seconds that a connection may take.',
  },
  {
    key: 'session_timezone',
    option: 'sessionTimezone',
    type: 'text',
    default: '`UTC`',
    effect: 'Time zone in which statements of a load run.',
  },
  {
    key: 'query',
    option: 'query',
    type: 'table',
    default: 'the `PG…` variables',
    effect: 'Parameters of a connection string, for instance `sslmode`.',
  },
]

/** The options that can be configured, under `destination.postgres` or the destination's own name. */
export const postgresSettings: readonly Setting[] = [
  {
    key: 'credentials',
    option: 'credentials',
    type: 'text',
    secret: true,
    parts: credentialParts,
    whole: 'connectionString',
    default: 'the `PG…` variables and the password file',
    effect: 'The database: `postgresql://user:password@host:port/database?sslmode=…`.',
  },
  {
    key: 'create_indexes',
    option: 'createIndexes',
    type: 'boolean',
    default: '`true`',
    effect: '`unique` hints become UNIQUE constraints; loading gets slower.',
  },
  {
    key: 'replace_strategy',
    option: 'replaceStrategy',
    type: { oneOf: postgresReplaceStrategies },
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
  {
    key: 'lock_timeout',
    option: 'lockTimeout',
    type: 'integer',
    minimum: 0,
    default: '10000',
    effect: 'Milliseconds that a statement waits for a lock before its transaction is tried again.',
  },
  {
    key: 'statement_timeout',
    option: 'statementTimeout',
    type: 'integer',
    minimum: 0,
    default: "the server's",
    effect: 'Milliseconds that a statement may take.',
  },
]
