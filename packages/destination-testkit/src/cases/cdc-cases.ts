import assert from 'node:assert/strict'
import type { ColumnSchema, Extensions } from '@dlt/schema'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { openDataset } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { id, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

const unless = unlessMerges('cdc')

const dataset = (context: CaseContext, columns: readonly ColumnSchema[], extensions: Extensions = {}) =>
  openDataset(context, mergedItems(columns, { 'x-merge-strategy': 'cdc', ...extensions }, nestedTables))

/** What merging by cdc promises. */
export const cdcCases: readonly ConformanceCase[] = [
  {
    name: 'cdc: rows that the package does not have are deleted, with what is nested in them',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'k1'],
          [2, 'b', 'k2'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['y', 'k2', 'k2', 't2'],
        ],
        items__tags__parts: [
          ['p', 'k1', 't1', 'p1'],
          ['q', 'k2', 't2', 'p2'],
        ],
      })
      await load('2', {
        items: [
          [2, 'c', 'k2'],
          [3, 'd', 'k3'],
        ],
        items__tags: [['z', 'k3', 'k3', 't3']],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [
        ['2', 'c'],
        ['3', 'd'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['z']])
      assert.deepEqual(await rows('items__tags__parts', 'tag'), [])
    },
  },
  {
    name: 'cdc: a primary key of several columns is compared as a whole',
    unless,
    run: async (context) => {
      const part = column('part', 'text', { nullable: false, primary_key: true })
      const { load, rows } = await dataset(context, [id, part])
      await load('1', {
        items: [
          [1, 'x', 'k1'],
          [1, 'y', 'k2'],
          [2, 'x', 'k3'],
        ],
      })
      await load('2', {
        items: [
          [1, 'y', 'k2'],
          [2, 'z', 'k4'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'part'), [
        ['1', 'y'],
        ['2', 'z'],
      ])
    },
  },
  {
    name: 'cdc: only rows with a merge key of the package can be absent',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, column('day', 'text', { merge_key: true })])
      await load('1', {
        items: [
          [1, 'mon', 'k1'],
          [2, 'mon', 'k2'],
          [3, 'tue', 'k3'],
        ],
      })
      await load('2', { items: [[2, 'mon', 'k2']] })
      assert.deepEqual(await rows('items', 'id'), [['2'], ['3']])
    },
  },
  {
    name: 'cdc: only rows in the destination scope can be absent',
    unless,
    run: async (context) => {
      const scope = { 'x-merge-destination-scope': '{table}.id < 10 AND name IS NOT NULL' }
      const { load, rows } = await dataset(context, [id, name], scope)
      await load('1', {
        items: [
          [1, 'a', 'k1'],
          [2, null, 'k2'],
          [11, 'c', 'k3'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['y', 'k3', 'k3', 't3'],
        ],
      })
      await load('2', { items: [[4, 'd', 'k4']] })
      assert.deepEqual(await rows('items', 'id'), [['11'], ['2'], ['4']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['y']])
    },
  },
  {
    name: 'cdc: rows flagged as deleted delete, and are never inserted',
    unless,
    run: async (context) => {
      const deleted = column('deleted', 'bool', { hard_delete: true })
      const { load, rows } = await dataset(context, [id, deleted], { 'x-merge-skip-unchanged-rows': true })
      await load('1', {
        items: [
          [1, null, 'k1'],
          [2, null, 'k2'],
          [3, true, 'k3'],
        ],
      })
      assert.deepEqual(await rows('items', 'id'), [['1'], ['2']])
      await load('2', {
        items: [
          [1, true, 'k1'],
          [2, null, 'k2'],
          [4, true, 'k4'],
        ],
      })
      assert.deepEqual(await rows('items', 'id'), [['2']])
    },
  },
  {
    name: 'cdc: rows that a source filter leaves out are absent',
    unless,
    run: async (context) => {
      const { load, rows } = await dataset(context, [id, name], { 'x-merge-source-filter': "name <> 'skip'" })
      await load('1', {
        items: [
          [1, 'a', 'k1'],
          [2, 'b', 'k2'],
        ],
      })
      await load('2', {
        items: [
          [1, 'skip', 'k1'],
          [2, 'c', 'k2'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [['2', 'c']])
    },
  },
]
