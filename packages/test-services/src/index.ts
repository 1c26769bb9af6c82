export { declareMissing } from './declare-missing.ts'
export { missingPgBouncer, type PgBouncer, type PgBouncerOptions, startPgBouncer } from './pgbouncer.ts'
export {
  createDatabase,
  databaseAt,
  type PostgresAddress,
  type PostgresDatabase,
  psql,
} from './postgres/database.ts'
export { type PostgresOptions, PostgresServer } from './postgres/server.ts'
export { type SharedPostgres, sharedPostgres } from './shared-services.ts'
export { SmallDisk } from './small-disk.ts'
