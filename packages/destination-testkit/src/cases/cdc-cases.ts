import type { ConformanceCase } from '../conformance-case.ts'
import { column } from '../sample-schema.ts'
import { mergeStories } from './merge-story.ts'
import { id, name } from './merge-support.ts'

/** What merging by cdc promises. */
export const cdcCases: readonly ConformanceCase[] = mergeStories('cdc', { 'x-merge-strategy': 'cdc' })([
  {
    name: 'rows that the package does not have are deleted, with what is nested in them',
    columns: [id, name],
    nested: true,
    packages: [
      {
        load: {
          items: ['1 a k1', '2 b k2'],
          items__tags: ['x k1 k1 t1', 'y k2 k2 t2'],
          items__tags__parts: ['p k1 t1 p1', 'q k2 t2 p2'],
        },
      },
      {
        load: { items: ['2 c k2', '3 d k3'], items__tags: ['z k3 k3 t3'] },
        rows: { 'items: id name': ['2 c', '3 d'], 'items__tags: tag': ['z'], 'items__tags__parts: tag': [] },
      },
    ],
  },
  {
    name: 'a primary key of several columns is compared as a whole',
    columns: [id, column('part', 'text', { nullable: false, primary_key: true })],
    nested: true,
    packages: [
      { load: { items: ['1 x k1', '1 y k2', '2 x k3'] } },
      { load: { items: ['1 y k2', '2 z k4'] }, rows: { 'items: id part': ['1 y', '2 z'] } },
    ],
  },
  {
    name: 'only rows with a merge key of the package can be absent',
    columns: [id, column('day', 'text', { merge_key: true })],
    nested: true,
    packages: [
      { load: { items: ['1 mon k1', '2 mon k2', '3 tue k3'] } },
      { load: { items: ['2 mon k2'] }, rows: { 'items: id': ['2', '3'] } },
    ],
  },
  {
    name: 'only rows in the destination scope can be absent',
    columns: [id, name],
    extensions: { 'x-merge-destination-scope': '{table}.id < 10 AND name IS NOT NULL' },
    nested: true,
    packages: [
      { load: { items: ['1 a k1', '2 null k2', '11 c k3'], items__tags: ['x k1 k1 t1', 'y k3 k3 t3'] } },
      { load: { items: ['4 d k4'] }, rows: { 'items: id': ['11', '2', '4'], 'items__tags: tag': ['y'] } },
    ],
  },
  {
    name: 'rows flagged as deleted delete, and are never inserted',
    columns: [id, column('deleted', 'bool', { hard_delete: true })],
    extensions: { 'x-merge-skip-unchanged-rows': true },
    nested: true,
    packages: [
      { load: { items: ['1 null k1', '2 null k2', '3 true k3'] }, rows: { 'items: id': ['1', '2'] } },
      { load: { items: ['1 true k1', '2 null k2', '4 true k4'] }, rows: { 'items: id': ['2'] } },
    ],
  },
  {
    name: 'rows that a source filter leaves out are absent',
    columns: [id, name],
    extensions: { 'x-merge-source-filter': "name <> 'skip'" },
    nested: true,
    packages: [
      { load: { items: ['1 a k1', '2 b k2'] } },
      { load: { items: ['1 skip k1', '2 c k2'] }, rows: { 'items: id name': ['2 c'] } },
    ],
  },
])
