import assert from 'node:assert/strict'
import type { ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { openDataset } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { mergeStories } from './merge-story.ts'
import { id, isRefusal, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

const upserted = { 'x-merge-strategy': 'upsert' }
const skipping = { 'x-merge-skip-unchanged-rows': true }
const deleted = column('deleted', 'bool', { hard_delete: true })

const keys = mergeStories(
  'upsert',
  upserted,
)([
  {
    name: 'rows with known primary keys are changed as a whole, others stay or are added',
    columns: [id, name],
    packages: [
      { load: { items: ['1 a k1', '2 b k2'] } },
      {
        load: { items: ['2 null k2', '3 d k3'] },
        rows: { 'items: id name _dlt_id': ['1 a k1', '2 null k2', '3 d k3'] },
      },
    ],
  },
  {
    name: 'a primary key of several columns is compared as a whole',
    columns: [id, column('part', 'text', { nullable: false, primary_key: true }), name],
    packages: [
      { load: { items: ['1 x a k1', '1 y b k2'] } },
      { load: { items: ['1 y c k2', '2 x d k3'] }, rows: { 'items: id part name': ['1 x a', '1 y c', '2 x d'] } },
    ],
  },
  {
    name: 'of several rows with one key one is kept: the one that dedup_sort names',
    columns: [id, column('rank', 'bigint', { dedup_sort: 'desc' })],
    packages: [
      { load: { items: ['1 1 k1'] } },
      {
        load: { items: ['1 7 k1', '1 9 k1', '1 8 k1', '2 1 k2', '2 0 k2'] },
        rows: { 'items: id rank': ['1 9', '2 1'] },
      },
    ],
  },
  {
    name: 'several rows with one key are refused where something is nested in them',
    columns: [id, name],
    nested: true,
    packages: [
      { load: { items: ['1 a k1'] } },
      {
        load: { items: ['1 b k1', '1 c k1'], items__tags: ['x k1 k1 t1'] },
        refused: /^Load package "2" has several rows with one primary key for table "items", and upsert cannot tell/,
        rows: { 'items: name': ['a'] },
      },
    ],
  },
  {
    name: 'a table without a primary key is refused',
    columns: [name],
    packages: [
      {
        load: { items: ['a k1'] },
        refused: /^Table "items" has no primary key, and the merge strategy "upsert" finds rows by it\./,
      },
    ],
  },
])

const nested = mergeStories(
  'upsert',
  upserted,
)([
  {
    name: 'nested rows are changed, added and removed with their root rows',
    columns: [id, name],
    nested: true,
    packages: [
      {
        load: {
          items: ['1 a k1', '2 b k2'],
          items__tags: ['x k1 k1 t1', 'y k1 k1 t2', 'z k2 k2 t3'],
          items__tags__parts: ['p k1 t1 p1', 'q k1 t2 p2', 'r k2 t3 p3'],
        },
      },
      {
        load: { items: ['1 a k1', '3 c k3'], items__tags: ['changed k1 k1 t1', 'new k3 k3 t4'] },
        rows: { 'items__tags: tag _dlt_id': ['changed t1', 'new t4', 'z t3'], 'items__tags__parts: tag': ['r'] },
      },
    ],
  },
  {
    name: 'nested rows of rows that lost all of them are removed',
    columns: [id, name],
    nested: true,
    packages: [
      { load: { items: ['1 a k1'], items__tags: ['x k1 k1 t1'] } },
      { load: { items: ['1 a k1'] }, rows: { 'items__tags: tag': [] } },
    ],
  },
  {
    name: 'rows from before, with ids of another kind, do not leave nested rows behind',
    columns: [id, name],
    nested: true,
    packages: [
      { load: { items: ['1 a random'], items__tags: ['x random random t1'] } },
      {
        load: { items: ['1 b k1'], items__tags: ['y k1 k1 t2'] },
        rows: { 'items: name _dlt_id': ['b k1'], 'items__tags: tag': ['y'] },
      },
    ],
  },
  {
    name: 'rows flagged as deleted delete, with what is nested in them',
    columns: [id, deleted],
    nested: true,
    packages: [
      { load: { items: ['1 null k1', '2 false k2', '3 null k3'], items__tags: ['x k1 k1 t1', 'y k2 k2 t2'] } },
      {
        load: { items: ['1 true k1', '2 false k2'], items__tags: ['x k1 k1 t1', 'z k2 k2 t2'] },
        rows: { 'items: id': ['2', '3'], 'items__tags: tag': ['z'] },
      },
    ],
  },
  {
    name: 'a flagged row with an unknown key is a row, without anything nested in it',
    columns: [id, deleted],
    nested: true,
    packages: [
      {
        load: { items: ['1 true k1'], items__tags: ['x k1 k1 t1'] },
        rows: { 'items: id deleted': ['1 true'], 'items__tags: tag': [] },
      },
      { load: { items: ['1 true k1'] }, rows: { 'items: id': [] } },
    ],
  },
  {
    name: 'a source filter leaves rows out, and what is nested in them',
    columns: [id, name],
    extensions: { 'x-merge-source-filter': "name <> '{{skip}}'" },
    nested: true,
    packages: [
      { load: { items: ['1 a k1'], items__tags: ['x k1 k1 t1'] } },
      {
        load: { items: ['1 {skip} k1', '2 b k2'], items__tags: ['y k1 k1 t1', 'z k2 k2 t2'] },
        rows: { 'items: id name': ['1 a', '2 b'], 'items__tags: tag': ['x', 'z'] },
      },
    ],
  },
])

const unchanged = mergeStories('upsert', { ...upserted, ...skipping })([
  {
    name: 'unchanged rows are left alone where that is wanted, nested ones too',
    columns: [id, name, column('_dlt_load_id', 'text')],
    nested: true,
    packages: [
      {
        load: {
          items: ['1 a 1 k1', '2 null 1 k2', '3 c 1 k3'],
          items__tags: ['x k1 k1 t1', 'y k1 k1 t2', 'z k3 k3 t3'],
        },
      },
      {
        load: {
          items: ['1 a 2 k1', '2 null 2 k2', '3 null 2 k3', '4 d 2 k4'],
          items__tags: ['x k1 k1 t1', 'w k1 k1 t4', 'v k4 k4 t5'],
        },
        rows: {
          'items: id name _dlt_load_id': ['1 a 1', '2 null 1', '3 null 2', '4 d 2'],
          'items__tags: tag': ['v', 'w', 'x'],
        },
      },
    ],
  },
  {
    name: 'a row version alone tells whether a row changed',
    columns: [id, name, column('version', 'bigint', { nullable: false, 'x-row-version': true }), deleted],
    packages: [
      { load: { items: ['1 a 1 null k1', '2 b 1 null k2', '3 c 1 null k3'] } },
      {
        load: { items: ['1 ignored 1 null k1', '2 d 2 null k2', '3 c 1 true k3'] },
        rows: { 'items: id name': ['1 a', '2 d'] },
      },
    ],
  },
])

const unless = unlessMerges('upsert')

const others: readonly ConformanceCase[] = [
  {
    name: 'upsert: columns that only another schema knows keep their values',
    unless,
    run: async (context) => {
      const size = column('size', 'bigint')
      const other = await openDataset(context, mergedItems([id, size], upserted))
      const { load, rows } = await openDataset(context, mergedItems([id, name], upserted, nestedTables))
      await other.load('1', { items: [[1, 5, 'k1']] }, { loadId: '0' })
      const added = [2, 'b', 'k2']
      const { decisions } = await load('2', {
        items: [[1, 'a', 'k1'], added],
        items__tags: [['x', 'k1', 'k1', 't1']],
      })
      const kept = [null, 'b']
      assert.deepEqual(await context.rows(other.client, 'items', [size, name]), [['5', 'a'], kept])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
      assert.match(String(decisions?.[0]?.sentence), /in place/)
    },
  },
  {
    name: 'upsert: a row without a value in its primary key is refused, and nothing is lost',
    unless,
    run: async (context) => {
      const nullable = column('id', 'bigint', { primary_key: true })
      const { client, load, rows } = await openDataset(context, mergedItems([nullable, name], upserted))
      await load('1', { items: [[1, 'a', 'k1']] })
      const words = /^1 row\(s\) of load package "2" have no value in column "id", which belongs to the primary key/
      const known = [1, 'b', 'k1']
      await assert.rejects(load('2', { items: [known, [null, 'c', 'k2']] }), isRefusal(words))
      assert.deepEqual(await rows('items', 'name'), [['a']])
      assert.deepEqual(await finishedLoads(context, client), ['1'])
    },
  },
]

/** What merging by upsert promises. */
export const upsertCases: readonly ConformanceCase[] = [...keys, ...nested, ...unchanged, ...others]
