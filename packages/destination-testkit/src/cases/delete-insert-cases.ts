import assert from 'node:assert/strict'
import type { ColumnSchema, Extensions } from '@dlt/schema'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { finishedLoads } from '../dlt-rows.ts'
import { nestedKeys, openDataset, rowId, seenData } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { id, isRefusal, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

const unless = unlessMerges('delete-insert')

const day = column('day', 'text', { merge_key: true })
const tag = column('tag', 'text')

const flat = (context: CaseContext, columns: readonly ColumnSchema[], extensions?: Extensions) =>
  openDataset(context, mergedItems(columns, extensions))

const deep = (context: CaseContext, columns: readonly ColumnSchema[], extensions?: Extensions) =>
  openDataset(context, mergedItems(columns, extensions, nestedTables))

/** What merging by delete-insert promises. */
export const deleteInsertCases: readonly ConformanceCase[] = [
  {
    name: 'delete-insert: rows with known primary keys are replaced, others stay',
    unless,
    run: async (context) => {
      const { load, rows } = await flat(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'r1'],
          [2, 'b', 'r2'],
        ],
      })
      const { decisions } = await load('2', {
        items: [
          [2, 'c', 'r3'],
          [3, 'd', 'r4'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name', '_dlt_id'), [
        ['1', 'a', 'r1'],
        ['2', 'c', 'r3'],
        ['3', 'd', 'r4'],
      ])
      assert.deepEqual(
        decisions?.map(({ tableName }) => tableName),
        ['items'],
      )
      assert.match(String(decisions?.[0]?.sentence), /^Table "items" is merged by delete-insert: .*\.$/)
    },
  },
  {
    name: 'delete-insert: the strategy may be named',
    unless,
    run: async (context) => {
      const { load, rows } = await flat(context, [id, name], { 'x-merge-strategy': 'delete-insert' })
      await load('1', { items: [[1, 'a', 'r1']] })
      await load('2', { items: [[1, 'b', 'r2']] })
      assert.deepEqual(await rows('items', 'name'), [['b']])
    },
  },
  {
    name: 'delete-insert: a primary key of several columns is compared as a whole',
    unless,
    run: async (context) => {
      const part = column('part', 'text', { nullable: false, primary_key: true })
      const { load, rows } = await flat(context, [id, part, name])
      await load('1', {
        items: [
          [1, 'x', 'a', 'r1'],
          [1, 'y', 'b', 'r2'],
        ],
      })
      await load('2', {
        items: [
          [1, 'y', 'c', 'r3'],
          [2, 'y', 'd', 'r4'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'part', 'name'), [
        ['1', 'x', 'a'],
        ['1', 'y', 'c'],
        ['2', 'y', 'd'],
      ])
    },
  },
  {
    name: 'delete-insert: a merge key replaces all rows that have it',
    unless,
    run: async (context) => {
      const { load, rows } = await flat(context, [day, name])
      await load('1', {
        items: [
          ['mon', 'a', 'r1'],
          ['mon', 'b', 'r2'],
          ['tue', 'c', 'r3'],
        ],
      })
      await load('2', {
        items: [
          ['mon', 'd', 'r4'],
          ['mon', 'd', 'r5'],
        ],
      })
      assert.deepEqual(await rows('items', 'day', 'name'), [
        ['mon', 'd'],
        ['mon', 'd'],
        ['tue', 'c'],
      ])
    },
  },
  {
    name: 'delete-insert: a primary and a merge key each delete',
    unless,
    run: async (context) => {
      const { load, rows } = await flat(context, [id, day])
      await load('1', {
        items: [
          [1, 'mon', 'r1'],
          [2, 'tue', 'r2'],
          [3, 'wed', 'r3'],
        ],
      })
      await load('2', { items: [[1, 'tue', 'r4']] })
      assert.deepEqual(await rows('items', 'id', 'day'), [
        ['1', 'tue'],
        ['3', 'wed'],
      ])
    },
  },
  {
    name: 'delete-insert: without keys rows are appended',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [name])
      await load('1', { items: [['a', 'r1']], items__tags: [['x', 'r1', 'r1', 't1']] })
      await load('2', { items: [['a', 'r2']] })
      assert.deepEqual(await rows('items', 'name', '_dlt_id'), [
        ['a', 'r1'],
        ['a', 'r2'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
    },
  },
  {
    name: 'delete-insert: of several rows with one primary key one is kept, with what is nested in it',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'r1'],
          [2, 'b', 'r2'],
          [1, 'a', 'r3'],
        ],
        items__tags: [
          ['x', 'r1', 'r1', 't1'],
          ['y', 'r2', 'r2', 't2'],
          ['x', 'r3', 'r3', 't3'],
        ],
        items__tags__parts: [
          ['p', 'r1', 't1', 'p1'],
          ['p', 'r3', 't3', 'p3'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [
        ['1', 'a'],
        ['2', 'b'],
      ])
      const kept = (await rows('items', 'id', '_dlt_id')).map(([, row]) => [row])
      assert.deepEqual(await rows('items__tags', '_dlt_root_id'), [...kept].sort())
      assert.equal((await rows('items__tags__parts', 'tag')).length, 1)
    },
  },
  {
    name: 'delete-insert: rows that come twice with ids of their own do not double what is nested in them',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'own'],
          [1, 'a', 'own'],
        ],
        items__tags: [
          ['x', 'own', 'own', 't1'],
          ['x', 'own', 'own', 't1'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', '_dlt_id'), [['1', 'own']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
    },
  },
  {
    name: 'delete-insert: dedup_sort says which row of a key is kept',
    unless,
    run: async (context) => {
      const data = {
        items: [
          [1, 5, 'r1'],
          [1, 9, 'r2'],
          [1, null, 'r3'],
          [1, 7, 'r4'],
        ],
      }
      const descending = column('rank', 'bigint', { dedup_sort: 'desc' })
      const last = await flat(context, [id, descending])
      await last.load('1', data)
      assert.deepEqual(await last.rows('items', 'rank'), [['9']])
    },
  },
  {
    name: 'delete-insert: dedup_sort may keep the smallest',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, column('rank', 'bigint', { dedup_sort: 'asc' })])
      await load('1', {
        items: [
          [1, 9, 'r1'],
          [1, 5, 'r2'],
          [1, 7, 'r3'],
        ],
        items__tags: [
          ['x', 'r1', 'r1', 't1'],
          ['y', 'r2', 'r2', 't2'],
        ],
      })
      assert.deepEqual(await rows('items', 'rank'), [['5']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['y']])
    },
  },
  {
    name: 'delete-insert: data that is declared to be deduplicated is not compared',
    unless,
    run: async (context) => {
      const { load, rows } = await flat(context, [id, name], { 'x-stage-data-deduplicated': true })
      await load('1', {
        items: [
          [1, 'a', 'r1'],
          [1, 'b', 'r2'],
        ],
      })
      assert.deepEqual(await rows('items', 'name'), [['a'], ['b']])
    },
  },
  {
    name: 'delete-insert: nested rows go with their root rows, at every depth',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name])
      await load('1', {
        items: [
          [1, 'a', 'r1'],
          [2, 'b', 'r2'],
        ],
        items__tags: [
          ['x', 'r1', 'r1', 't1'],
          ['y', 'r2', 'r2', 't2'],
        ],
        items__tags__parts: [
          ['p', 'r1', 't1', 'p1'],
          ['q', 'r2', 't2', 'p2'],
        ],
      })
      await load('2', { items: [[1, 'c', 'r3']], items__tags: [['z', 'r3', 'r3', 't3']] })
      assert.deepEqual(await rows('items', 'id', 'name'), [
        ['1', 'c'],
        ['2', 'b'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag', '_dlt_root_id'), [
        ['y', 'r2'],
        ['z', 'r3'],
      ])
      assert.deepEqual(await rows('items__tags__parts', 'tag'), [['q']])
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
      await load('1', {
        items: [
          [1, 'r1'],
          [2, 'r2'],
        ],
        items__tags: [
          ['x', 'r1', 't1'],
          ['y', 'r2', 't2'],
        ],
      })
      await load('2', { items: [[1, 'r3']] })
      assert.deepEqual(await rows('items__tags', 'tag'), [['y']])
    },
  },
  {
    name: 'delete-insert: rows flagged as deleted delete, and are not inserted',
    unless,
    run: async (context) => {
      const deleted = column('deleted', 'bool', { hard_delete: true })
      const { load, rows } = await deep(context, [id, deleted])
      await load('1', {
        items: [
          [1, null, 'r1'],
          [2, false, 'r2'],
          [3, null, 'r3'],
        ],
        items__tags: [
          ['x', 'r1', 'r1', 't1'],
          ['y', 'r2', 'r2', 't2'],
        ],
      })
      await load('2', {
        items: [
          [1, true, 'r4'],
          [2, false, 'r5'],
          [9, true, 'r6'],
        ],
        items__tags: [
          ['z', 'r4', 'r4', 't4'],
          ['v', 'r5', 'r5', 't5'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', '_dlt_id'), [
        ['2', 'r5'],
        ['3', 'r3'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['v']])
    },
  },
  {
    name: 'delete-insert: a flag that is no bool deletes where it is not null',
    unless,
    run: async (context) => {
      const deletedAt = column('deleted_at', 'timestamp', { hard_delete: true })
      const { load, rows } = await flat(context, [id, deletedAt])
      await load('1', {
        items: [
          [1, null, 'r1'],
          [2, null, 'r2'],
        ],
      })
      await load('2', { items: [[1, '2024-01-02T03:04:05Z', 'r3']] })
      assert.deepEqual(await rows('items', 'id'), [['2']])
    },
  },
  {
    name: 'delete-insert: the row that counts decides whether its key is deleted',
    unless,
    run: async (context) => {
      const deleted = column('deleted', 'bool', { hard_delete: true })
      const rank = column('rank', 'bigint', { dedup_sort: 'desc' })
      const { load, rows } = await flat(context, [id, deleted, rank])
      await load('1', {
        items: [
          [1, false, 1, 'r1'],
          [2, false, 1, 'r2'],
        ],
      })
      await load('2', {
        items: [
          [1, false, 2, 'r3'],
          [1, true, 3, 'r4'],
          [2, true, 2, 'r5'],
          [2, false, 3, 'r6'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', '_dlt_id'), [['2', 'r6']])
    },
  },
  {
    name: 'delete-insert: a source filter leaves rows out, and what is nested in them',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [id, name], { 'x-merge-source-filter': "name <> 'skip'" })
      await load('1', {
        items: [
          [1, 'a', 'r1'],
          [2, 'b', 'r2'],
        ],
        items__tags: [['x', 'r1', 'r1', 't1']],
      })
      await load('2', {
        items: [
          [1, 'skip', 'r3'],
          [2, 'c', 'r4'],
          [3, null, 'r5'],
        ],
        items__tags: [
          ['y', 'r3', 'r3', 't3'],
          ['z', 'r4', 'r4', 't4'],
        ],
        items__tags__parts: [
          ['p', 'r3', 't3', 'p3'],
          ['q', 'r4', 't4', 'p4'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name'), [
        ['1', 'a'],
        ['2', 'c'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x'], ['z']])
      assert.deepEqual(await rows('items__tags__parts', 'tag'), [['q']])
    },
  },
  {
    name: 'delete-insert: a destination scope says what is deleted, whatever the keys are',
    unless,
    run: async (context) => {
      const scope = { 'x-merge-destination-scope': '{table}.day IN (SELECT day FROM {staging_table})' }
      const { load, rows } = await deep(context, [column('day', 'text'), name], scope)
      await load('1', {
        items: [
          ['mon', 'a', 'r1'],
          ['tue', 'b', 'r2'],
        ],
        items__tags: [
          ['x', 'r1', 'r1', 't1'],
          ['y', 'r2', 'r2', 't2'],
        ],
      })
      await load('2', { items: [['mon', 'c', 'r3']], items__tags: [['z', 'r3', 'r3', 't3']] })
      assert.deepEqual(await rows('items', 'day', 'name'), [
        ['mon', 'c'],
        ['tue', 'b'],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['y'], ['z']])
    },
  },
  {
    name: 'delete-insert: a row without a value in a key is refused, and nothing is lost',
    unless,
    run: async (context) => {
      const { client, load, rows } = await flat(context, [id, day])
      await load('1', { items: [[1, 'mon', 'r1']] })
      const words =
        /^2 row\(s\) of load package "2" have no value in column "day", which belongs to the merge key of table "items"\./
      await assert.rejects(
        load('2', {
          items: [
            [1, null, 'r2'],
            [2, 'tue', 'r3'],
            [3, null, 'r4'],
          ],
        }),
        isRefusal(words),
      )
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
      const { load } = await flat(context, [id, typo])
      const columns = [id, rowId]
      const job = await context.file({ tableName: 'items', columns, rows: [[1, 'r1']] })
      await assert.rejects(
        load('1', {}, { jobs: [job] }),
        isRefusal(/^Column "ID" belongs to the primary key of table "items", but no row/),
      )
    },
  },
  {
    name: 'delete-insert: two columns with one hint are refused',
    unless,
    run: async (context) => {
      const flags = ['one', 'two'].map((flag) => column(flag, 'bool', { hard_delete: true }))
      const { load } = await flat(context, [id, ...flags])
      const words = /^Table "items" has several columns with the hint "hard_delete": "one" and "two"\. Keep one\.$/
      await assert.rejects(load('1', { items: [[1, true, false, 'r1']] }), isRefusal(words))
    },
  },
  {
    name: 'delete-insert: a package is merged once',
    unless,
    run: async (context) => {
      const { load, rows } = await deep(context, [name])
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
      const { load, rows } = await deep(context, [id, name])
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
      const schema = mergedItems([id, name], {}, { items__tags: tags })
      const { load, rows } = await openDataset(context, schema, ['items'])
      const { recreated } = await load('1', { items: [[1, 'a', 'r1']], items__tags: [['x', 'r1', 'r1', 't1']] })
      assert.deepEqual(
        recreated?.map(({ tableName }) => tableName),
        ['items__tags'],
      )
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
    },
  },
]
