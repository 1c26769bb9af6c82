import type { ColumnSchema, TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import type { SqlDialect } from './sql-dialect.ts'
import { type SqlFragment, sqlKeywords } from './sql-fragment.ts'

/** The qualified name of a table: always two parts, dataset and table. */
export const qualifiedName = (dataset: string, table: string): SqlFragment => sql.id(dataset, table)

interface ColumnDefinitionOptions {
  readonly notNull: boolean
}

/** `"name" type attributes NOT NULL`; both spaces stay where attributes or NOT NULL are absent. */
const columnDefinition = (
  dialect: SqlDialect,
  table: TableSchema,
  column: ColumnSchema,
  { notNull }: ColumnDefinitionOptions,
): SqlFragment => {
  const type = sqlKeywords(dialect.columnType(column, table))
  const attributes = sqlKeywords(dialect.columnAttributes(column, table))
  return sql`${sql.id(column.name)} ${type} ${attributes} ${sqlKeywords(notNull ? 'NOT NULL' : '')}`
}

const isNotNull = (column: ColumnSchema): boolean => column.nullable === false

/** Creates a dataset. Two pipelines may do so at once. */
export const createDataset = (dataset: string): SqlFragment => sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(dataset)}`

/** What {@link createTableStatement} creates. */
export interface TableDefinition {
  readonly dataset: string
  readonly table: TableSchema
  /** Complete columns, in order. */
  readonly columns: readonly ColumnSchema[]
  /** Whether the table may exist: dlt's own tables, which several pipelines create. */
  readonly mayExist: boolean
}

/** `CREATE TABLE` with all complete columns of a table. */
export const createTableStatement = (dialect: SqlDialect, definition: TableDefinition): SqlFragment => {
  const { dataset, table, columns } = definition
  const lines = columns.map((column) => columnDefinition(dialect, table, column, { notNull: isNotNull(column) }))
  const create = sqlKeywords(definition.mayExist ? 'CREATE TABLE IF NOT EXISTS' : 'CREATE TABLE')
  return sql`${create} ${qualifiedName(dataset, table.name)} (\n${sql.join(lines, sql`,\n`)})`
}

/** What {@link addColumnStatements} needs to know beside the dialect. */
export interface ColumnAddition {
  readonly dataset: string
  readonly table: TableSchema
  readonly columns: readonly ColumnSchema[]
  /** Whether one `ALTER TABLE` takes several columns. */
  readonly multiplePerAlter: boolean
}

/** `ALTER TABLE … ADD COLUMN …`, one statement or one per column as the database allows; NOT NULL as the dialect says. */
export const addColumnStatements = (dialect: SqlDialect, addition: ColumnAddition): readonly SqlFragment[] => {
  const { dataset, table, columns, multiplePerAlter } = addition
  const name = qualifiedName(dataset, table.name)
  const inClause = dialect.addNotNull === 'with-column'
  const clauses = columns.map(
    (column) => sql`ADD COLUMN ${columnDefinition(dialect, table, column, { notNull: inClause && isNotNull(column) })}`,
  )
  const additions = multiplePerAlter
    ? [sql`ALTER TABLE ${name}\n${sql.join(clauses, sql`,\n`)}`]
    : clauses.map((clause) => sql`ALTER TABLE ${name}\n${clause}`)
  const constrained = inClause ? [] : columns.filter(isNotNull)
  return [
    ...additions,
    ...constrained.map((column) => sql`ALTER TABLE ${name}\nALTER COLUMN ${sql.id(column.name)} SET NOT NULL`),
  ]
}
