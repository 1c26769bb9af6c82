import assert from 'node:assert/strict'
import type { ColumnSchema, Extensions } from '@dlt/schema'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { openDataset } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { id, isRefusal, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

const unless = unlessMerges('upsert')

const upserted = (columns: readonly ColumnSchema[], extensions: Extensions = {}) =>
  [columns, { 'x-merge-strategy': 'upsert', ...extensions }] as const

const flat = (context: CaseContext, columns: readonly ColumnSchema[], extensions?: Extensions) =>
  openDataset(context, mergedItems(...upserted(columns, extensions)))

const deep = (context: CaseContext, columns: readonly ColumnSchema[], extensions?: Extensions) =>
  openDataset(context, mergedItems(...upserted(columns, extensions), nestedTables))

const deleted = column('deleted', 'bool', { hard_delete: true })
const loadId = column('_dlt_load_id', 'text')

/** What merging by upsert promises. */
export const upsertCases: readonly ConformanceCase[] = [
  {
    name: 'upsert: rows with known primary keys are changed as a whole, others stay or are added',
    unless,
    run: async (context) => {
      const { load, rows } = await flat(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'k1'],
          [2, 'b', 'k2'],
        ],
      })
      await load('2', {
        items: [
          [2, null, 'k2'],
          [3, 'd', 'k3'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name', '_dlt_id'), [
        ['1', 'a', 'k1'],
        ['2', null, 'k2'],
        ['3', 'd', 'k3'],
      ])
    },
  },
  {
    name: 'upsert: a primary key of several columns is compared as a whole',
    unless,
    run: async (context) => {
      const part = column('part', 'text', { nullable: false, primary_key: true })
      const { load, rows } = await flat(context, [id, part, name])
      await load('1', {
        items: [
          [1, 'x', 'a', 'k1'],
          [1, 'y', 'b', 'k2'],
        ],
      })
      await load('2', {
        items: [
          [1, 'y', 'c', 'k2'],
          [2, 'x', 'd', 'k3'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'part', 'name'), [
        ['1', 'x', 'a'],
        ['1', 'y', 'c'],
        ['2', 'x', 'd'],
      ])
    },
  },
  {
    name: 'upsert: nested rows are changed, added and removed with their root rows',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'k1'],
          [2, 'b', 'k2'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['y', 'k1', 'k1', 't2'],
          ['z', 'k2', 'k2', 't3'],
        ],
        items__tags__parts: [
          ['p', 'k1', 't1', 'p1'],
          ['q', 'k1', 't2', 'p2'],
          ['r', 'k2', 't3', 'p3'],
        ],
      })
      await load('2', {
        items: [
          [1, 'a', 'k1'],
          [3, 'c', 'k3'],
        ],
        items__tags: [
          ['changed', 'k1', 'k1', 't1'],
          ['new', 'k3', 'k3', 't4'],
        ],
      })
      assert.deepEqual(await rows('items__tags', 'tag', '_dlt_id'), [
        ['changed', 't1'],
        ['new', 't4'],
        ['z', 't3'],
      ])
      assert.deepEqual(await rows('items__tags__parts', 'tag'), [['r']])
    },
  },
  {
    name: 'upsert: nested rows of rows that lost all of them are removed',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name])
      await load('1', { items: [[1, 'a', 'k1']], items__tags: [['x', 'k1', 'k1', 't1']] })
      await load('2', { items: [[1, 'a', 'k1']] })
      assert.deepEqual(await rows('items__tags', 'tag'), [])
    },
  },
  {
    name: 'upsert: rows from before, with ids of another kind, do not leave nested rows behind',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name])
      await load('1', { items: [[1, 'a', 'random']], items__tags: [['x', 'random', 'random', 't1']] })
      await load('2', { items: [[1, 'b', 'k1']], items__tags: [['y', 'k1', 'k1', 't2']] })
      assert.deepEqual(await rows('items', 'name', '_dlt_id'), [['b', 'k1']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['y']])
    },
  },
  {
    name: 'upsert: of several rows with one key one is kept: the one that dedup_sort names',
    unless,
    run: async (context) => {
      const { load, rows } = await flat(context, [id, column('rank', 'bigint', { dedup_sort: 'desc' })])
      await load('1', { items: [[1, 1, 'k1']] })
      await load('2', {
        items: [
          [1, 7, 'k1'],
          [1, 9, 'k1'],
          [1, 8, 'k1'],
          [2, 1, 'k2'],
          [2, 0, 'k2'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'rank'), [
        ['1', '9'],
        ['2', '1'],
      ])
    },
  },
  {
    name: 'upsert: several rows with one key are refused where something is nested in them',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name])
      await load('1', { items: [[1, 'a', 'k1']] })
      const data = {
        items: [
          [1, 'b', 'k1'],
          [1, 'c', 'k1'],
        ],
        items__tags: [['x', 'k1', 'k1', 't1']],
      }
      await assert.rejects(
        load('2', data),
        isRefusal(/^Load package "2" has several rows with one primary key for table "items", and upsert cannot tell/),
      )
      assert.deepEqual(await rows('items', 'name'), [['a']])
    },
  },
  {
    name: 'upsert: rows flagged as deleted delete, with what is nested in them',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, deleted])
      await load('1', {
        items: [
          [1, null, 'k1'],
          [2, false, 'k2'],
          [3, null, 'k3'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['y', 'k2', 'k2', 't2'],
        ],
      })
      await load('2', {
        items: [
          [1, true, 'k1'],
          [2, false, 'k2'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['z', 'k2', 'k2', 't2'],
        ],
      })
      assert.deepEqual(await rows('items', 'id'), [['2'], ['3']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['z']])
    },
  },
  {
    name: 'upsert: a flagged row with an unknown key is a row, without anything nested in it',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, deleted])
      await load('1', { items: [[1, true, 'k1']], items__tags: [['x', 'k1', 'k1', 't1']] })
      assert.deepEqual(await rows('items', 'id', 'deleted'), [['1', 'true']])
      assert.deepEqual(await rows('items__tags', 'tag'), [])
      await load('2', { items: [[1, true, 'k1']] })
      assert.deepEqual(await rows('items', 'id'), [])
    },
  },
  {
    name: 'upsert: unchanged rows are left alone where that is wanted, nested ones too',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name, loadId], { 'x-merge-skip-unchanged-rows': true })
      await load('1', {
        items: [
          [1, 'a', '1', 'k1'],
          [2, null, '1', 'k2'],
          [3, 'c', '1', 'k3'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['y', 'k1', 'k1', 't2'],
          ['z', 'k3', 'k3', 't3'],
        ],
      })
      await load('2', {
        items: [
          [1, 'a', '2', 'k1'],
          [2, null, '2', 'k2'],
          [3, null, '2', 'k3'],
          [4, 'd', '2', 'k4'],
        ],
        items__tags: [
          ['x', 'k1', 'k1', 't1'],
          ['w', 'k1', 'k1', 't4'],
          ['v', 'k4', 'k4', 't5'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name', '_dlt_load_id'), [
        ['1', 'a', '1'],
        ['2', null, '1'],
        ['3', null, '2'],
        ['4', 'd', '2'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['v'], ['w'], ['x']])
    },
  },
  {
    name: 'upsert: a row version alone tells whether a row changed',
    unless,
    run: async (context) => {
      const version = column('version', 'bigint', { nullable: false, 'x-row-version': true })
      const { load, rows } = await flat(context, [id, name, version, deleted], { 'x-merge-skip-unchanged-rows': true })
      await load('1', {
        items: [
          [1, 'a', 1, null, 'k1'],
          [2, 'b', 1, null, 'k2'],
          [3, 'c', 1, null, 'k3'],
        ],
      })
      await load('2', {
        items: [
          [1, 'ignored', 1, null, 'k1'],
          [2, 'd', 2, null, 'k2'],
          [3, 'c', 1, true, 'k3'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [
        ['1', 'a'],
        ['2', 'd'],
      ])
    },
  },
  {
    name: 'upsert: a source filter leaves rows out, and what is nested in them',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name], { 'x-merge-source-filter': "name <> '{{skip}}'" })
      await load('1', { items: [[1, 'a', 'k1']], items__tags: [['x', 'k1', 'k1', 't1']] })
      await load('2', {
        items: [
          [1, '{skip}', 'k1'],
          [2, 'b', 'k2'],
        ],
        items__tags: [
          ['y', 'k1', 'k1', 't1'],
          ['z', 'k2', 'k2', 't2'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [
        ['1', 'a'],
        ['2', 'b'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x'], ['z']])
    },
  },
  {
    name: 'upsert: columns that only another schema knows keep their values',
    unless,
    run: async (context) => {
      const schema = mergedItems(...upserted([id, name]), nestedTables)
      const other = await openDataset(context, mergedItems(...upserted([id, column('size', 'bigint')])))
      const { load, rows } = await openDataset(context, schema)
      await other.load('1', { items: [[1, 5, 'k1']] }, { loadId: '0' })
      const { decisions } = await load('2', {
        items: [
          [1, 'a', 'k1'],
          [2, 'b', 'k2'],
        ],
        items__tags: [['x', 'k1', 'k1', 't1']],
      })
      assert.deepEqual(await context.rows(other.client, 'items', [column('size', 'bigint'), name]), [
        ['5', 'a'],
        [null, 'b'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
      assert.match(String(decisions?.[0]?.sentence), /in place/)
    },
  },
  {
    name: 'upsert: a table without a primary key is refused',
    unless,
    run: async (context) => {
      const { load } = await flat(context, [name])
      await assert.rejects(
        load('1', { items: [['a', 'k1']] }),
        isRefusal(/^Table "items" has no primary key, and the merge strategy "upsert" finds rows by it\./),
      )
    },
  },
  {
    name: 'upsert: a row without a value in its primary key is refused, and nothing is lost',
    unless,
    run: async (context) => {
      const { client, load, rows } = await flat(context, [column('id', 'bigint', { primary_key: true }), name])
      await load('1', { items: [[1, 'a', 'k1']] })
      const words = /^1 row\(s\) of load package "2" have no value in column "id", which belongs to the primary key/
      await assert.rejects(
        load('2', {
          items: [
            [1, 'b', 'k1'],
            [null, 'c', 'k2'],
          ],
        }),
        isRefusal(words),
      )
      assert.deepEqual(await rows('items', 'name'), [['a']])
      assert.deepEqual(await finishedLoads(context, client), ['1'])
    },
  },
]
