import assert from 'node:assert/strict'
import type { ColumnSchema, Extensions } from '@dlt/schema'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { definedSchema, nestedKeys, openDataset, rowId, seenData } from '../sample-load.ts'
import { column } from '../sample-schema.ts'
import { isRefusal, name, unlessMerges } from './merge-support.ts'

const unless = unlessMerges('scd2')

const key = column('id', 'bigint')
const version = column('_dlt_id', 'text', { nullable: false, 'x-row-version': true })

interface History {
  readonly columns?: readonly ColumnSchema[]
  readonly active?: string
  readonly extensions?: Extensions
}

/** A history table `items`; its rows are given without the two columns that say from when to when they are valid. */
const history = async (context: CaseContext, { columns = [key, name, version], active, extensions }: History = {}) => {
  const validity = [
    column('_dlt_valid_from', 'timestamp', { 'x-valid-from': true }),
    column('_dlt_valid_to', 'timestamp', { 'x-valid-to': true, 'x-active-record-timestamp': active ?? null }),
  ]
  const parts = nestedKeys.filter((one) => one.root_key !== true)
  const schema = definedSchema({
    items: {
      writeDisposition: 'merge',
      columns: [...columns, ...validity],
      extensions: { 'x-merge-strategy': 'scd2', ...extensions },
    },
    items__tags: { parent: 'items', columns: [column('tag', 'text'), ...parts], extensions: seenData },
  })
  return openDataset(context, schema)
}

/** Microseconds of a second, as rows show them. */
const at = (seconds: number): string => `${seconds}000000`

/** What histories promise. */
export const scd2Cases: readonly ConformanceCase[] = [
  {
    name: 'scd2: rows that change or vanish end, new ones begin, unchanged ones stay',
    unless,
    run: async (context) => {
      const { load, rows } = await history(context)
      await load('10', {
        items: [
          [1, 'a', 'h1'],
          [2, 'b', 'h2'],
          [3, 'c', 'h3'],
        ],
      })
      await load('20', {
        items: [
          [1, 'a', 'h1'],
          [2, 'changed', 'h4'],
          [4, 'd', 'h5'],
        ],
      })
      assert.deepEqual(await rows('items', 'id', 'name', '_dlt_valid_from', '_dlt_valid_to'), [
        ['1', 'a', at(10), null],
        ['2', 'b', at(10), at(20)],
        ['2', 'changed', at(20), null],
        ['3', 'c', at(10), at(20)],
        ['4', 'd', at(20), null],
      ])
    },
  },
  {
    name: 'scd2: content that returns begins again',
    unless,
    run: async (context) => {
      const { load, rows } = await history(context)
      await load('10', { items: [[1, 'a', 'h1']], items__tags: [['x', 'h1', 't1']] })
      await load('20', { items: [[1, 'b', 'h2']], items__tags: [['y', 'h2', 't2']] })
      await load('30', { items: [[1, 'a', 'h1']], items__tags: [['x', 'h1', 't1']] })
      assert.deepEqual(await rows('items', 'name', '_dlt_valid_from', '_dlt_valid_to'), [
        ['a', at(10), at(20)],
        ['a', at(30), null],
        ['b', at(20), at(30)],
      ])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x'], ['y']])
    },
  },
  {
    name: 'scd2: the same content again changes nothing',
    unless,
    run: async (context) => {
      const { load, rows } = await history(context)
      const data = { items: [[1, 'a', 'h1']], items__tags: [['x', 'h1', 't1']] }
      for (const loadId of ['10', '20', '30']) await load(loadId, data)
      assert.deepEqual(await rows('items', 'name', '_dlt_valid_from', '_dlt_valid_to'), [['a', at(10), null]])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
    },
  },
  {
    name: 'scd2: a package is recorded once, however often it is loaded',
    unless,
    run: async (context) => {
      const { load, rows } = await history(context)
      await load('10', { items: [[1, 'a', 'h1']] })
      assert.equal((await load('10', { items: [[1, 'b', 'h2']] })).status, 'already-loaded')
      assert.deepEqual(await rows('items', 'name', '_dlt_valid_to'), [['a', null]])
    },
  },
  {
    name: 'scd2: with a merge key only rows end whose key is in the package',
    unless,
    run: async (context) => {
      const columns = [column('id', 'bigint', { merge_key: true }), name, version]
      const { load, rows } = await history(context, { columns })
      await load('10', {
        items: [
          [1, 'a', 'h1'],
          [2, 'b', 'h2'],
        ],
      })
      await load('20', { items: [[1, 'c', 'h3']] })
      assert.deepEqual(await rows('items', 'id', 'name', '_dlt_valid_to'), [
        ['1', 'a', at(20)],
        ['1', 'c', null],
        ['2', 'b', null],
      ])
    },
  },
  {
    name: 'scd2: merge keys of several columns are not confused',
    unless,
    run: async (context) => {
      const keys = ['one', 'two'].map((part) => column(part, 'text', { merge_key: true }))
      const { load, rows } = await history(context, { columns: [...keys, version] })
      await load('10', {
        items: [
          ['a', 'bc', 'h1'],
          ['x', 'y', 'h2'],
        ],
      })
      await load('20', {
        items: [
          ['ab', 'c', 'h3'],
          ['x', 'y', 'h4'],
        ],
      })
      assert.deepEqual(await rows('items', 'one', 'two', '_dlt_valid_to'), [
        ['a', 'bc', null],
        ['ab', 'c', null],
        ['x', 'y', at(20)],
        ['x', 'y', null],
      ])
    },
  },
  {
    name: 'scd2: boundary and active timestamps may be given',
    unless,
    run: async (context) => {
      const extensions = { 'x-boundary-timestamp': '1970-01-01T00:01:00.000005Z' }
      const { load, rows } = await history(context, { active: '1970-01-02', extensions })
      await load('10', { items: [[1, 'a', 'h1']] })
      await load('20', { items: [[1, 'b', 'h2']] })
      await load('30', { items: [[1, 'b', 'h2']] })
      assert.deepEqual(await rows('items', 'name', '_dlt_valid_from', '_dlt_valid_to'), [
        ['a', '60000005', '60000005'],
        ['b', '60000005', at(86_400)],
      ])
    },
  },
  {
    name: 'scd2: a column of the user may tell versions apart',
    unless,
    run: async (context) => {
      const revision = column('revision', 'text', { nullable: false, 'x-row-version': true })
      const { load, rows } = await history(context, { columns: [key, name, revision, rowId] })
      await load('10', {
        items: [
          [1, 'a', 'v1', 'r1'],
          [2, 'b', 'v2', 'r2'],
        ],
        items__tags: [['x', 'r1', 't1']],
      })
      await load('20', {
        items: [
          [1, 'ignored', 'v1', 'r3'],
          [2, 'c', 'v3', 'r4'],
        ],
      })
      assert.deepEqual(await rows('items', 'name', '_dlt_valid_to'), [
        ['a', null],
        ['b', at(20)],
        ['c', null],
      ])
    },
  },
  {
    name: 'scd2: a destination scope says which rows can end',
    unless,
    run: async (context) => {
      const { load, rows } = await history(context, { extensions: { 'x-merge-destination-scope': '{table}.id < 10' } })
      await load('10', {
        items: [
          [1, 'a', 'h1'],
          [11, 'b', 'h2'],
        ],
      })
      await load('20', { items: [[2, 'c', 'h3']] })
      assert.deepEqual(await rows('items', 'id', '_dlt_valid_to'), [
        ['1', at(20)],
        ['11', null],
        ['2', null],
      ])
    },
  },
  {
    name: 'scd2: rows that a source filter leaves out are neither begun nor seen, nor what is nested in them',
    unless,
    run: async (context) => {
      const { load, rows } = await history(context, { extensions: { 'x-merge-source-filter': "name <> 'skip'" } })
      await load('10', {
        items: [
          [1, 'a', 'h1'],
          [2, 'skip', 'h2'],
        ],
        items__tags: [
          ['x', 'h1', 't1'],
          ['y', 'h2', 't2'],
        ],
      })
      assert.deepEqual(await rows('items', 'id'), [['1']])
      assert.deepEqual(await rows('items__tags', 'tag'), [['x']])
    },
  },
  {
    name: 'scd2: a table without the columns of a history is refused',
    unless,
    run: async (context) => {
      const items = {
        writeDisposition: 'merge' as const,
        columns: [key, version],
        extensions: { 'x-merge-strategy': 'scd2' },
      }
      const { load } = await openDataset(context, definedSchema({ items }))
      await assert.rejects(
        load('10', { items: [[1, 'h1']] }),
        isRefusal(/^Table "items" cannot be merged by scd2: none of its columns has the hint "x-valid-to"\./),
      )
    },
  },
]
