import { type ColumnSchema, isCompleteColumn, type TableSchema } from '@dlt/schema'
import type { SchemaComparison } from '../destination.ts'
import { DestinationError } from '../destination-error.ts'
import { columnsQuery, existingColumns } from './existing-columns.ts'
import { missingColumns, type SchemaUpdate, tablesToCreate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'

/** Compares a dataset with a schema: what an update would create, and which types are others. Only reads. */
export const compareSchema = async (update: SchemaUpdate, executor: SqlExecutor): Promise<SchemaComparison> => {
  const { dialect, dataset, capabilities } = update
  const { caseSensitive } = capabilities.identifiers
  const wanted = tablesToCreate(update)
  const names = wanted.map(({ name }) => name)
  const rows = await executor.query(columnsQuery({ dialect, dataset, caseSensitive }, names))
  const existing = existingColumns(rows, caseSensitive)
  const columns = wanted.flatMap((table) => [...table.columns.values()].map((column) => ({ table, column })))
  const typed = columns.filter(({ column }) => isCompleteColumn(column)).map((one) => typeOf(update, one))
  return {
    missing: wanted.flatMap((table) => missingColumns(table, existing) ?? []),
    refused: typed.flatMap(({ refusal }) => refusal ?? []),
    differentTypes: typed.flatMap(({ table, column, type }) => {
      const found = existing.columnType(table.name, column.name)
      const isSame = type === undefined || found === undefined || sameType(type, found)
      return isSame ? [] : [{ tableName: table.name, column: column.name, wanted: type, found }]
    }),
  }
}

interface TypedColumn {
  readonly table: TableSchema
  readonly column: ColumnSchema
  /** The type at the destination; absent where it has none. */
  readonly type?: string
  readonly refusal?: SchemaComparison['refused'][number]
}

const typeOf = (
  { dialect }: SchemaUpdate,
  { table, column }: { readonly table: TableSchema; readonly column: ColumnSchema },
): TypedColumn => {
  try {
    return { table, column, type: dialect.columnType(column, table) }
  } catch (error) {
    if (!DestinationError.is(error)) throw error
    return { table, column, refusal: { tableName: table.name, column: column.name, message: error.message } }
  }
}

const sameType = (one: string, other: string): boolean => plain(one) === plain(other)

const plain = (type: string): string => type.replaceAll(/\s/g, '').toUpperCase()
