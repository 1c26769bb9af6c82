import type pg from 'pg'
import { type DatasetForm, datasetForm, type StoredTable } from '../fixtures/dataset-form.ts'
import type { TableDocuments } from '../fixtures/stable-ids.ts'

/** A column as Postgres has it. */
export interface PostgresColumn {
  readonly name: string
  /** `timestamp(3) with time zone` */
  readonly type: string
  readonly isRequired: boolean
  /** Whether the column alone is unique, as a constraint or a key. */
  readonly isUnique: boolean
}

/** A table as Postgres has it, with its texts of the values. */
export interface PostgresTable {
  readonly name: string
  readonly columns: readonly PostgresColumn[]
  readonly rows: readonly (readonly (string | null)[])[]
}

const tablesOfSchema = `
  SELECT c.relname AS name, json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'isRequired', a.attnotnull,
    'isUnique', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indkey::text = a.attnum::text)
  ) ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE n.nspname = $1 AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname COLLATE "C"`

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Reads the tables of a dataset, by name in order. */
export const readPostgresTables = async (database: pg.Pool, dataset: string): Promise<readonly PostgresTable[]> => {
  const found = await database.query<Omit<PostgresTable, 'rows'>>(tablesOfSchema, [dataset])
  const tables: PostgresTable[] = []
  for (const { name, columns } of found.rows) {
    const texts = columns.map((column) => `${quote(column.name)}::text`)
    const text = `SELECT ${texts.join(', ')} FROM ${quote(dataset)}.${quote(name)}`
    const { rows } = await database.query<(string | null)[]>({ text, rowMode: 'array' })
    tables.push({ name, columns, rows })
  }
  return tables
}

const stored = ({ name, columns, rows }: PostgresTable): StoredTable => ({
  name,
  columns: new Map(
    columns.map((column) => [
      column.name,
      `${column.type}${column.isRequired ? ' NOT NULL' : ''}${column.isUnique ? ' UNIQUE' : ''}`,
    ]),
  ),
  rows,
})

/** Reads a dataset of Postgres; see {@link datasetForm}. */
export const readPostgresForm = async (
  database: pg.Pool,
  dataset: string,
  documents: TableDocuments,
): Promise<DatasetForm | null> => datasetForm((await readPostgresTables(database, dataset)).map(stored), documents)
