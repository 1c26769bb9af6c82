import { DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { ResourceSettings } from '../../src/hints/resource-options.ts'
import { PipelineStepFailed } from '../../src/pipeline/pipeline-step-failed.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { everyDisposition } from '../warehouse/warehouse.ts'

const item = { id: 1, name: 'a' }

type Hints = Pick<ResourceSettings, 'writeDisposition' | 'primaryKey' | 'mergeKey' | 'columns'>

/** Code and message of what a run or extract throws, and whether the items were asked for. */
async function failure(
  shop: PipelineFixture,
  hints: Hints,
): Promise<readonly [code: string, message: string, read: boolean]> {
  let read = false
  const items = resource({ name: 'items', ...hints }, () => {
    read = true
    return [item]
  })
  try {
    await shop.pipeline().run(items)
  } catch (error) {
    const cause = error instanceof PipelineStepFailed ? error.cause : error
    if (DltError.is(cause)) return [cause.code, cause.message, read]
    throw error
  }
  throw new Error('nothing was thrown')
}

const upsert = { disposition: 'merge', strategy: 'upsert' } as const
const history = { disposition: 'merge', strategy: 'scd2' } as const

describe('a disposition that the destination lacks', () => {
  test('is refused before anything is read, and names those that it has', async () => {
    using shop = new PipelineFixture()
    expect(await failure(shop, { writeDisposition: 'merge', primaryKey: 'id' })).toEqual([
      'UNSUPPORTED',
      'Table "items" has the write disposition "merge", which the destination "warehouse" does not have. It has "append", "replace": use one of these.',
      false,
    ])
    expect(await shop.pipeline().pendingPackages()).toEqual([])
    expect(shop.warehouse.log).toEqual(expect.not.arrayContaining(['updateSchema']))
  })

  test('is refused, too, where it is a strategy', async () => {
    const mergeStrategies = ['delete-insert', 'scd2'] as const
    using shop = new PipelineFixture({ dispositions: { ...everyDisposition, mergeStrategies } })
    expect(await failure(shop, { writeDisposition: upsert, primaryKey: 'id' })).toEqual([
      'UNSUPPORTED',
      'Table "items" is merged with the strategy "upsert", which the destination "warehouse" does not have. It has "delete-insert", "scd2": use one of these.',
      false,
    ])
  })

  test('is refused where a function of the item says it, before anything is committed', async () => {
    using shop = new PipelineFixture()
    expect(await failure(shop, { writeDisposition: () => 'merge' })).toEqual([
      'UNSUPPORTED',
      'Table "items" has the write disposition "merge", which the destination "warehouse" does not have. It has "append", "replace": use one of these.',
      true,
    ])
    expect(await shop.pipeline().pendingPackages()).toEqual([])
    expect(shop.pipeline().schemas.size).toBe(0)
  })

  test('is no matter for tables that are not loaded', async () => {
    using shop = new PipelineFixture({ dispositions: { writeDispositions: ['append'] } })
    const skipped = resource({ name: 'skipped', writeDisposition: 'skip' }, [{ id: 1 }])
    await shop.pipeline().run([skipped, resource({ name: 'unread', writeDisposition: 'merge' }, []).select(false)])
  })
})

describe('a merge that cannot work is refused before anything is read', () => {
  test.each(['upsert', 'insert-only', 'cdc'] as const)('%s without a primary key', async (strategy) => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    expect(await failure(shop, { writeDisposition: { disposition: 'merge', strategy }, mergeKey: 'id' })).toEqual([
      'SCHEMA',
      `Table "items" is merged with the strategy "${strategy}", which finds rows by their primary key, and has none. Declare it: primaryKey: 'id'.`,
      false,
    ])
  })

  test.each(['hard_delete', 'dedup_sort'] as const)('several columns with the hint %s', async (hint) => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    const marked = hint === 'hard_delete' ? { hard_delete: true } : ({ dedup_sort: 'asc' } as const)
    const columns = { a: marked, b: marked }
    expect(await failure(shop, { writeDisposition: 'merge', primaryKey: 'id', columns })).toEqual([
      'SCHEMA',
      `Table "items" has the hint "${hint}" on 2 columns: "a", "b". One can have it: take it from the others.`,
      false,
    ])
  })
})

describe('a history that begins after the fact', () => {
  test.each([
    [{ ...history, activeRecordTimestamp: '9999-12-31' }],
    [{ ...history, activeRecordTimestamp: new Date('9999-12-31') }],
  ])('is refused where valid rows would have another mark: %j', async (writeDisposition) => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    await shop.pipeline().run(resource({ name: 'items' }, [{ id: 1, kids: [1] }]))
    expect(await failure(shop, { writeDisposition })).toEqual([
      'SCHEMA',
      'Table "items" has valid rows with another value in "_dlt_valid_to" than activeRecordTimestamp says, so they would never be closed. Give the one that they were loaded with (none for rows from before the history), or begin anew with refresh: \'drop_resources\', which drops the table and the tables nested in it.',
      false,
    ])
  })

  test('keeps the columns that it has', async () => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    await shop.pipeline().run(resource({ name: 'items', writeDisposition: history }, [item]))
    const writeDisposition = { ...history, validityColumnNames: ['from', 'to'] } as const
    expect(await failure(shop, { writeDisposition })).toEqual([
      'SCHEMA',
      'Table "items" has its history in the columns "_dlt_valid_from" and "_dlt_valid_to", and validityColumnNames gives "from", "to". Give those that it has, or begin anew with refresh: \'drop_resources\', which drops the table.',
      false,
    ])
    expect(
      (await shop.pipeline().run(resource({ name: 'items', writeDisposition: history }, [item]))).hasFailedJobs,
    ).toBe(false)
  })

  test('begins where null marks valid rows', async () => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    await shop.pipeline().run(resource({ name: 'items' }, [{ id: 1 }]))
    const pipeline = shop.pipeline()
    await pipeline.extract(resource({ name: 'items', writeDisposition: history }, [{ id: 1 }]))
    await pipeline.normalize()
    expect([...(pipeline.defaultSchema?.tables.get('items')?.columns.keys() ?? [])]).toEqual([
      'id',
      '_dlt_load_id',
      '_dlt_id',
      '_dlt_valid_from',
      '_dlt_valid_to',
    ])
  })

  test('keeps its mark, however it is spelled', async () => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    for (const activeRecordTimestamp of ['9999-12-31', '9999-12-31T00:00:00Z', new Date('9999-12-31')]) {
      const writeDisposition = { ...history, activeRecordTimestamp }
      const pipeline = shop.pipeline()
      await pipeline.extract(resource({ name: 'items', writeDisposition }, [{ id: 1 }]))
      await pipeline.normalize()
    }
    const [code, message] = await failure(shop, { writeDisposition: history })
    expect([code, message]).toEqual(['SCHEMA', expect.stringContaining('Table "items" has valid rows')])
  })
})

describe('what is not heeded is said once, when the package is normalized', () => {
  const ignored = (what: string): string => `Pipeline "shop": Table "items" (schema "shop"): ${what}`
  const noKeys =
    'it is merged but has neither a primary key nor a merge key, so rows are added and none is replaced. Declare primaryKey or mergeKey, or use the write disposition "append".'
  const cases: readonly (readonly [Hints, readonly string[]])[] = [
    [{ writeDisposition: 'merge' }, [noKeys]],
    [{ writeDisposition: 'merge', mergeKey: 'id' }, []],
    [{ writeDisposition: { disposition: 'merge', destinationScope: 'id = 1' } }, []],
    [
      { writeDisposition: upsert, primaryKey: 'id', mergeKey: 'name' },
      ['the merge key is ignored, because the strategy "upsert" finds rows by their primary key.'],
    ],
    [
      {
        writeDisposition: { disposition: 'merge', strategy: 'cdc', destinationScope: 'id = 1' },
        primaryKey: 'id',
        mergeKey: 'name',
      },
      ['the merge key is ignored, because destinationScope says which rows may go.'],
    ],
    [{ writeDisposition: { disposition: 'merge', strategy: 'cdc' }, primaryKey: 'id', mergeKey: 'name' }, []],
    [
      { writeDisposition: 'merge', mergeKey: 'id', columns: { name: { dedup_sort: 'asc' } } },
      ['the hint "dedup_sort" is ignored, because without a primary key no row is a duplicate.'],
    ],
    [
      {
        writeDisposition: { disposition: 'merge', deduplicated: true },
        primaryKey: 'id',
        columns: { name: { dedup_sort: 'asc' } },
      },
      ['the hint "dedup_sort" is ignored, because deduplicated says that no row is a duplicate.'],
    ],
    [
      { writeDisposition: 'append', columns: { name: { dedup_sort: 'asc' }, id: { hard_delete: true } } },
      [
        'column "id" has the hint "hard_delete", which only a merge heeds.',
        'column "name" has the hint "dedup_sort", which only a merge heeds.',
      ],
    ],
    [{ writeDisposition: 'skip', columns: { name: { dedup_sort: 'asc' } } }, []],
  ]
  test.each(cases)('%j', async (hints, warnings) => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    const pipeline = shop.pipeline()
    await pipeline.extract(resource({ name: 'items', ...hints }, [item]))
    expect(shop.messages).toEqual([])
    await pipeline.normalize()
    expect(shop.messages).toEqual(warnings.map(ignored))
  })

  test('options that the first strategy of the destination does not know', async () => {
    const mergeStrategies = ['insert-only'] as const
    using shop = new PipelineFixture({ dispositions: { ...everyDisposition, mergeStrategies } })
    const pipeline = shop.pipeline()
    const writeDisposition = { disposition: 'merge', destinationScope: 'id = 1' } as const
    await pipeline.extract(resource({ name: 'items', primaryKey: 'id', writeDisposition }, [{ id: 1 }]))
    await pipeline.normalize()
    expect(shop.messages).toEqual([
      ignored(
        'destinationScope is ignored by the strategy "insert-only". It belongs to "delete-insert", "scd2", "cdc": use one of these, or leave it out.',
      ),
    ])
  })
})

describe('a run that replaces everything once', () => {
  test('empties what a resource appended, and its cursor begins anew', async () => {
    using shop = new PipelineFixture()
    const seen: unknown[] = []
    const items = resource(
      { name: 'items', incremental: { cursorPath: 'id', initialValue: 0 } },
      function* ({ incremental }) {
        seen.push(incremental.lastValue)
        yield [{ id: 1 }, { id: 2 }]
      },
    )
    await shop.pipeline().run(items)
    await shop.pipeline().run([items, resource({ name: 'others' }, [{ id: 7 }])], { writeDisposition: 'replace' })
    await shop.pipeline().run(items)
    expect(seen).toEqual([0, 0, 2])
    expect(shop.ids('items')).toEqual([1, 2])
  })
})

test('a nested table that declares another disposition than the table that it is nested in is warned of', async () => {
  using shop = new PipelineFixture()
  const orders = (writeDisposition: 'append' | 'replace') =>
    resource({ name: 'orders', writeDisposition, nestedHints: { lines: { writeDisposition: 'replace' } } }, [
      { id: 1, lines: [{ sku: 'a' }] },
    ])
  await shop.pipeline().run(orders('replace'))
  expect(shop.messages).toEqual([])
  await shop.pipeline().run(orders('append'))
  expect(shop.messages).toEqual([
    'Pipeline "shop": Table "orders__lines" (schema "shop") declares the write disposition "replace", which is ignored: it is nested in "orders", which has "append", and its rows go with theirs. Take it from the hints of the nested table, or give that a primary key of its own.',
  ])
})
