import type { ReadStatement } from '@dlt/destination'
import type { RawBuilder } from 'kysely'
import type { DatasetSession } from './dataset-session.ts'
import { type OpenSession, Result } from './result.ts'

/** A query as it is given: text with the placeholders of the database, or a fragment of Kysely's `sql` template. */
export type QueryInput = string | Pick<RawBuilder<unknown>, 'toOperationNode'>

/** The rows of a query. */
export class QueryResult<Row extends object> extends Result<Row> {
  readonly #query: QueryInput
  readonly #parameters: readonly unknown[]

  constructor(open: OpenSession, query: QueryInput, parameters: readonly unknown[]) {
    super(open)
    this.#query = query
    this.#parameters = parameters
  }

  protected async statement({ reader }: DatasetSession): Promise<ReadStatement> {
    const { compileStatement, readStatement } = await import('./query/read-all.ts')
    return typeof this.#query === 'string'
      ? readStatement(this.#query, this.#parameters)
      : compileStatement(reader, this.#query)
  }
}
