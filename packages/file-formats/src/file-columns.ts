import { type ColumnSchema, type ColumnVector, DltError, type TableBatch } from '@dlt/schema'

/** The columns of a file, fixed by the caller or by the first batch. */
export class FileColumns {
  readonly #tableName: string
  readonly #mode: 'fixed' | 'open'
  #columns: ReadonlyMap<string, ColumnSchema> | undefined

  /** Files in `open` mode take further columns at any time. */
  constructor(tableName: string, columns: readonly ColumnSchema[] | undefined, mode: 'fixed' | 'open') {
    this.#tableName = tableName
    this.#mode = mode
    this.#columns = columns && byName(columns)
  }

  /** Columns in the file's order; none while neither the caller nor a batch has named them. */
  get list(): readonly ColumnSchema[] {
    return [...(this.#columns?.values() ?? [])]
  }

  /** Names in the file's order. */
  get names(): readonly string[] {
    return [...(this.#columns?.keys() ?? [])]
  }

  /** Whether every column of a batch is in the file with the same type, and every NOT NULL column of the file is in the batch. */
  accepts(batch: TableBatch): boolean {
    if (this.#refusal(batch) !== undefined) return false
    const present = new Set(batch.columns.map((vector) => vector.column.name))
    return this.list.every((column) => column.nullable !== false || present.has(column.name))
  }

  /**
   * The batch's vectors in the file's order, `undefined` for columns that the batch lacks.
   * @throws DltError SCHEMA for a batch that is not accepted, DATA for nulls where none are allowed
   */
  align(batch: TableBatch): readonly (ColumnVector | undefined)[] {
    const refusal = this.#refusal(batch)
    if (refusal !== undefined) {
      throw new DltError(`${refusal} Start a new file for the batch.`, { code: 'SCHEMA', context: this.#context() })
    }
    if (this.#columns === undefined || this.#mode === 'open') {
      this.#columns = byName([...this.list, ...batch.columns.map((vector) => vector.column)])
    }
    const vectors = new Map(batch.columns.map((vector) => [vector.column.name, vector]))
    return this.list.map((column) => this.#checked(column, vectors.get(column.name), batch.rowCount))
  }

  #refusal(batch: TableBatch): string | undefined {
    if (this.#columns === undefined) return undefined
    for (const { column } of batch.columns) {
      const known = this.#columns.get(column.name)
      const which = `Column "${column.name}" of table "${this.#tableName}"`
      if (known === undefined) {
        if (this.#mode === 'open') continue
        return `${which} is not among the columns of the file.`
      }
      if (!sameType(known, column)) {
        return `${which} is of type "${column.data_type}", in the file it is of type "${known.data_type}".`
      }
    }
    return undefined
  }

  #checked(column: ColumnSchema, vector: ColumnVector | undefined, rowCount: number): ColumnVector | undefined {
    const nullCount = vector === undefined ? rowCount : vector.nullCount
    if (nullCount === 0 || column.nullable !== false) return vector
    throw new DltError(
      `Column "${column.name}" of table "${this.#tableName}" must not be null, but ${nullCount} of ${rowCount} rows have no value. ` +
        'Give every row a value, or make the column nullable.',
      { code: 'DATA', context: { ...this.#context(), column: column.name } },
    )
  }

  #context(): { table: string } {
    return { table: this.#tableName }
  }
}

function byName(columns: readonly ColumnSchema[]): ReadonlyMap<string, ColumnSchema> {
  return new Map(columns.map((column) => [column.name, column]))
}

function sameType(one: ColumnSchema, other: ColumnSchema): boolean {
  return one.data_type === other.data_type && (one.timezone === false) === (other.timezone === false)
}
