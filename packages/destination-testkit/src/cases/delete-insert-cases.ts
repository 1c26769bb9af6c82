import assert from 'node:assert/strict'
import type { ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { nestedKeys, openDataset, rowId, seenData } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { mergeStories } from './merge-story.ts'
import { id, isRefusal, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

const day = column('day', 'text', { merge_key: true })
const tag = column('tag', 'text')
const deleted = column('deleted', 'bool', { hard_delete: true })

const keys = mergeStories('delete-insert')([
  {
    name: 'the strategy may be named',
    columns: [id, name],
    extensions: { 'x-merge-strategy': 'delete-insert' },
    packages: [{ load: { items: ['1 a r1'] } }, { load: { items: ['1 b r2'] }, rows: { 'items: name': ['b'] } }],
  },
  {
    name: 'a primary key of several columns is compared as a whole',
    columns: [id, column('part', 'text', { nullable: false, primary_key: true }), name],
    packages: [
      { load: { items: ['1 x a r1', '1 y b r2'] } },
      { load: { items: ['1 y c r3', '2 y d r4'] }, rows: { 'items: id part name': ['1 x a', '1 y c', '2 y d'] } },
    ],
  },
  {
    name: 'a merge key replaces all rows that have it',
    columns: [day, name],
    packages: [
      { load: { items: ['mon a r1', 'mon b r2', 'tue c r3'] } },
      { load: { items: ['mon d r4', 'mon d r5'] }, rows: { 'items: day name': ['mon d', 'mon d', 'tue c'] } },
    ],
  },
  {
    name: 'a primary and a merge key each delete',
    columns: [id, day],
    packages: [
      { load: { items: ['1 mon r1', '2 tue r2', '3 wed r3'] } },
      { load: { items: ['1 tue r4'] }, rows: { 'items: id day': ['1 tue', '3 wed'] } },
    ],
  },
  {
    name: 'without keys rows are appended',
    columns: [name],
    nested: true,
    packages: [
      { load: { items: ['a r1'], items__tags: ['x r1 r1 t1'] } },
      { load: { items: ['a r2'] }, rows: { 'items: name _dlt_id': ['a r1', 'a r2'], 'items__tags: tag': ['x'] } },
    ],
  },
  {
    name: 'nested rows go with their root rows, at every depth',
    columns: [id, name],
    nested: true,
    packages: [
      {
        load: {
          items: ['1 a r1', '2 b r2'],
          items__tags: ['x r1 r1 t1', 'y r2 r2 t2'],
          items__tags__parts: ['p r1 t1 p1', 'q r2 t2 p2'],
        },
      },
      {
        load: { items: ['1 c r3'], items__tags: ['z r3 r3 t3'] },
        rows: {
          'items: id name': ['1 c', '2 b'],
          'items__tags: tag _dlt_root_id': ['y r2', 'z r3'],
          'items__tags__parts: tag': ['q'],
        },
      },
    ],
  },
])

const duplicates = mergeStories('delete-insert')([
  {
    name: 'rows that come twice with ids of their own do not double what is nested in them',
    columns: [id, name],
    nested: true,
    packages: [
      {
        load: { items: ['1 a own', '1 a own'], items__tags: ['x own own t1', 'x own own t1'] },
        rows: { 'items: id _dlt_id': ['1 own'], 'items__tags: tag': ['x'] },
      },
    ],
  },
  {
    name: 'dedup_sort says which row of a key is kept',
    columns: [id, column('rank', 'bigint', { dedup_sort: 'desc' })],
    packages: [{ load: { items: ['1 5 r1', '1 9 r2', '1 null r3', '1 7 r4'] }, rows: { 'items: rank': ['9'] } }],
  },
  {
    name: 'dedup_sort may keep the smallest',
    columns: [id, column('rank', 'bigint', { dedup_sort: 'asc' })],
    nested: true,
    packages: [
      {
        load: { items: ['1 9 r1', '1 5 r2', '1 7 r3'], items__tags: ['x r1 r1 t1', 'y r2 r2 t2'] },
        rows: { 'items: rank': ['5'], 'items__tags: tag': ['y'] },
      },
    ],
  },
  {
    name: 'data that is declared to be deduplicated is not compared',
    columns: [id, name],
    extensions: { 'x-stage-data-deduplicated': true },
    packages: [{ load: { items: ['1 a r1', '1 b r2'] }, rows: { 'items: name': ['a', 'b'] } }],
  },
])

const deletions = mergeStories('delete-insert')([
  {
    name: 'rows flagged as deleted delete, and are not inserted',
    columns: [id, deleted],
    nested: true,
    packages: [
      {
        load: { items: ['1 null r1', '2 false r2', '3 null r3'], items__tags: ['x r1 r1 t1', 'y r2 r2 t2'] },
      },
      {
        load: { items: ['1 true r4', '2 false r5', '9 true r6'], items__tags: ['z r4 r4 t4', 'v r5 r5 t5'] },
        rows: { 'items: id _dlt_id': ['2 r5', '3 r3'], 'items__tags: tag': ['v'] },
      },
    ],
  },
  {
    name: 'a flag that is no bool deletes where it is not null',
    columns: [id, column('deleted_at', 'timestamp', { hard_delete: true })],
    packages: [
      { load: { items: ['1 null r1', '2 null r2'] } },
      { load: { items: ['1 2024-01-02T03:04:05Z r3'] }, rows: { 'items: id': ['2'] } },
    ],
  },
  {
    name: 'the row that counts decides whether its key is deleted',
    columns: [id, deleted, column('rank', 'bigint', { dedup_sort: 'desc' })],
    packages: [
      { load: { items: ['1 false 1 r1', '2 false 1 r2'] } },
      {
        load: { items: ['1 false 2 r3', '1 true 3 r4', '2 true 2 r5', '2 false 3 r6'] },
        rows: { 'items: id _dlt_id': ['2 r6'] },
      },
    ],
  },
])

const scopes = mergeStories('delete-insert')([
  {
    name: 'a source filter leaves rows out, and what is nested in them',
    columns: [id, name],
    extensions: { 'x-merge-source-filter': "name <> 'skip'" },
    nested: true,
    packages: [
      { load: { items: ['1 a r1', '2 b r2'], items__tags: ['x r1 r1 t1'] } },
      {
        load: {
          items: ['1 skip r3', '2 c r4', '3 null r5'],
          items__tags: ['y r3 r3 t3', 'z r4 r4 t4'],
          items__tags__parts: ['p r3 t3 p3', 'q r4 t4 p4'],
        },
        rows: { 'items: id name': ['1 a', '2 c'], 'items__tags: tag': ['x', 'z'], 'items__tags__parts: tag': ['q'] },
      },
    ],
  },
  {
    name: 'a destination scope says what is deleted, whatever the keys are',
    columns: [column('day', 'text'), name],
    extensions: { 'x-merge-destination-scope': '{table}.day IN (SELECT day FROM {staging_table})' },
    nested: true,
    packages: [
      { load: { items: ['mon a r1', 'tue b r2'], items__tags: ['x r1 r1 t1', 'y r2 r2 t2'] } },
      {
        load: { items: ['mon c r3'], items__tags: ['z r3 r3 t3'] },
        rows: { 'items: day name': ['mon c', 'tue b'], 'items__tags: tag': ['y', 'z'] },
      },
    ],
  },
])

const refusals = mergeStories('delete-insert')([
  {
    name: 'two columns with one hint are refused',
    columns: [id, ...['one', 'two'].map((flag) => column(flag, 'bool', { hard_delete: true }))],
    packages: [
      {
        load: { items: ['1 true false r1'] },
        refused: /^Table "items" has several columns with the hint "hard_delete": "one" and "two"\. Keep one\.$/,
      },
    ],
  },
])

const unless = unlessMerges('delete-insert')

const others: readonly ConformanceCase[] = [
  {
    name: 'delete-insert: rows with known primary keys are replaced, others stay, and the load says so',
    unless,
    run: async (context) => {
      const { load, rows } = await openDataset(context, mergedItems([id, name]))
      const first = [1, 'a', 'r1']
      await load('1', { items: [first, [2, 'b', 'r2']] })
      const { decisions } = await load('2', { items: [[2, 'c', 'r3']] })
      assert.deepEqual(await rows('items', 'id', 'name', '_dlt_id'), [first.map(String), ['2', 'c', 'r3']])
      const [{ tableName, sentence } = { tableName: '', sentence: '' }, ...more] = decisions ?? []
      assert.deepEqual([tableName, more], ['items', []])
      assert.match(sentence, /^Table "items" is merged by delete-insert: .*\.$/)
    },
  },
  {
    name: 'delete-insert: of several rows with one primary key one is kept, with what is nested in it',
    unless,
    run: async (context) => {
      const { load, rows } = await openDataset(context, mergedItems([id, name], {}, nestedTables))
      const ids = ['r1', 'r3']
      await load('1', {
        items: ids.map((row) => [1, 'a', row]),
        items__tags: ids.map((row) => ['x', row, row, `t${row}`]),
        items__tags__parts: ids.map((row) => ['p', row, `t${row}`, `p${row}`]),
      })
      const kept = await rows('items', '_dlt_id')
      assert.equal(kept.length, 1)
      assert.deepEqual(await rows('items__tags', '_dlt_root_id'), kept)
      assert.deepEqual(await rows('items__tags__parts', '_dlt_root_id'), kept)
    },
  },
  {
    name: 'delete-insert: a child of the root table is found by its parent key where it has no root key',
    unless,
    run: async (context) => {
      const [, parentKey, nestedId] = nestedKeys
      assert.ok(parentKey !== undefined && nestedId !== undefined)
      const child = { parent: 'items', columns: [tag, parentKey, nestedId], extensions: seenData }
      const { load, rows } = await openDataset(context, mergedItems([id], {}, { items__tags: child }))
      const ids = ['r1', 'r2']
      await load('1', {
        items: ids.map((row, index) => [index + 1, row]),
        items__tags: ids.map((row) => [`tag of ${row}`, row, `t${row}`]),
      })
      await load('2', { items: [[1, 'r3']] })
      assert.deepEqual(await rows('items__tags', 'tag'), [['tag of r2']])
    },
  },
  {
    name: 'delete-insert: a row without a value in a key is refused, and nothing is lost',
    unless,
    run: async (context) => {
      const { client, load, rows } = await openDataset(context, mergedItems([id, day]))
      await load('1', { items: [[1, 'mon', 'r1']] })
      const days = ['mon', null, null]
      const items = days.map((value, index) => [index + 1, value, `r${index + 2}`])
      const words =
        /^2 row\(s\) of load package "2" have no value in column "day", which belongs to the merge key of table "items"\./
      await assert.rejects(load('2', { items }), isRefusal(words))
      const primary = /have no value in column "id", which belongs to the primary key of table "items"\./
      await assert.rejects(load('2', { items: [[null, 'mon', 'r2']] }), isRefusal(primary))
      assert.deepEqual(await rows('items', 'id', '_dlt_id'), [['1', 'r1']])
      assert.deepEqual(await finishedLoads(context, client), ['1'])
    },
  },
  {
    name: 'delete-insert: a key column that never had a value is refused',
    unless,
    run: async (context) => {
      const typo = { name: 'ID', nullable: false, primary_key: true }
      const { load } = await openDataset(context, mergedItems([id, typo]))
      const job = await context.file({ tableName: 'items', columns: [id, rowId], rows: [[1, 'r1']] })
      const words = /^Column "ID" belongs to the primary key of table "items", but no row/
      await assert.rejects(load('1', {}, { jobs: [job] }), isRefusal(words))
    },
  },
  {
    name: 'delete-insert: a package is merged once',
    unless,
    run: async (context) => {
      const { load, rows } = await openDataset(context, mergedItems([name], {}, nestedTables))
      const data = { items: [['a', 'r1']], items__tags: [['x', 'r1', 'r1', 't1']] }
      await load('1', data)
      assert.equal((await load('1', data)).status, 'already-loaded')
      assert.deepEqual(await rows('items', 'name'), [['a']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
    },
  },
  {
    name: 'delete-insert: a package that fails in the middle changes nothing, and can be loaded again',
    unless,
    run: async (context) => {
      const { load, rows } = await openDataset(context, mergedItems([id, name], {}, nestedTables))
      await load('1', { items: [[1, 'a', 'r1']], items__tags: [['x', 'r1', 'r1', 't1']] })
      const broken = { items: [[1, 'b', 'r2']], items__tags: [['y', 'r2', 'r2', null]] }
      await assert.rejects(load('2', broken))
      assert.deepEqual(await rows('items', 'name'), [['a']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
      await load('2', { ...broken, items__tags: [['y', 'r2', 'r2', 't2']] })
      assert.deepEqual(await rows('items', 'name'), [['b']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['y']])
    },
  },
  {
    name: 'delete-insert: a table that somebody dropped is created again',
    unless,
    run: async (context) => {
      const tags = { parent: 'items', columns: [tag, ...nestedKeys] }
      const { load, rows } = await openDataset(context, mergedItems([id, name], {}, { items__tags: tags }), ['items'])
      const { recreated = [] } = await load('1', {
        items: [[1, 'a', 'r1']],
        items__tags: [['x', 'r1', 'r1', 't1']],
      })
      const names = recreated.map(({ tableName }) => tableName)
      assert.deepEqual(names, ['items__tags'])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
    },
  },
]

/** What merging by delete-insert promises. */
export const deleteInsertCases: readonly ConformanceCase[] = [
  ...keys,
  ...duplicates,
  ...deletions,
  ...scopes,
  ...refusals,
  ...others,
]
