import assert from 'node:assert/strict'
import { DestinationError } from '@dlt/destination'
import type { ColumnSchema, Extensions, MergeStrategy, Schema } from '@dlt/schema'
import type { ConformanceCase } from '../conformance-case.ts'
import { definedSchema, nestedKeys, rowId, type SampleDefinitions, seenData } from '../sample-load.ts'
import { column } from '../sample-schema.ts'

/** Leaves out destinations that do not merge in a way. */
export const unlessMerges =
  (strategy: MergeStrategy): NonNullable<ConformanceCase['unless']> =>
  ({ dispositions }) =>
    dispositions.mergeStrategies?.includes(strategy) === true
      ? undefined
      : `the destination does not merge by ${strategy}`

/** A primary key of one column. */
export const id: ColumnSchema = column('id', 'bigint', { nullable: false, primary_key: true })

/** A column without any meaning. */
export const name: ColumnSchema = column('name', 'text')

/** Tables nested in `items`: `items__tags` with a `tag`, and `items__tags__parts` in it. */
export const nestedTables: SampleDefinitions = {
  items__tags: { parent: 'items', columns: [column('tag', 'text'), ...nestedKeys], extensions: seenData },
  items__tags__parts: {
    parent: 'items__tags',
    columns: [column('tag', 'text'), ...nestedKeys],
    extensions: seenData,
  },
}

/** A schema with a table `items` that is merged, its row id after the given columns. */
export const mergedItems = (
  columns: readonly ColumnSchema[],
  extensions: Extensions = {},
  others: SampleDefinitions = {},
): Schema =>
  definedSchema({ items: { writeDisposition: 'merge', columns: [...columns, rowId], extensions }, ...others })

/** Accepts terminal errors with certain words. */
export const isRefusal =
  (words: RegExp) =>
  (error: unknown): true => {
    assert.ok(DestinationError.is(error, 'terminal'), String(error))
    assert.match(error.message, words)
    return true
  }
