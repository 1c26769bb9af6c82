import { stat } from 'node:fs/promises'
import { DestinationError, type LoadRequest } from '@dlt/destination'
import { type JobSession, qualifiedName, type SqlFragment, sql } from '@dlt/destination/sql'
import { type ReplaceStrategy, rootTableOf } from '@dlt/schema'
import type { PostgresSession } from '../connection/connection.ts'

/** Bytes of a table's files from which on its indexes are built late: below that, it costs more statements than it saves. */
const worthBuilding = 1024 * 1024

/** Where rows are about to be written. */
export interface LateConstraintsInput {
  readonly request: LoadRequest
  readonly session: JobSession<PostgresSession>
  readonly dataset: string
  readonly replaceStrategy: ReplaceStrategy
}

/** A unique constraint of a table without rows. */
interface UniqueConstraint {
  readonly table: string
  readonly name: string
  /** `UNIQUE (…)`, as the server writes it. */
  readonly definition: string
}

/**
 * Writes rows while large tables that have none yet are without their unique constraints, whose indexes are then built at once: half the work
 * of adding row by row. Names and definitions stay. All of it is in the transaction of the rows: whatever ends that brings the constraints
 * back, and nobody else ever sees a table without them. Until it ends, others who want one of these tables wait.
 */
export const withLateConstraints = async <Result>(
  input: LateConstraintsInput,
  write: () => Promise<Result>,
): Promise<Result> => {
  const constraints = await dropConstraints(input, await largeTables(input))
  const result = await write()
  for (const constraint of constraints) await addConstraint(input, constraint)
  return result
}

/** Tables whose rows are added to them as they are, by files that are large together. */
const largeTables = async ({ request, replaceStrategy }: LateConstraintsInput): Promise<readonly string[]> => {
  const { jobs, schema } = request
  const isAdded = (table: string): boolean => {
    const { write_disposition: disposition } = schema.tables.has(table) ? rootTableOf(schema, table) : {}
    return disposition === 'append' || (disposition === 'replace' && replaceStrategy === 'truncate-and-insert')
  }
  const bytes = new Map<string, number>()
  for (const { tableName, path } of jobs.filter((job) => isAdded(job.tableName))) {
    // A file that is missing is reported where it is copied.
    const size = await stat(path).then(
      (file) => file.size,
      () => 0,
    )
    bytes.set(tableName, (bytes.get(tableName) ?? 0) + size)
  }
  return [...bytes].flatMap(([table, size]) => (size >= worthBuilding ? [table] : []))
}

/**
 * Drops the constraints of those tables that have never had a row. Where somebody else works with one of the tables, depends on a constraint, or
 * lets nobody alter them, all stay as they are: rows are loaded all the same.
 */
const dropConstraints = async (
  { session, dataset }: LateConstraintsInput,
  tables: readonly string[],
): Promise<readonly UniqueConstraint[]> => {
  if (tables.length === 0) return []
  const found = await session.query(uniqueConstraints(dataset, tables))
  const candidates = [...new Set(found.map((row) => String(row['table_name'])))]
  if (candidates.length === 0) return []
  await session.execute(sql`SAVEPOINT dlt_constraints`)
  try {
    return await dropFrom(candidates, { session, dataset })
  } catch (error) {
    if (!DestinationError.is(error)) throw error
    // Fails, too, where the connection is gone.
    await session.execute(sql`ROLLBACK TO SAVEPOINT dlt_constraints`)
    return []
  } finally {
    // Rows that are written inside of it would belong to a transaction of its own.
    await session.execute(sql`RELEASE SAVEPOINT dlt_constraints`)
  }
}

const dropFrom = async (
  tables: readonly string[],
  { session, dataset }: Pick<LateConstraintsInput, 'session' | 'dataset'>,
): Promise<readonly UniqueConstraint[]> => {
  const names = tables.map((table) => qualifiedName(dataset, table))
  await session.execute(sql`LOCK TABLE ${sql.join(names)} IN ACCESS EXCLUSIVE MODE NOWAIT`)
  // Rows may have come before the lock.
  const found = await session.query(uniqueConstraints(dataset, tables))
  const constraints = found.map((row) => ({
    table: String(row['table_name']),
    name: String(row['name']),
    definition: String(row['definition']),
  }))
  for (const { table, name } of constraints)
    await session.execute(sql`ALTER TABLE ${qualifiedName(dataset, table)} DROP CONSTRAINT ${sql.id(name)}`)
  return constraints
}

/**
 * Unique constraints of tables without a single page, as far as their definition says everything of them: settings of an index, comments, and
 * roles in replication would be lost.
 */
const uniqueConstraints = (dataset: string, tables: readonly string[]): SqlFragment => sql`
  SELECT CAST(t.relname AS text) AS table_name, CAST(c.conname AS text) AS name, pg_get_constraintdef(c.oid) AS definition
  FROM pg_catalog.pg_constraint AS c
  JOIN pg_catalog.pg_class AS t ON t.oid = c.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
  JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.conindid
  JOIN pg_catalog.pg_class AS x ON x.oid = c.conindid
  WHERE n.nspname = ${dataset} AND t.relname IN (${sql.join(tables.map((table) => sql`${table}`))})
    AND t.relkind = 'r' AND NOT t.relispartition AND NOT t.relhassubclass AND c.contype = 'u' AND c.conislocal AND c.coninhcount = 0
    AND NOT i.indisreplident AND NOT i.indisclustered AND x.reloptions IS NULL AND x.reltablespace = 0
    AND obj_description(c.oid, 'pg_constraint') IS NULL AND obj_description(x.oid, 'pg_class') IS NULL
    AND pg_relation_size(t.oid) = 0
  ORDER BY t.relname, c.conname`

const addConstraint = async (
  { request, session, dataset }: LateConstraintsInput,
  { table, name, definition }: UniqueConstraint,
): Promise<void> => {
  try {
    await session.execute(
      sql`ALTER TABLE ${qualifiedName(dataset, table)} ADD CONSTRAINT ${sql.id(name)} ${sql.raw(definition)}`,
    )
  } catch (error) {
    if (!DestinationError.is(error)) throw error
    const { kind, conflict, message, context } = error
    throw new DestinationError(
      `Table "${table}" could not get its constraint ${definition} back with the rows of load package "${request.loadId}": ${message}`,
      { kind, conflict, context: { ...context, loadId: request.loadId, table }, cause: error },
    )
  }
}
