import assert from 'node:assert/strict'
import type { CreateTableOptions } from '@dlt/schema'
import type { ConformanceCase } from '../conformance-case.ts'
import { definedSchema, openDataset, rowId, type SampleDefinitions, seenData } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { id, mergedItems, name, nestedTables, unlessMerges } from './merge-support.ts'

const withoutRootKeys = (tables: SampleDefinitions): SampleDefinitions =>
  Object.fromEntries(
    Object.entries(tables).map(([table, options]): [string, CreateTableOptions] => [
      table,
      { ...options, columns: [...(options.columns ?? [])].filter(({ root_key: isRootKey }) => isRootKey !== true) },
    ]),
  )

const appended = (options: CreateTableOptions, nested: SampleDefinitions = {}) =>
  definedSchema({ items: { writeDisposition: 'append', extensions: seenData, ...options }, ...withoutRootKeys(nested) })

const rows = {
  items: [
    [1, 'a', 'r1'],
    [2, 'b', 'r2'],
  ],
  items__tags: [
    ['x', 'r1', 't1'],
    ['y', 'r2', 't2'],
    ['lost', 'gone', 't9'],
  ],
  items__tags__parts: [
    ['p', 't1', 'p1'],
    ['q', 't2', 'p2'],
  ],
}

/** What is promised of tables that get another write disposition when they have rows. */
export const switchCases: readonly ConformanceCase[] = [
  {
    name: 'a switch: nested rows that were appended get the ids of their root rows, at every depth',
    unless: unlessMerges('delete-insert'),
    run: async (context) => {
      const before = await openDataset(context, appended({ columns: [id, name, rowId] }, nestedTables))
      await before.load('1', rows)
      const { load, rows: read } = await openDataset(context, mergedItems([id, name], seenData, nestedTables))
      assert.deepEqual(await read('items__tags', 'tag', '_dlt_root_id'), [
        ['lost', 'gone'],
        ['x', 'r1'],
        ['y', 'r2'],
      ])
      assert.deepEqual(await read('items__tags__parts', 'tag', '_dlt_root_id'), [
        ['p', 'r1'],
        ['q', 'r2'],
      ])
      await load('2', { items: [[1, 'c', 'r3']], items__tags: [['z', 'r3', 'r3', 't3']] })
      assert.deepEqual(await read('items', 'id', 'name'), [
        ['1', 'c'],
        ['2', 'b'],
      ])
      assert.deepEqual(await read('items__tags', 'tag'), [['lost'], ['y'], ['z']])
      assert.deepEqual(await read('items__tags__parts', 'tag'), [['q']])
    },
  },
  {
    name: 'a switch: merged by upsert, rows from before are found by their keys',
    unless: unlessMerges('upsert'),
    run: async (context) => {
      const before = await openDataset(context, appended({ columns: [id, name, rowId] }, nestedTables))
      await before.load('1', rows)
      const extensions = { ...seenData, 'x-merge-strategy': 'upsert' }
      const { load, rows: read } = await openDataset(context, mergedItems([id, name], extensions, nestedTables))
      await load('2', { items: [[1, 'c', 'k1']] })
      assert.deepEqual(await read('items', 'id', 'name', '_dlt_id'), [
        ['1', 'c', 'k1'],
        ['2', 'b', 'r2'],
      ])
      assert.deepEqual(await read('items__tags', 'tag'), [['lost'], ['y']])
      assert.deepEqual(await read('items__tags__parts', 'tag'), [['q']])
    },
  },
  {
    name: 'a switch: rows from before a history are valid until they are not staged any more',
    unless: unlessMerges('scd2'),
    run: async (context) => {
      const version = column('_dlt_id', 'text', { nullable: false, 'x-row-version': true })
      const before = await openDataset(context, appended({ columns: [id, name, version] }))
      await before.load('1', {
        items: [
          [1, 'a', 'r1'],
          [2, 'b', 'h2'],
        ],
      })
      const validity = [
        column('valid_from', 'timestamp', { 'x-valid-from': true }),
        column('valid_to', 'timestamp', { 'x-valid-to': true, 'x-active-record-timestamp': '1970-01-02' }),
      ]
      const schema = definedSchema({
        items: {
          writeDisposition: 'merge',
          columns: [id, name, version, ...validity],
          extensions: { ...seenData, 'x-merge-strategy': 'scd2' },
        },
      })
      const { load, rows: read } = await openDataset(context, schema)
      await load('20', {
        items: [
          [1, 'a', 'h1'],
          [2, 'b', 'h2'],
        ],
      })
      assert.deepEqual(await read('items', 'name', 'valid_from', 'valid_to'), [
        ['a', '20000000', '86400000000'],
        ['a', null, '20000000'],
        ['b', null, '86400000000'],
      ])
    },
  },
  {
    name: 'a switch: a merged table can be appended to again, and merged once more',
    unless: unlessMerges('delete-insert'),
    run: async (context) => {
      const first = await openDataset(context, mergedItems([id, name], seenData, nestedTables))
      await first.load('1', { items: [[1, 'a', 'r1']], items__tags: [['x', 'r1', 'r1', 't1']] })
      const second = await openDataset(
        context,
        definedSchema({ items: { writeDisposition: 'append', columns: [id, name, rowId] }, ...nestedTables }),
      )
      await second.load('2', { items: [[1, 'b', 'r2']], items__tags: [['y', 'r2', 'r2', 't2']] })
      assert.deepEqual(await second.rows('items', 'name'), [['a'], ['b']])
      await first.load('3', { items: [[1, 'c', 'r3']] })
      assert.deepEqual(await first.rows('items', 'name'), [['c']])
      assert.deepEqual(await first.rows('items__tags', 'tag'), [])
    },
  },
  {
    name: 'a switch: a schema without root ids loads into tables that have them, and a later merge finds its rows',
    unless: unlessMerges('delete-insert'),
    run: async (context) => {
      const merged = await openDataset(context, mergedItems([id, name], seenData, nestedTables))
      await merged.load('1', { items: [[1, 'a', 'r1']], items__tags: [['x', 'r1', 'r1', 't1']] })
      const appending = await openDataset(context, appended({ columns: [id, name, rowId] }, nestedTables))
      await appending.load('2', {
        items: [
          [2, 'b', 'r2'],
          [3, 'c', 'r3'],
        ],
        items__tags: [
          ['y', 'r2', 't2'],
          ['z', 'r3', 't3'],
        ],
        items__tags__parts: [
          ['p', 't2', 'p2'],
          ['q', 't3', 'p3'],
        ],
      })
      assert.deepEqual(await appending.rows('items__tags', 'tag'), [['x'], ['y'], ['z']])
      await merged.load('3', { items: [[2, 'd', 'r4']] })
      assert.deepEqual(await merged.rows('items', 'name'), [['a'], ['c'], ['d']])
      assert.deepEqual(await merged.rows('items__tags', 'tag', '_dlt_root_id'), [
        ['x', 'r1'],
        ['z', 'r3'],
      ])
      assert.deepEqual(await merged.rows('items__tags__parts', 'tag', '_dlt_root_id'), [['q', 'r3']])
    },
  },
]
