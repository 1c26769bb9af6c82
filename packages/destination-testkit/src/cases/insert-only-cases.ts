import type { ConformanceCase } from '../conformance-case.ts'
import { column } from '../sample-schema.ts'
import { mergeStories } from './merge-story.ts'
import { id, name } from './merge-support.ts'

/** What merging by insert-only promises. */
export const insertOnlyCases: readonly ConformanceCase[] = mergeStories('insert-only', {
  'x-merge-strategy': 'insert-only',
})([
  {
    name: 'rows with unknown keys are added, known ones stay as they are',
    columns: [id, name],
    packages: [
      { load: { items: ['1 a k1'] } },
      { load: { items: ['1 b k1', '2 c k2'] }, rows: { 'items: id name': ['1 a', '2 c'] } },
    ],
  },
  {
    name: 'of several rows with one key the one that dedup_sort names is added',
    columns: [id, column('rank', 'bigint', { dedup_sort: 'asc' })],
    packages: [
      { load: { items: ['1 7 k1', '1 3 k1', '1 5 k1'] } },
      { load: { items: ['1 1 k1'] }, rows: { 'items: rank': ['3'] } },
    ],
  },
  {
    name: 'nested rows are added by their own ids, also to known rows',
    columns: [id, name],
    nested: true,
    packages: [
      { load: { items: ['1 a k1'], items__tags: ['x k1 k1 t1'] } },
      {
        load: { items: ['1 b k1', '2 c k2'], items__tags: ['changed k1 k1 t1', 'y k1 k1 t2', 'z k2 k2 t3'] },
        rows: { 'items__tags: tag _dlt_id': ['x t1', 'y t2', 'z t3'] },
      },
    ],
  },
  {
    name: 'several rows with one key in a package are as several packages',
    columns: [id, name],
    nested: true,
    packages: [
      {
        load: { items: ['1 a k1', '1 a k1'], items__tags: ['x k1 k1 t1', 'x k1 k1 t1', 'y k1 k1 t2'] },
        rows: { 'items: id name': ['1 a'], 'items__tags: tag': ['x', 'y'] },
      },
    ],
  },
  {
    name: 'rows flagged as deleted are not added, nor what is nested in them, and delete nothing',
    columns: [id, column('deleted', 'bool', { hard_delete: true })],
    nested: true,
    packages: [
      { load: { items: ['1 null k1'] } },
      {
        load: { items: ['1 true k1', '2 true k2', '3 false k3'], items__tags: ['x k2 k2 t2', 'y k3 k3 t3'] },
        rows: { 'items: id': ['1', '3'], 'items__tags: tag': ['y'] },
      },
    ],
  },
  {
    name: 'a table without a primary key is refused',
    columns: [name],
    packages: [
      {
        load: { items: ['a k1'] },
        refused: /^Table "items" has no primary key, and the merge strategy "insert-only" finds rows by it\./,
      },
    ],
  },
])
