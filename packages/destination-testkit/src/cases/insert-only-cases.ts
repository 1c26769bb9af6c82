import assert from 'node:assert/strict'
import type { ColumnSchema } from '@dlt/schema'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { openDataset } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { id, isRefusal, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

const unless = unlessMerges('insert-only')

const dataset = (context: CaseContext, columns: readonly ColumnSchema[]) =>
  openDataset(context, mergedItems(columns, { 'x-merge-strategy': 'insert-only' }, nestedTables))

/** What merging by insert-only promises. */
export const insertOnlyCases: readonly ConformanceCase[] = [
  {
    name: 'insert-only: rows with unknown keys are added, known ones stay as they are',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, name])
      await load('1', { items: [[1, 'a', 'k1']] })
      await load('2', {
        items: [
          [1, 'b', 'k1'],
          [2, 'c', 'k2'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [
        ['1', 'a'],
        ['2', 'c'],
      ])
    },
  },
  {
    name: 'insert-only: of several rows with one key the one that dedup_sort names is added',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, column('rank', 'bigint', { dedup_sort: 'asc' })])
      await load('1', {
        items: [
          [1, 7, 'k1'],
          [1, 3, 'k1'],
          [1, 5, 'k1'],
        ],
      })
      await load('2', { items: [[1, 1, 'k1']] })
      assert.deepEqual(await rows('items', 'rank'), [['3']])
    },
  },
  {
    name: 'insert-only: nested rows are added by their own ids, also to known rows',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, name])
      await load('1', { items: [[1, 'a', 'k1']], items__tags: [['x', 'k1', 'k1', 't1']] })
      await load('2', {
        items: [
          [1, 'b', 'k1'],
          [2, 'c', 'k2'],
        ],
        items__tags: [
          ['changed', 'k1', 'k1', 't1'],
          ['y', 'k1', 'k1', 't2'],
          ['z', 'k2', 'k2', 't3'],
        ],
      })
      assert.deepEqual(await rows('items__tags', 'tag', '_dlt_id'), [
        ['x', 't1'],
        ['y', 't2'],
        ['z', 't3'],
      ])
    },
  },
  {
    name: 'insert-only: several rows with one key in a package are as several packages',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'k1'],
          [1, 'a', 'k1'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['x', 'k1', 'k1', 't1'],
          ['y', 'k1', 'k1', 't2'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [['1', 'a']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x'], ['y']])
    },
  },
  {
    name: 'insert-only: rows flagged as deleted are not added, nor what is nested in them, and delete nothing',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, column('deleted', 'bool', { hard_delete: true })])
      await load('1', { items: [[1, null, 'k1']] })
      await load('2', {
        items: [
          [1, true, 'k1'],
          [2, true, 'k2'],
          [3, false, 'k3'],
        ],
        items__tags: [
          ['x', 'k2', 'k2', 't2'],
          ['y', 'k3', 'k3', 't3'],
        ],
      })
      assert.deepEqual(await rows('items', 'id'), [['1'], ['3']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['y']])
    },
  },
  {
    name: 'insert-only: a table without a primary key is refused',
    unless,
    run: async (context) => {
      const { load } = await dataset(context, [name])
      const words = /^Table "items" has no primary key, and the merge strategy "insert-only" finds rows by it\./
      await assert.rejects(load('1', { items: [['a', 'k1']] }), isRefusal(words))
    },
  },
]
