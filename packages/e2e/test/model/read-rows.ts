import { existsSync } from 'node:fs'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { ExpectedRow } from './expected-rows.ts'
import { tableNames } from './step.ts'

/** Rows of all tables in a form that can be compared, and what must never be seen. */
export interface Content {
  readonly rows: Readonly<Record<string, readonly string[]>>
  readonly problems: readonly string[]
}

type Row = Readonly<Record<string, unknown>>

const textOf = (row: Pick<ExpectedRow, 'tags' | 'isCurrent'> & { readonly item: Row }): string => {
  const { id, value, note = null, amount = null } = row.item
  return JSON.stringify({ id, value, note, amount, tags: row.tags, isCurrent: row.isCurrent })
}

/** Expected rows in the form of {@link Content}. */
export const textsOf = (rows: readonly ExpectedRow[]): readonly string[] =>
  rows.map((row) => textOf({ ...row, item: { ...row.item } })).toSorted()

const asNumber = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

class ContentReader {
  readonly #connection: DuckDBConnection

  constructor(connection: DuckDBConnection) {
    this.#connection = connection
  }

  async content(): Promise<Content> {
    const found = await this.#rows(
      "SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'world' AND schema_name = 'shop'",
    )
    const present = new Set(found.map(({ name }) => String(name)))
    const rows: [string, readonly string[]][] = []
    const problems: string[] = []
    for (const table of tableNames) {
      rows.push([table, present.has(table) ? await this.#texts(table, present.has(`${table}__tags`)) : []])
      if (present.has(`${table}__tags`)) problems.push(...(await this.#orphans(table)))
    }
    for (const leftover of present)
      if (/staging|delete|insert|_tmp/.test(leftover)) problems.push(`table "${leftover}"`)
    return { rows: Object.fromEntries(rows), problems }
  }

  async #texts(table: string, hasTags: boolean): Promise<readonly string[]> {
    const rows = await this.#rows(`SELECT * FROM world.shop.${table}`)
    const tags = hasTags ? await this.#tags(table) : new Map<string, string[]>()
    return rows
      .map(({ id, value, note, amount, ...row }) =>
        textOf({
          item: {
            id: asNumber(id),
            value: asNumber(value),
            note: note ?? null,
            amount: asNumber(amount) ?? asNumber(row['amount__v_double']) ?? null,
          },
          tags: tags.get(String(row['_dlt_id'])) ?? [],
          isCurrent: (row['_dlt_valid_to'] ?? null) === null,
        }),
      )
      .toSorted()
  }

  async #tags(table: string): Promise<ReadonlyMap<string, string[]>> {
    const byParent = new Map<string, string[]>()
    const rows = await this.#rows(
      `SELECT _dlt_parent_id AS parent, value FROM world.shop.${table}__tags ORDER BY _dlt_parent_id, _dlt_list_idx`,
    )
    for (const { parent, value } of rows) {
      byParent.set(String(parent), [...(byParent.get(String(parent)) ?? []), String(value)])
    }
    return byParent
  }

  async #orphans(table: string): Promise<readonly string[]> {
    const rows = await this.#rows(
      `SELECT 1 FROM world.shop.${table}__tags WHERE _dlt_parent_id NOT IN (SELECT _dlt_id FROM world.shop.${table})`,
    )
    return rows.length > 0 ? [`${rows.length} rows of "${table}__tags" without their parents`] : []
  }

  async #rows(sql: string): Promise<readonly Row[]> {
    return (await this.#connection.runAndReadAll(sql)).getRowObjectsJS()
  }
}

/** One database for all reads: it attaches files, which takes a tenth of the time of opening one. */
let reader: Promise<DuckDBConnection> | undefined

const openReader = async (): Promise<DuckDBConnection> => (await DuckDBInstance.create(':memory:')).connect()

/** Reads the tables of a database file as another program would, while no pipeline has it open. */
export async function readContent(file: string): Promise<Content> {
  if (!existsSync(file)) return { rows: Object.fromEntries(tableNames.map((name) => [name, []])), problems: [] }
  reader ??= openReader()
  const connection = await reader
  await connection.run(`ATTACH '${file}' AS world (READ_ONLY)`)
  try {
    return await new ContentReader(connection).content()
  } finally {
    await connection.run('DETACH world')
  }
}
