import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DestinationClient, LoadOutcome, LoadRequest } from '@dlt/destination'
import {
  bumpSchema,
  type ColumnSchema,
  type CreateTableOptions,
  createSchema,
  createTable,
  type Schema,
  updateTable,
} from '@dlt/schema'
import type { PostgresDatabase } from '@dlt/test-services'
import { type PostgresOptions, type PostgresParts, postgres } from '../src/index.ts'

/** A cell of a file as it stands there: escaped already, null for `\N`. */
export type FileCell = string | number | null

/** A schema of tables that are appended to, unless they say otherwise. */
export const schemaOf = (tables: Readonly<Record<string, CreateTableOptions>>): Schema => {
  let schema = createSchema('sample')
  for (const [name, options] of Object.entries(tables))
    schema = updateTable(schema, createTable(name, { writeDisposition: 'append', ...options })).schema
  return bumpSchema(schema)
}

/** A dataset that packages of files are loaded into. */
export class PostgresDataset implements AsyncDisposable {
  readonly client: DestinationClient
  readonly #folder: string

  private constructor(client: DestinationClient, folder: string) {
    this.client = client
    this.#folder = folder
  }

  /** Connects. */
  static async open(options: PostgresOptions, folder: string, datasetName = 'data'): Promise<PostgresDataset> {
    const context = { pipelineName: 'sample', datasetName, localDirectory: folder }
    return new PostgresDataset(await postgres(options).connect(context), folder)
  }

  /** Brings the dataset up to a schema, all of its tables. */
  async prepare(schema: Schema): Promise<void> {
    await this.client.updateSchema(schema, [...schema.tables.keys()])
  }

  /** Loads a package with one file per table. */
  async load(
    loadId: string,
    schema: Schema,
    data: Readonly<Record<string, readonly (readonly FileCell[])[]>>,
    more: Partial<LoadRequest> = {},
  ): Promise<LoadOutcome> {
    const jobs = await Promise.all(
      Object.entries(data).map(async ([tableName, rows]) => {
        const id = randomBytes(5).toString('hex')
        const path = join(this.#folder, `${id}.tsv`)
        await writeFile(path, rows.map((row) => `${row.map((cell) => cell ?? '\\N').join('\t')}\n`).join(''))
        const columns = [...(schema.tables.get(tableName)?.columns.keys() ?? [])]
        return {
          jobId: `${tableName}.${id}.tsv`,
          tableName,
          path,
          format: 'tsv',
          rowCount: rows.length,
          columns,
        } as const
      }),
    )
    return this.client.load({ loadId, schema, jobs, truncateTables: [], ...more })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]()
  }
}

/** The parts of the credentials of a database, some of them others. */
export const partsOf = (database: PostgresDatabase, others: PostgresParts = {}): PostgresParts => {
  const { host, port, user: username, password, database: name } = database
  return { host, port, username, password, database: name, ...others }
}

/** A nullable column. */
export const column = (
  name: string,
  type: NonNullable<ColumnSchema['data_type']>,
  more: Omit<ColumnSchema, 'name' | 'data_type'> = {},
): ColumnSchema => ({ name, data_type: type, nullable: true, ...more })

/** The error that something ends with; its message without the names that are made anew each time. */
export const failure = async (run: () => Promise<unknown>): Promise<Error> => {
  try {
    await run()
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  throw new Error('Nothing failed.')
}

/** A message without the id of a file. */
export const withoutIds = ({ message }: Pick<Error, 'message'>): string =>
  message.replaceAll(/\.[0-9a-f]{10}\.tsv/g, '.tsv')
