/** What a run does with the rows of its table. */
export type Disposition = 'append' | 'replace' | 'delete-insert' | 'upsert' | 'insert-only' | 'scd2'

/** A document. Its tags follow from `id` and `value`: see {@link tagsOf}. */
export interface Item {
  readonly id: number
  readonly value: number
  /** Comes and goes: a column that is not there from the start. */
  readonly note?: string
  /** Whole, or with a fraction: the type of its column changes. */
  readonly amount?: number
  /** Marks rows that a merge removes. */
  readonly deleted?: true
}

/** One run of one of the pipelines. */
export interface Step {
  readonly pipeline: 'north' | 'south'
  readonly table: TableName
  readonly disposition: Disposition
  readonly items: readonly Item[]
  /** Number of the event at which the process dies, or its outline: `before call load.commit`. A run without such an event ends. */
  readonly diesAt?: number | string
  /** Whether the working directory is gone before the run. */
  readonly startsBare: boolean
}

/** Tables by what is done to them: `switching` belongs to one pipeline, the others to both. */
export type TableName = 'log' | 'items' | 'history' | 'switching'

/** What runs do with the rows of each table. */
export const tables: Readonly<Record<TableName, readonly Disposition[]>> = {
  log: ['append', 'replace'],
  items: ['delete-insert', 'upsert', 'insert-only'],
  history: ['scd2'],
  switching: ['append', 'replace', 'delete-insert', 'scd2'],
}

/** All names of {@link tables}. */
export const tableNames: readonly TableName[] = ['log', 'items', 'history', 'switching']

/** The list in a document. */
export const tagsOf = ({ id, value }: Item): readonly string[] =>
  Array.from({ length: 1 + ((id + value) % 2) }, (_, index) => `${id}-${value}-${index}`)
