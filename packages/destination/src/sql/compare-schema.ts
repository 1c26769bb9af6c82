import { type ColumnSchema, isCompleteColumn, type TableSchema } from '@dlt/schema'
import type { AppliedSchemaChange, SchemaComparison } from '../destination.ts'
import { DestinationError } from '../destination-error.ts'
import { columnsQuery, type ExistingColumns, existingColumns } from './existing-columns.ts'
import { type SchemaUpdate, tablesToCreate, tableUpdate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { unalterable } from './widen-columns.ts'

/** Compares a dataset with a schema: what an update would create and alter, and which types are others. Only reads. */
export const compareSchema = async (update: SchemaUpdate, executor: SqlExecutor): Promise<SchemaComparison> => {
  const { dialect, dataset, capabilities } = update
  const { caseSensitive } = capabilities.identifiers
  const wanted = tablesToCreate(update)
  const names = wanted.map(({ name }) => name)
  const rows = await executor.query(columnsQuery({ dialect, dataset, caseSensitive }, names))
  const existing = existingColumns(rows, caseSensitive).without(update.refresh?.dropTables ?? [])
  const compared = wanted.map((table) => compareTable(update, table, existing))
  return {
    changes: compared.flatMap(({ change }) => change ?? []),
    refused: compared.flatMap(({ refused }) => refused),
    differentTypes: compared.flatMap(({ differentTypes }) => differentTypes),
  }
}

interface ComparedTable extends Pick<SchemaComparison, 'refused' | 'differentTypes'> {
  readonly change: AppliedSchemaChange | undefined
}

const compareTable = (update: SchemaUpdate, table: TableSchema, existing: ExistingColumns): ComparedTable => {
  const typed = [...table.columns.values()].filter(isCompleteColumn).map((column) => typeOf(update, { table, column }))
  const possible = typed.filter(({ refusal }) => refusal === undefined)
  const columns = possible.map(({ column }) => column)
  const planned = tableUpdate(update, table, existing, columns)
  const refused = typed.flatMap(({ refusal }) => refusal ?? [])
  const changing = new Set(planned?.wider.map(({ column }) => column.name))
  const differentTypes = possible.flatMap(({ column: { name: column }, type }) => {
    const found = existing.columnType(table.name, column)
    const stays = type !== undefined && found !== undefined && !sameType(type, found) && !changing.has(column)
    return stays ? [{ tableName: table.name, column, wanted: type, found }] : []
  })
  if (planned === undefined || update.capabilities.ddl.altersColumnTypes === true)
    return { change: planned?.change, refused, differentTypes }
  const fixed = planned.wider.map((narrow) => refusalOf(table, narrow.column, unalterable(update, table, narrow)))
  const { alteredColumns: altered = [], ...change } = planned.change
  const alteredColumns = altered.filter((one) => one.change !== 'type')
  const left = alteredColumns.length === 0 ? change : { ...change, alteredColumns }
  const changes = change.columns.length + alteredColumns.length > 0
  return { change: changes ? left : undefined, refused: [...refused, ...fixed], differentTypes }
}

const refusalOf = (table: TableSchema, column: ColumnSchema, { message }: DestinationError) => ({
  tableName: table.name,
  column: column.name,
  message,
})

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
    return { table, column, refusal: refusalOf(table, column, error) }
  }
}

const sameType = (one: string, other: string): boolean => plain(one) === plain(other)

const plain = (type: string): string => type.replaceAll(/\s/g, '').toUpperCase()
