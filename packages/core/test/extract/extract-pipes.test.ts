import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodePage } from '@dlt/normalize-json'
import { createSchema, DltError } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import { jsonLines } from '../../src/declare/json-lines.ts'
import { linkResources } from '../../src/declare/link-resources.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { type ExtractOptions, extractSource } from '../../src/extract/extract-source.ts'
import { withTableName } from '../../src/hints/item-marks.ts'
import { sampleSource } from './sample-source.ts'
import { TemporaryPackage } from './temporary-package.ts'

let folder: TemporaryPackage

beforeEach(async () => {
  folder = await TemporaryPackage.create()
})

afterEach(async () => {
  await folder[Symbol.asyncDispose]()
})

const extract = (resources: readonly Resource[], options: ExtractOptions = {}) =>
  extractSource(sampleSource(createSchema('test'), linkResources(resources)), folder.writer, options)

/** Values of the column `id` by table, in the order of the files. */
function ids(): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {}
  for (const file of folder.files) {
    const { summary, tables } = decodePage(folder.bytes(file))
    const column = summary.tables[0]?.columns.findIndex(({ path }) => path.join('.') === 'id') ?? -1
    const values = tables[0]?.columns[column]?.values ?? []
    if (!(Symbol.iterator in values)) throw new TypeError('The ids are no numbers.')
    const numbers = Array.from<unknown, number>(values, Number)
    found[file.tableName] = [...(found[file.tableName] ?? []), ...numbers]
  }
  return found
}

const rows = (count: number): { id: number }[] => Array.from({ length: count }, (_, index) => ({ id: index + 1 }))

describe('what resources and transformers give', () => {
  it('reaches their tables; a parent that is not selected has none', async () => {
    const users = resource({ name: 'users', selected: false }, () => [rows(3), { id: 4 }])
    const details = transformer({ name: 'details', dataFrom: users, concurrency: 2 }, async ({ id }) => [
      { id: id * 10 },
    ])
    const { metrics, schema } = await extract([users, details.addFilter(({ id }) => id !== 20)])
    expect(ids()).toEqual({ details: [10, 30, 40] })
    expect(metrics.resources.map(({ resourceName, rows: count }) => [resourceName, count])).toEqual([['details', 3]])
    expect(schema.tables.has('users')).toBe(false)
  })

  it('reaches the tables that marks name, through the steps', async () => {
    const events = resource({ name: 'events' }, () => [withTableName({ id: 1 }, 'pushes'), { id: 2 }])
    await extract([events.addMap((event: object) => ({ ...event, seen: true }))])
    expect(folder.outline.toSorted()).toEqual(['events: 1', 'pushes: 1'])
  })

  it('goes into one table in turns, when two resources share it', async () => {
    const odd = resource({ name: 'odd', tableName: 't' }, () => rows(3).map(({ id }) => ({ id: id * 2 - 1 })))
    const even = resource({ name: 'even', tableName: 't' }, () => rows(3).map(({ id }) => ({ id: id * 2 })))
    const { metrics } = await extract([odd, even])
    expect(ids()['t']?.map(Number).toSorted()).toEqual([1, 2, 3, 4, 5, 6])
    expect(metrics.rows).toBe(6)
  })

  it('is counted by steps, beside rows and bytes', async () => {
    const items = resource({ name: 'items' }, () => rows(4)).addMetrics(({ id }, metrics) => {
      metrics['largest'] = id
    })
    const { metrics } = await extract([items, resource({ name: 'others' }, () => rows(1))])
    expect(metrics.resources.map(({ custom }) => custom)).toEqual([{ largest: 4 }, undefined])
  })

  it('waits, for all tables of all resources together, in at most a few pages', async () => {
    const text = 'x'.repeat(100)
    const many = Array.from({ length: 20 }, (_, index) =>
      resource({ name: `r${index}` }, () => Array.from({ length: 300 }, (__, id) => ({ id, text }))),
    )
    await extract(many, { pageBytes: 50_000 })
    // 36 KB a table never fill a page, but all together are more than the four pages that may wait.
    expect(folder.files.length).toBeGreaterThan(20)
    expect(folder.files.reduce((sum, file) => sum + file.rows, 0)).toBe(6000)
  })
})

describe('text', () => {
  const lines = async (): Promise<string> => {
    const path = join(folder.directory, 'users.jsonl')
    await writeFile(path, '{"id":1}\n{"id":2}\n{"id":3}\n')
    return path
  }

  it('passes as it is where nobody looks at its items', async () => {
    await extract([jsonLines(await lines())])
    expect(folder.files.map(({ kind, rows: count }) => [kind, count])).toEqual([['json_lines', 3]])
  })

  it('is parsed for steps', async () => {
    await extract([jsonLines<{ id: number }>(await lines()).addFilter(({ id }) => id > 1)])
    expect(folder.files.map(({ kind }) => kind)).toEqual(['pages'])
    expect(ids()).toEqual({ users: [2, 3] })
  })

  it('is parsed for transformers', async () => {
    const users = jsonLines<{ id: number }>(await lines())
    await extract([users, transformer({ name: 'details', dataFrom: users }, ({ id }) => [{ id: id * 10 }])])
    expect(ids()).toEqual({ users: [1, 2, 3], details: [10, 20, 30] })
  })

  it('is not even opened with a limit of nothing', async () => {
    await extract([jsonLines(join(folder.directory, 'missing.jsonl')).addLimit(0)])
    expect(folder.files).toEqual([])
  })

  it('that cannot be read names its resource', async () => {
    const error: unknown = await extract([jsonLines(join(folder.directory, 'missing.jsonl'))]).catch(
      (reason: unknown) => reason,
    )
    expect(DltError.is(error) && error.context.resource).toBe('missing')
  })
})

describe('a table name that fails', () => {
  it('names its resource and how far it had come', async () => {
    const parent = resource({ name: 'parent' }, () => rows(2))
    const child = transformer(
      {
        name: 'child',
        dataFrom: parent,
        tableName: ({ id }: { id: number }) => {
          if (id === 2) throw new RangeError('no table')
          return 't'
        },
      },
      (item: { id: number }) => [item],
    )
    await expect(extract([parent, child])).rejects.toThrow(
      'Resource "child" failed in the hint tableName at item 1 of page 2: RangeError: no table. Nothing of this run was stored; run again when the cause is removed.',
    )
  })
})
