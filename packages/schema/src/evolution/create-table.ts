import type {
  ColumnSchema,
  Extensions,
  SchemaContract,
  TableReference,
  TableSchema,
  WriteDisposition,
} from '../schema.ts'

/** What {@link createTable} makes a table of. */
export interface CreateTableOptions {
  /** The table whose lists this one holds; a root table when absent. */
  readonly parent?: string
  /** The resource that fills a root table; its name when absent. */
  readonly resource?: string
  /** `append` for a root table when absent; nested tables inherit. */
  readonly writeDisposition?: WriteDisposition
  /** In the order they shall have; none when absent. */
  readonly columns?: Iterable<ColumnSchema>
  readonly schemaContract?: SchemaContract
  readonly tableFormat?: string
  readonly fileFormat?: string
  readonly references?: readonly TableReference[]
  /** Keys that begin with `x-`. */
  readonly extensions?: Extensions
}

function parentage(name: string, options: CreateTableOptions): Partial<TableSchema> {
  if (options.parent) return { ...(options.resource && { resource: options.resource }), parent: options.parent }
  return {
    ...(!options.writeDisposition && { write_disposition: 'append' as const }),
    resource: options.resource || name,
  }
}

/** A table, with its keys in the order in which the reference system writes them. Names must be normalized already. */
export function createTable(name: string, options: CreateTableOptions = {}): TableSchema {
  return {
    name,
    columns: new Map(Array.from(options.columns ?? [], (column) => [column.name, column])),
    ...(options.writeDisposition && { write_disposition: options.writeDisposition }),
    ...(options.schemaContract !== undefined && { schema_contract: options.schemaContract }),
    ...(options.tableFormat && { table_format: options.tableFormat }),
    ...(options.fileFormat && { file_format: options.fileFormat }),
    ...(options.references?.length && { references: options.references }),
    ...parentage(name, options),
    ...options.extensions,
  }
}
