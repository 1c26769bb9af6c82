import { type ColumnSchema, childTables, columnHasHint, isNestedTable, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import type { AppliedSchemaChange } from '../destination.ts'
import { qualifiedName } from './data-definition.ts'
import { fillRootKey, type NamedTable } from './dispositions/root-keys.ts'
import { activeLiteralOf } from './dispositions/validity.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlFragment } from './sql-fragment.ts'

const isAdded = (changes: readonly AppliedSchemaChange[], table: TableSchema, column: string): boolean =>
  changes.some(
    ({ tableName, created, columns }) =>
      tableName === table.name && !created && columns.some(({ name }) => name === column),
  )

/** Names of tables as {@link fillRootKey} takes them. */
const named = ({ dataset }: SchemaUpdate, table: TableSchema): NamedTable => ({
  table,
  target: qualifiedName(dataset, table.name),
})

const rootKeyStatements = (update: SchemaUpdate, table: TableSchema): readonly SqlFragment[] => {
  const parent = update.schema.tables.get(table.parent ?? '')
  const statement = parent && fillRootKey(named(update, table), named(update, parent))
  return statement === undefined ? [] : [statement]
}

/** Rows from before a table kept a history are valid, whatever stands for that. */
const fillValidTo = (
  { dataset, dialect }: SchemaUpdate,
  table: TableSchema,
  column: ColumnSchema,
): readonly SqlFragment[] => {
  const active = activeLiteralOf(dialect, table, column)
  return active === undefined
    ? []
    : [sql`UPDATE ${qualifiedName(dataset, table.name)} SET ${sql.id(column.name)} = ${active}`]
}

/**
 * Statements that give the rows of tables what a merge needs of columns that were just added, because the write disposition of a table with
 * rows became `merge`. Parents come before their children.
 */
export const fillStatements = (
  update: SchemaUpdate,
  changes: readonly AppliedSchemaChange[],
): readonly SqlFragment[] => {
  const { schema } = update
  if (changes.every(({ created }) => created)) return []
  const chains = [...schema.tables.values()]
    .filter((table) => !isNestedTable(table))
    .flatMap((root) => childTables(schema, root.name))
  return chains.flatMap((table) =>
    [...table.columns.values()]
      .filter((column) => isAdded(changes, table, column.name))
      .flatMap((column) => {
        if (columnHasHint(column, 'root_key')) return rootKeyStatements(update, table)
        return columnHasHint(column, 'x-valid-to') ? fillValidTo(update, table, column) : []
      }),
  )
}
