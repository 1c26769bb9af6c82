import type { ReadStatement } from '@dlt/destination'
import { type ColumnSchema, DltError } from '@dlt/schema'
import type { DatasetSession } from './dataset-session.ts'
import type { RelationPlan } from './query/relation-plan.ts'
import type { Comparison, Direction, JoinKind, RelationStep, RowFilter } from './query/relation-step.ts'
import { type OpenSession, Result } from './result.ts'
import type { ColumnOf, ComparedWith, JoinedColumns, RowOf, TableOf } from './row-types.ts'

/** Options of `join`. */
export interface JoinOptions<Row, Other, Prefix extends string, Kind extends JoinKind> {
  /** What becomes of rows without a partner: `inner` leaves them out, `left` keeps those of the relation. Default: `inner`. */
  readonly kind?: Kind
  /** What the names of the other table's columns begin with: `<as>__<column>`. Default: the other table's name. */
  readonly as?: Prefix
  /** Which columns are equal: `{ column: 'column of the other table' }`. Default: as the schema relates the tables. */
  readonly on?: Readonly<Partial<Record<ColumnOf<Row>, ColumnOf<Other>>>>
}

/** Options of `limit`. */
export interface LimitOptions {
  /** How many rows are left out first. Default: 0. */
  readonly offset?: number
}

/** What a relation is made of. */
export interface RelationParts {
  readonly open: OpenSession
  readonly table: string
  readonly steps: readonly RelationStep[]
  readonly filter: Partial<RowFilter>
}

/**
 * Rows of a table, narrowed down step by step. Every method gives a new relation; nothing is looked up and nothing is read before rows
 * are asked for. Steps work in the order in which they stand: a condition behind a limit sees only the rows that the limit left.
 *
 * ```ts
 * const open = dataset.table('issues').where('state', '=', 'open').select('id', 'title').orderBy('id').limit(10)
 * for await (const issue of open) console.log(issue)
 * ```
 */
export class Relation<Row extends object, Database extends object> extends Result<Row> {
  readonly #parts: RelationParts

  constructor(parts: RelationParts) {
    super(parts.open)
    this.#parts = parts
  }

  /** Keeps only these columns, in this order. */
  select<Columns extends readonly ColumnOf<Row>[]>(
    ...columns: Columns
  ): Relation<Pick<Row, Columns[number]>, Database> {
    if (columns.length === 0) {
      throw new DltError('A relation without columns has no rows. Name at least one: select("id").', {
        code: 'CONFIGURATION',
      })
    }
    return this.#with({ step: 'select', columns })
  }

  /**
   * Keeps the rows whose column compares so with a value; several conditions must all hold. As in SQL, only `=` and `!=` with `null`
   * find or leave out nulls: every other comparison leaves them out.
   */
  where<Column extends ColumnOf<Row>>(
    column: Column,
    comparison: '=' | '!=',
    value: ComparedWith<Row[Column]> | null,
  ): Relation<Row, Database>
  where<Column extends ColumnOf<Row>>(
    column: Column,
    comparison: '<' | '<=' | '>' | '>=',
    value: ComparedWith<Row[Column]>,
  ): Relation<Row, Database>
  where<Column extends ColumnOf<Row>>(
    column: Column,
    comparison: 'in' | 'not in',
    value: readonly ComparedWith<Row[Column]>[],
  ): Relation<Row, Database>
  where<Column extends ColumnOf<Row>>(column: Column, comparison: 'like', value: string): Relation<Row, Database>
  where(column: string, comparison: Comparison, value: unknown): Relation<Row, Database> {
    return this.#with({ step: 'where', column, comparison, value })
  }

  /** Sorts rows; further calls sort those that are equal so far. Where nulls go is the database's way. */
  orderBy(column: ColumnOf<Row>, direction: Direction = 'asc'): Relation<Row, Database> {
    return this.#with({ step: 'order', column, direction })
  }

  /** Keeps so many rows. Without `orderBy` it is not said which. */
  limit(count: number, { offset = 0 }: LimitOptions = {}): Relation<Row, Database> {
    for (const [what, number] of [
      ['limit', count],
      ['offset', offset],
    ] as const) {
      if (Number.isSafeInteger(number) && number >= 0) continue
      throw new DltError(`The ${what} of a relation is a whole number from 0 on, it is ${number}.`, {
        code: 'CONFIGURATION',
      })
    }
    return this.#with({ step: 'limit', count, offset })
  }

  /**
   * Adds the columns of another table, as `<table>__<column>`: with the row that a nested row stands in, with the rows nested in a row
   * (at any depth), or over a reference that the schema declares.
   */
  join<Other extends TableOf<Database>, Prefix extends string = Other, Kind extends JoinKind = 'inner'>(
    other: Other,
    options: JoinOptions<Row, RowOf<Database, Other>, Prefix, Kind> = {},
  ): Relation<Row & JoinedColumns<RowOf<Database, Other>, Prefix, Kind>, Database> {
    const { kind = 'inner', as: prefix = other, on } = options
    return this.#with({ step: 'join', table: other, prefix, kind, on: on && pairsOf(on) })
  }

  /** Only rows that these loads brought; rows of nested tables go with the row they were nested in. */
  ofLoads(...loadIds: readonly string[]): Relation<Row, Database> {
    return new Relation({ ...this.#parts, filter: { ...this.#parts.filter, loadIds } })
  }

  /** Whether rows are left out whose load is not in `_dlt_loads`. */
  committedOnly(only = true): Relation<Row, Database> {
    return new Relation({ ...this.#parts, filter: { ...this.#parts.filter, committedOnly: only } })
  }

  /** The number of rows. */
  async count(): Promise<number> {
    return Number(await this.#with<UntypedCount>({ step: 'aggregate', aggregate: 'count' }).scalar())
  }

  /** The smallest value of a column; null where there is none. */
  min<Column extends ColumnOf<Row>>(column: Column): Promise<Row[Column] | null> {
    return this.#extreme('min', column)
  }

  /** The largest value of a column; null where there is none. */
  max<Column extends ColumnOf<Row>>(column: Column): Promise<Row[Column] | null> {
    return this.#extreme('max', column)
  }

  /** The columns as the schema knows them, under the names that they have here. */
  async columns(): Promise<readonly ColumnSchema[]> {
    await using session = await this.open()
    const { columns } = await this.#plan(session)
    return [...columns].map(([name, { schema }]) => ({ ...schema, name }))
  }

  protected async statement(session: DatasetSession): Promise<ReadStatement> {
    const { planStatement } = await import('./query/plan-relation.ts')
    const { compileStatement } = await import('./query/read-all.ts')
    return compileStatement(session.reader, planStatement(await this.#plan(session)))
  }

  async #plan(session: DatasetSession): Promise<RelationPlan> {
    const { table, steps, filter } = this.#parts
    const { planRelation } = await import('./query/plan-relation.ts')
    const { load, reading } = session.target.destination.capabilities
    return planRelation(table, steps, {
      catalog: await session.catalog(),
      filter: { ...filter, committedOnly: filter.committedOnly ?? !load.transactional },
      maxParameters: reading?.maxParameters ?? 0,
      relation: `The relation of table "${table}"`,
    })
  }

  async #extreme<Column extends ColumnOf<Row>>(aggregate: 'min' | 'max', column: Column): Promise<Row[Column] | null> {
    type Found = { readonly [name in typeof aggregate]: Row[Column] | null }
    return (await this.#with<Found>({ step: 'aggregate', aggregate, column }).scalar()) ?? null
  }

  #with<Next extends object>(step: RelationStep): Relation<Next, Database> {
    return new Relation<Next, Database>({ ...this.#parts, steps: [...this.#parts.steps, step] })
  }
}

interface UntypedCount {
  readonly count: number
}

function pairsOf(on: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(on).map(([column, other]) => [column, String(other)]))
}
