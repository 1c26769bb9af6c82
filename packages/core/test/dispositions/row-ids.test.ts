import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { DltError, parseTypedJson, plainJson } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { jsonLines } from '../../src/declare/json-lines.ts'
import type { WriteDispositionHint } from '../../src/dispositions/write-disposition.ts'
import type { ResourceSettings } from '../../src/hints/resource-options.ts'
import { PipelineStepFailed } from '../../src/pipeline/pipeline-step-failed.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { everyDisposition } from '../warehouse/warehouse.ts'

type Hints = Pick<ResourceSettings, 'writeDisposition' | 'primaryKey' | 'tableName' | 'nestedHints' | 'columns'>
type Row = Readonly<Record<string, unknown>>
type Ids = Readonly<Record<string, readonly Row[]>>

interface RecordedIds {
  readonly items: readonly object[]
  readonly ids: Ids
}

const path = join(import.meta.dirname, 'recorded/row-ids.json')
const recorded = new Map<string, RecordedIds>(Object.entries(Object(parseTypedJson(readFileSync(path, 'utf8')))))

const history: WriteDispositionHint = { disposition: 'merge', strategy: 'scd2' }
const upsert: WriteDispositionHint = { disposition: 'merge', strategy: 'upsert' }

// What `record.py` declares for the documents, spelled as here.
const keyed: Readonly<Record<string, Hints>> = {
  'key of several columns': { writeDisposition: upsert, primaryKey: ['b', 'A x'] },
  'key in an object': { writeDisposition: upsert, primaryKey: 'o__id' },
  'key of a date': { writeDisposition: upsert, primaryKey: ['day', 'flag'] },
  'key of a time stamp': { writeDisposition: upsert, primaryKey: 'at' },
  'key of a time stamp as text': { writeDisposition: upsert, primaryKey: 'at' },
  'key of rows that are only inserted': {
    writeDisposition: { disposition: 'merge', strategy: 'insert-only' },
    primaryKey: 'id',
  },
  'key of changes': { writeDisposition: { disposition: 'merge', strategy: 'cdc' }, primaryKey: 'id' },
}

function hintsOf(name: string): Hints {
  if (name.startsWith('history')) return { writeDisposition: history }
  return keyed[name] ?? { writeDisposition: upsert, primaryKey: 'id' }
}

const idColumns = ['_dlt_id', '_dlt_parent_id', '_dlt_root_id']

/** The ids that rows get, by table; as the files of the normalized package have them. */
async function idsOf(hints: Hints, data: readonly object[] | Readable): Promise<Ids> {
  using shop = new PipelineFixture({ dispositions: everyDisposition })
  const pipeline = shop.pipeline()
  const items =
    data instanceof Readable
      ? jsonLines(data, { name: 'items', ...hints })
      : resource({ name: 'items', ...hints }, data)
  await pipeline.extract(items)
  await pipeline.normalize()
  const [group = ''] = shop.names('packages', 'normalized')
  const folder = join(shop.workingDir, 'packages', 'normalized', group, group)
  const tables = new Map<string, Row[]>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl') && !name.startsWith('_dlt'))) {
    const rows = readFileSync(join(folder, file), 'utf8').trim().split('\n')
    tables.set(
      file.split('.')[0] ?? '',
      rows.map((row) => idsOfRow(JSON.parse(row))),
    )
  }
  return Object.fromEntries([...tables].toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

function idsOfRow(row: Row): Row {
  return Object.fromEntries(idColumns.filter((column) => column in row).map((column) => [column, row[column]]))
}

const lines = (items: readonly object[]): Readable => Readable.from([items.map((item) => plainJson(item)).join('\n')])

describe('ids that follow from rows are those of Python dlt', () => {
  test.each([...recorded])('%s', async (name, { items, ids }) => {
    expect(await idsOf(hintsOf(name), items)).toEqual(ids)
  })

  test.each([...recorded].filter(([name]) => !/types|date|stamp$/.test(name)))(
    '%s, as text',
    async (name, { items, ids }) => {
      expect(await idsOf(hintsOf(name), lines(items))).toEqual(ids)
    },
  )
})

const random = /^[A-Za-z0-9+/]{14}$/

describe('ids that nothing asks to follow from rows', () => {
  test.each<Hints>([
    { writeDisposition: 'append', primaryKey: 'id' },
    { writeDisposition: 'merge', primaryKey: 'id' },
    { writeDisposition: { disposition: 'merge', strategy: 'scd2', rowVersionColumnName: 'id' } },
  ])('are random: %j', async (hints) => {
    const { items = [] } = await idsOf(hints, [{ id: 1 }, { id: 1 }])
    const ids = items.map(({ _dlt_id: id }) => String(id))
    expect(ids.every((id) => random.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(2)
  })
})

describe('ids that follow from rows', () => {
  test('are those of lists that fill tables of their own', async () => {
    const hints = {
      writeDisposition: 'append',
      nestedHints: {
        kids: { primaryKey: 'n', writeDisposition: upsert },
        logs: { mergeKey: 'n', writeDisposition: history },
      },
    } as const
    const nested = {
      kids: [{ n: 1 }],
      logs: [
        { n: 1.5, deep: [{ m: 1 }] },
        { n: 2, deep: [{ m: 2 }] },
      ],
    }
    const { items__kids: kids, items__logs: logs } = await idsOf(hints, [{ id: 1, ...nested }])
    const asRoots = await idsOf({ writeDisposition: history }, nested.logs)
    expect(kids).toEqual((await idsOf({ writeDisposition: upsert, primaryKey: 'n' }, nested.kids))['items'])
    expect(logs).toEqual(asRoots['items'])
  })

  test('do not depend on the order of keys, nor on columns that others brought', async () => {
    const scalar = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const document = fc.dictionary(key, fc.oneof(scalar, fc.array(fc.dictionary(key, scalar), { maxLength: 2 })))
    await fc.assert(
      fc.asyncProperty(document, async (item) => {
        const turned = Object.fromEntries(Object.entries(item).toReversed())
        const { items = [] } = await idsOf({ writeDisposition: history }, [item, { z: 1 }, turned])
        expect(items[0]).toEqual(items[2])
        expect(items[0]).not.toEqual(items[1])
      }),
      { numRuns: 40, seed: 6 },
    )
  })

  test('count what no column can hold as null', async () => {
    const items = [
      { a: 1, b: new Date(Number.NaN), c: [{ d: Number.NaN }] },
      { a: 1, b: null, c: [{ d: null }] },
    ]
    const { items: ids = [] } = await idsOf({ writeDisposition: history }, items)
    expect(ids[0]).toEqual(ids[1])
  })

  test('change with anything in the row, also deep inside', async () => {
    const items = [
      { a: [{ b: [1, 2] }] },
      { a: [{ b: [1, 3] }] },
      { a: [{ b: [1, 2] }], c: null },
      { a: [] },
      { a: {} },
    ]
    const { items: ids = [] } = await idsOf({ writeDisposition: history }, items)
    expect(new Set(ids.map(({ _dlt_id: id }) => id)).size).toBe(items.length)
  })
})

describe('a row without its key', () => {
  const failure = async (hints: Hints & { readonly mergeKey?: string }, items: readonly object[]): Promise<unknown> => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    const pipeline = shop.pipeline()
    await pipeline.extract(resource({ name: 'items', ...hints }, items))
    try {
      await pipeline.normalize()
    } catch (error) {
      const cause = error instanceof PipelineStepFailed ? error.cause : error
      if (DltError.is(cause)) return [cause.code, cause.message, cause.context]
      throw error
    }
    throw new Error('nothing was thrown')
  }
  const refused = (key: string): readonly unknown[] => [
    'DATA',
    `Column "id" of table "items" belongs to its ${key} key, but a row has no value for it, or one of another type, so nothing was loaded. Fill or correct it in the data, leave out such rows with addFilter, or declare another ${key}Key.`,
    { schema: 'shop', table: 'items', column: 'id' },
  ]

  test.each([[[{ id: 1 }, { name: 'x' }]], [[{ id: 1 }, { id: null }]]])('is refused: %j', async (items) => {
    expect(await failure({ writeDisposition: upsert, primaryKey: 'id' }, items)).toEqual(refused('primary'))
    expect(await failure({ writeDisposition: 'merge', primaryKey: 'id' }, items)).toEqual(refused('primary'))
    expect(await failure({ writeDisposition: 'merge', mergeKey: 'id' }, items)).toEqual(refused('merge'))
  })

  test('is refused where no row has it', async () => {
    expect(await failure({ writeDisposition: 'merge', primaryKey: 'id' }, [{ a: 1 }])).toEqual([
      'SCHEMA',
      'Column "id" of table "items" was declared as not null (or as a key) but no row has a value for it. Check the name of the column, fill it, or declare its data type.',
      { schema: 'shop', table: 'items', column: 'id' },
    ])
  })

  test('is refused where the column was declared with its type', async () => {
    const columns = { id: { data_type: 'bigint' } } as const
    expect(await failure({ writeDisposition: upsert, primaryKey: 'id', columns }, [{ a: 1 }])).toEqual(
      refused('primary'),
    )
  })
})
