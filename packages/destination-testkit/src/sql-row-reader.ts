import type { RowReader } from './harness.ts'

/** How a database is asked. */
export interface SqlRowReaderOptions {
  /** Runs a query and returns its rows, values in the order of the columns. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>
  /** Expression that turns a binary column into hexadecimal text. Default: `hex(column)`. */
  readonly binaryAsHex?: (column: string) => string
  /** Quotes an identifier. Default: double quotes, doubled inside. */
  readonly quote?: (name: string) => string
}

const doubleQuoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A row reader for SQL databases. */
export const sqlRowReader =
  ({ query, binaryAsHex = (column) => `hex(${column})`, quote = doubleQuoted }: SqlRowReaderOptions): RowReader =>
  async (dataset, table, columns) => {
    const expressions = columns.map((column) => {
      const name = quote(column.name)
      return `CAST(${column.data_type === 'binary' ? binaryAsHex(name) : name} AS VARCHAR)`
    })
    const rows = await query(`SELECT ${expressions.join(', ')} FROM ${quote(dataset)}.${quote(table)}`)
    return rows.map((row) => row.map((value) => (value === null || value === undefined ? null : String(value))))
  }
