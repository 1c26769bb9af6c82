import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadJob } from '@dlt/destination'
import { column, definedSchema, nestedKeys, rowId, seenData } from '@dlt/destination-testkit'
import type { Extensions, MergeStrategy, Schema } from '@dlt/schema'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { duckdb } from '../src/index.ts'

/** A document of a package: a row with a list. */
interface Item {
  readonly id: number
  readonly value: string
  readonly tags: readonly string[]
  readonly deleted: boolean
}

/** What the tables hold of a key. Tags by their position. */
interface Known {
  readonly value: string
  readonly tags: ReadonlyMap<number, string>
}

type Content = ReadonlyMap<number, Known>

const knownOf = ({ value, tags }: Item): Known => ({ value, tags: new Map(tags.map((tag, index) => [index, tag])) })

const without = (content: Content, gone: (id: number) => boolean): Content =>
  new Map([...content].filter(([id]) => !gone(id)))

const upserted = (content: Content, item: Item, insertsFlagged: boolean): Content => {
  if (!item.deleted) return new Map(content).set(item.id, knownOf(item))
  if (content.has(item.id) || !insertsFlagged) return without(content, (id) => id === item.id)
  return new Map(content).set(item.id, { value: item.value, tags: new Map() })
}

const insertedOnly = (content: Content, item: Item): Content => {
  if (item.deleted) return content
  const known = content.get(item.id)
  const tags = new Map([...knownOf(item).tags, ...(known?.tags ?? [])])
  return new Map(content).set(item.id, { value: known?.value ?? item.value, tags })
}

/** What each strategy makes of a package. */
const models: {
  readonly [strategy in Exclude<MergeStrategy, 'scd2'>]: (before: Content, items: readonly Item[]) => Content
} = {
  'delete-insert': (before, items) => items.reduce((content, item) => upserted(content, item, false), before),
  upsert: (before, items) => items.reduce((content, item) => upserted(content, item, true), before),
  cdc: (before, items) =>
    items.reduce(
      (content, item) => upserted(content, item, false),
      without(before, (id) => !items.some((item) => item.id === id)),
    ),
  'insert-only': (before, items) => items.reduce(insertedOnly, before),
}

const schemaOf = (strategy: MergeStrategy, extensions: Extensions): Schema =>
  definedSchema({
    items: {
      writeDisposition: 'merge',
      columns: [
        column('id', 'bigint', { nullable: false, primary_key: true }),
        column('value', 'text'),
        column('deleted', 'bool', { hard_delete: true }),
        rowId,
      ],
      extensions: { 'x-merge-strategy': strategy, ...seenData, ...extensions },
    },
    items__tags: {
      parent: 'items',
      columns: [column('position', 'bigint'), column('tag', 'text'), ...nestedKeys],
      extensions: seenData,
    },
  })

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
let datasets = 0
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
  rmSync(folder, { recursive: true })
})

const jobOf = (tableName: string, loadId: string, rows: readonly object[]): readonly LoadJob[] => {
  const [first] = rows
  if (first === undefined) return []
  const jobId = `${tableName}.${loadId}.jsonl`
  const path = join(folder, `${datasets}.${jobId}`)
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return [{ jobId, tableName, path, format: 'jsonl', rowCount: rows.length, columns: Object.keys(first) }]
}

/** Ids of rows as normalizing makes them: random ones, or such as follow from the key. */
const jobsOf = (items: readonly Item[], loadId: string, idOf: (item: Item) => string): readonly LoadJob[] => {
  const rows = items.map((item) => ({ id: item.id, value: item.value, deleted: item.deleted, _dlt_id: idOf(item) }))
  const tags = items.flatMap((item) =>
    item.tags.map((tag, position) => {
      const root = idOf(item)
      return { position, tag, _dlt_root_id: root, _dlt_parent_id: root, _dlt_id: `${root}_${position}` }
    }),
  )
  return [...jobOf('items', loadId, rows), ...jobOf('items__tags', loadId, tags)]
}

const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()

const contentOf = (content: Content): readonly (readonly unknown[])[] =>
  [...content]
    .map(([id, { value, tags }]) => [
      String(id),
      value,
      [...tags]
        .sort()
        .map(([, tag]) => tag)
        .join(),
    ])
    .sort()

/** Also nested rows without a root row would show. */
const tablesOf = async (dataset: string): Promise<readonly (readonly unknown[])[]> => {
  const rows = await rowsOf(`
    SELECT coalesce(i.id::VARCHAR, 'lost'), i.value, coalesce(string_agg(t.tag, ',' ORDER BY t.position), '')
    FROM ${dataset}.items AS i FULL JOIN ${dataset}.items__tags AS t ON t._dlt_root_id = i._dlt_id GROUP BY i.id, i.value, i._dlt_id`)
  return [...rows].sort()
}

const itemsArbitrary = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 5 }),
    value: fc.constantFrom('a', 'b', 'c'),
    tags: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
    deleted: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5, selector: ({ id }) => id },
)

const open = async (schema: Schema) => {
  datasets += 1
  const dataset = `model_${datasets}`
  const context = { pipelineName: 'model', datasetName: dataset, localDirectory: folder }
  const client = await duckdb({ credentials: connection }).connect(context)
  await client.updateSchema(schema, ['items', 'items__tags'])
  return { dataset, client }
}

describe('tables hold what a simple model says', () => {
  it.each(['delete-insert', 'upsert', 'cdc', 'insert-only'] as const)(
    'after any packages merged by %s',
    async (strategy) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(itemsArbitrary, { minLength: 1, maxLength: 4 }),
          fc.boolean(),
          async (packages, skip) => {
            const schema = schemaOf(
              strategy,
              strategy === 'upsert' || strategy === 'cdc' ? { 'x-merge-skip-unchanged-rows': skip } : {},
            )
            const { dataset, client } = await open(schema)
            let content: Content = new Map()
            for (const [index, items] of packages.entries()) {
              const loadId = String(index)
              const idOf = ({ id }: Item): string => (strategy === 'delete-insert' ? `${loadId}_${id}` : `k${id}`)
              const request = { loadId, schema, jobs: jobsOf(items, loadId, idOf), truncateTables: [] }
              await client.load(request)
              // A retry after a lost answer.
              await client.load(request)
              content = models[strategy](content, items)
              expect(await tablesOf(dataset)).toEqual(contentOf(content))
            }
          },
        ),
        { numRuns: 10 },
      )
    },
    300_000,
  )

  it('after any packages merged by scd2: what is valid at any time is what the package of that time held', async () => {
    const schema = definedSchema({
      items: {
        writeDisposition: 'merge',
        columns: [
          column('id', 'bigint'),
          column('value', 'text'),
          column('_dlt_id', 'text', { nullable: false, 'x-row-version': true }),
          column('valid_from', 'timestamp', { 'x-valid-from': true }),
          column('valid_to', 'timestamp', { 'x-valid-to': true, 'x-active-record-timestamp': null }),
        ],
        extensions: { 'x-merge-strategy': 'scd2', ...seenData },
      },
    })
    await fc.assert(
      fc.asyncProperty(fc.array(itemsArbitrary, { minLength: 1, maxLength: 4 }), async (packages) => {
        const { dataset, client } = await open(schema)
        for (const [index, items] of packages.entries()) {
          const rows = items.map(({ id, value }) => ({ id, value, _dlt_id: `${id}${value}` }))
          const loadId = String(10 * (index + 1))
          await client.load({ loadId, schema, jobs: jobOf('items', loadId, rows), truncateTables: [] })
        }
        for (const [index, items] of packages.entries()) {
          const at = `TIMESTAMPTZ '1970-01-01 00:00:00+00' + INTERVAL ${10 * (index + 1)} SECOND`
          const valid = await rowsOf(
            `SELECT id, value FROM ${dataset}.items WHERE valid_from <= ${at} AND (valid_to IS NULL OR valid_to > ${at}) ORDER BY id`,
          )
          const expected = items.map(({ id, value }) => [String(id), value]).sort()
          expect(valid).toEqual(expected)
        }
      }),
      { numRuns: 10 },
    )
  }, 300_000)
})
