import { DltError } from '@dlt/schema'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  DialectAdapterBase,
  type Driver,
  Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely'
import type { ReadParameter, ReadStatement } from '../dataset-reader.ts'
import { KyselyNames, spellKyselyName } from './kysely-names.ts'

/** What a {@link createReadingKysely} works with. */
export interface ReadingKyselyOptions {
  readonly compiler: QueryCompiler
  /** Name of the dataset at the destination, in which tables are looked for. */
  readonly datasetName: string
  /** Rows of a statement, at most `size` at a time; called again only when the rows before were read or given up. */
  readRows(statement: ReadStatement, size: number): AsyncIterable<readonly object[]>
  /** Called once when the instance is destroyed. */
  close(): Promise<void>
}

const rowsAtOnce = 10_000

/** An instance of Kysely that reads a dataset: tables are those of the dataset, statements that change something are refused. */
export const createReadingKysely = <Database>(options: ReadingKyselyOptions): Kysely<Database> => {
  const dialect: Dialect = {
    createAdapter: () => new ReadingAdapter(),
    createQueryCompiler: () => options.compiler,
    createDriver: () => new ReadingDriver(options),
    createIntrospector: () => {
      throw readOnly('asked for its tables this way', 'Ask the dataset: dataset.tables().')
    },
  }
  return new Kysely<Database>({ dialect, plugins: [new KyselyNames()] }).withSchema(
    spellKyselyName(options.datasetName),
  )
}

const readOnly = (what: string, remedy: string): DltError =>
  new DltError(`A dataset is only read, it cannot be ${what}. ${remedy}`, { code: 'UNSUPPORTED' })

class ReadingAdapter extends DialectAdapterBase {
  async acquireMigrationLock(): Promise<void> {
    throw readOnly('migrated', 'Schemas change with the data that pipelines load.')
  }

  async releaseMigrationLock(): Promise<void> {
    // Nothing was acquired.
  }
}

/** One result is read at a time, so that queries wait for each other. */
class ReadingDriver implements Driver {
  readonly #options: ReadingKyselyOptions
  readonly #connection: DatabaseConnection
  #last: Promise<void> = Promise.resolve()
  #release: () => void = () => undefined

  constructor(options: ReadingKyselyOptions) {
    this.#options = options
    this.#connection = new ReadingConnection(options)
  }

  async init(): Promise<void> {
    // The client is open.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#last
    let release = (): void => undefined
    this.#last = new Promise((resolve) => {
      release = resolve
    })
    await before
    this.#release = release
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#release()
  }

  async beginTransaction(): Promise<void> {
    throw readOnly('changed in a transaction', 'Every query has one of its own, which only reads.')
  }

  async commitTransaction(): Promise<void> {
    // None was begun.
  }

  async rollbackTransaction(): Promise<void> {
    // None was begun.
  }

  async destroy(): Promise<void> {
    await this.#options.close()
  }
}

const readingKinds: readonly string[] = ['SelectQueryNode', 'SetOperationNode', 'RawNode', 'ValuesNode']

const refuseChange = ({ query }: CompiledQuery): void => {
  if (readingKinds.includes(query.kind)) return
  throw readOnly('changed', 'Load data with a pipeline.')
}

const parameterOf = (value: unknown): ReadParameter => {
  if (isParameter(value)) return value
  throw new DltError(`A value of type ${typeof value} cannot be a parameter of a query.`, { code: 'DATA' })
}

const isParameter = (value: unknown): value is ReadParameter =>
  ['boolean', 'number', 'bigint', 'string', 'object'].includes(typeof value)

const statementOf = ({ sql, parameters }: CompiledQuery): ReadStatement => ({
  sql,
  parameters: parameters.map(parameterOf),
})

class ReadingConnection implements DatabaseConnection {
  readonly #options: ReadingKyselyOptions

  constructor(options: ReadingKyselyOptions) {
    this.#options = options
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const rows: Row[] = []
    for await (const some of this.streamQuery<Row>(query, rowsAtOnce)) rows.push(...some.rows)
    return { rows }
  }

  async *streamQuery<Row>(query: CompiledQuery, size: number): AsyncIterableIterator<QueryResult<Row>> {
    refuseChange(query)
    for await (const rows of this.#options.readRows(statementOf(query), size)) {
      // What a row holds, only the query's author knows.
      yield { rows: rows as Row[] }
    }
  }
}
