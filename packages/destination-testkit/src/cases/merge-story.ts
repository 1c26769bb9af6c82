import assert from 'node:assert/strict'
import type { ColumnSchema, Extensions, MergeStrategy, Schema } from '@dlt/schema'
import type { Cell } from '../canonical-value.ts'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { openDataset, type SampleData, type SampleDataset } from '../sample-load.ts'
import { isRefusal, mergedItems, nestedTables, unlessMerges } from './merge-support.ts'

/** Rows by table: cells of a row between blanks, in the order of the table's columns; `null` is no value. */
type RowTexts = Readonly<Record<string, readonly string[]>>

/** One load package, and what is there after it. */
interface StoryPackage {
  readonly load: RowTexts
  /** What the refusal of the package says. Default: it is loaded. */
  readonly refused?: RegExp
  /** Rows by table and columns (`items: id name`), sorted. Default: nobody looks. */
  readonly rows?: RowTexts
}

/** Packages that are merged into `items` one after another. */
export interface MergeStory {
  readonly name: string
  /** Columns of `items`; its row id follows them. */
  readonly columns: readonly ColumnSchema[]
  readonly extensions?: Extensions
  /** Whether `items` has nested tables, see `nestedTables`: tag, root id, parent id, row id. Default: false. */
  readonly nested?: boolean
  /** They are loaded as "1", "2" and so on. */
  readonly packages: readonly StoryPackage[]
}

/** Makes cases of stories. */
export const mergeStories =
  (strategy: MergeStrategy, always: Extensions = {}) =>
  (stories: readonly MergeStory[]): readonly ConformanceCase[] =>
    stories.map((story) => ({
      name: `${strategy}: ${story.name}`,
      unless: unlessMerges(strategy),
      run: (context) => play(context, { ...story, extensions: { ...always, ...story.extensions } }),
    }))

const play = async (context: CaseContext, { columns, extensions, nested = false, packages }: MergeStory) => {
  const schema = mergedItems(columns, extensions, nested ? nestedTables : {})
  const dataset = await openDataset(context, schema)
  for (const [index, { load, refused, rows = {} }] of packages.entries()) {
    const loading = dataset.load(String(index + 1), dataOf(schema, load))
    await (refused === undefined ? loading : assert.rejects(loading, isRefusal(refused)))
    await expectRows(dataset, rows)
  }
}

const expectRows = async ({ rows }: SampleDataset, expected: RowTexts): Promise<void> => {
  for (const [place, texts] of Object.entries(expected)) {
    const [table = '', names = ''] = place.split(': ')
    const found = await rows(table, ...names.split(' '))
    assert.deepEqual(
      found.map((row) => row.map((cell) => cell ?? 'null').join(' ')),
      texts,
      `rows of ${place}`,
    )
  }
}

const dataOf = (schema: Schema, load: RowTexts): SampleData =>
  Object.fromEntries(
    Object.entries(load).map(([table, texts]) => [table, texts.map((text) => cellsOf(schema, table, text))]),
  )

const cellsOf = (schema: Schema, table: string, text: string): readonly Cell[] => {
  const columns = [...(schema.tables.get(table)?.columns.values() ?? [])]
  const cells = text.split(' ')
  assert.equal(cells.length, columns.length, `cells of "${text}" in table "${table}"`)
  return cells.map((cell, index) => cellOf(columns[index]?.data_type, cell))
}

const cellOf = (type: ColumnSchema['data_type'], cell: string): Cell => {
  if (cell === 'null') return null
  if (type === 'bigint') return Number(cell)
  return type === 'bool' ? cell === 'true' : cell
}
