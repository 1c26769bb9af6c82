import { sql } from 'kysely'
import { qualifiedName } from '../data-definition.ts'
import type { SqlDialect } from '../sql-dialect.ts'
import type { SqlExecutor } from '../sql-executor.ts'
import { type SqlFragment, sqlKeywords } from '../sql-fragment.ts'
import type { ChainTable } from './table-chain.ts'

/** Where a load makes the tables in which its rows wait. */
export interface StagingPlace {
  readonly dialect: SqlDialect
  /** What their names begin with; tells the loads of all pipelines apart. */
  readonly prefix: string
}

/** The tables that a load makes for itself, inside its transaction. Nobody else sees them. */
export class StagingArea {
  readonly #place: StagingPlace
  readonly #executor: SqlExecutor
  readonly #tables: SqlFragment[] = []

  constructor(place: StagingPlace, executor: SqlExecutor) {
    this.#place = place
    this.#executor = executor
  }

  /** Makes an empty table with the columns of another one. Nulls are let in: what must not be null is refused where it is written for good. */
  async create({ table, columns }: ChainTable): Promise<SqlFragment> {
    const { dialect } = this.#place
    const definitions = columns.map(
      (column) => sql`${sql.id(column.name)} ${sqlKeywords(dialect.columnType(column, table))}`,
    )
    return this.#make(sql`(${sql.join(definitions)})`)
  }

  /** Makes a table of the rows of a query. */
  createAs(query: SqlFragment): Promise<SqlFragment> {
    return this.#make(sql`AS ${query}`)
  }

  /** Drops all tables that were made. */
  async drop(): Promise<void> {
    for (const table of this.#tables.splice(0)) await this.#executor.execute(sql`DROP TABLE ${table}`)
  }

  async #make(content: SqlFragment): Promise<SqlFragment> {
    const { dialect, prefix } = this.#place
    const name = qualifiedName(dialect.temporarySchema, `${prefix}_${this.#tables.length + 1}`)
    await this.#executor.execute(sql`CREATE TEMPORARY TABLE ${name} ${content}`)
    this.#tables.push(name)
    return name
  }
}
