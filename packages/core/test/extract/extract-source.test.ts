import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, gzipSync } from 'node:zlib'
import { createSchema, createTable, DltError, type Schema, updateTable } from '@dlt/schema'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { current } from '../../src/declare/current.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import { jsonLines } from '../../src/declare/json-lines.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { type ExtractOptions, extractSource } from '../../src/extract/extract-source.ts'
import { sampleSource } from './sample-source.ts'
import { TemporaryPackage } from './temporary-package.ts'

let folder: TemporaryPackage

beforeEach(async () => {
  folder = await TemporaryPackage.create()
})

afterEach(async () => {
  await folder[Symbol.asyncDispose]()
})

const fresh = createSchema('test')

const extract = (resources: readonly Resource[], options: ExtractOptions = {}, schema: Schema = fresh) =>
  extractSource(sampleSource(schema, resources), folder.writer, options)

async function failure(resources: readonly Resource[], options: ExtractOptions = {}): Promise<DltError> {
  try {
    await extract(resources, options)
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('no error was thrown')
}

const rows = (count: number): { id: number }[] => Array.from({ length: count }, (_, index) => ({ id: index + 1 }))

// The items in the given pieces: one by one, as page, as iterator or as promise of a page; what is left comes one by one.
function* shaped(items: readonly object[], cuts: readonly (readonly [number, string])[]): Generator<unknown> {
  let position = 0
  for (const [size, shape] of cuts) {
    const piece = items.slice(position, position + size)
    position += piece.length
    if (shape === 'single') yield* piece
    else if (shape === 'page') yield piece
    else if (shape === 'iterator') yield piece.values()
    else yield Promise.resolve(piece)
  }
  yield* items.slice(position)
}

describe('pages', () => {
  it('are written as files of the manifest, with size and checksum', async () => {
    await extract([resource({ name: 'Items' }, rows(3))])
    const [file, ...others] = folder.files
    if (file === undefined) throw new Error('no file')
    const bytes = folder.bytes(file)
    expect(others).toEqual([])
    expect(file).toEqual({
      name: expect.stringMatching(/^items\.[0-9a-f]{10}\.page$/),
      tableName: 'items',
      kind: 'pages',
      rows: 3,
      bytes: bytes.length,
      checksum: `crc32:${crc32(bytes).toString(16).padStart(8, '0')}`,
    })
    expect(folder.summary(file)).toMatchObject({
      rowCount: 3,
      tables: [{ columns: [{ path: ['id'], kind: 'integer', count: 3, firstValue: 1, maximum: 3 }] }],
    })
  })

  it('are the same for single items, pages of any size, and every kind of data', async () => {
    const items = rows(7)
    const kinds: readonly object[] = [
      items,
      [items],
      [items.slice(0, 2), items.slice(2)],
      new Set(items),
      () => items,
      async () => items,
      function* () {
        yield* items
      },
      async function* () {
        yield items.slice(0, 3)
        for (const item of items.slice(3)) yield item
      },
      items.values(),
      () => [items.slice(0, 4).values(), [...items.slice(4)]],
    ]
    await extract(
      kinds.map((data, index) => resource({ name: `r${index}`, tableName: 'items' }, data)),
      { pageRows: 5, order: 'fifo' },
    )
    const [first, second] = folder.files.map((file) => folder.bytes(file).toString('hex'))
    expect(folder.outline).toEqual(kinds.flatMap(() => ['items: 5', 'items: 2']))
    expect(new Set(folder.files.map((file) => folder.bytes(file).toString('hex')))).toEqual(new Set([first, second]))
  })

  it('are the same however the items are cut into pages, generators and promises', async () => {
    const value = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.integer()))
    const document = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value)
    const shapes = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.constantFrom('single', 'page', 'iterator', 'promise')))
    await fc.assert(
      fc.asyncProperty(fc.array(document), shapes, fc.integer({ min: 1, max: 10 }), async (items, cuts, pageRows) => {
        folder.files.length = 0
        await extract(
          [resource({ name: 'items' }, items), resource({ name: 'cut', tableName: 'items' }, shaped(items, cuts))],
          { pageRows, order: 'fifo' },
        )
        const contents = folder.files.map((file) => folder.bytes(file).toString('hex'))
        const half = contents.length / 2
        expect(contents.slice(half)).toEqual(contents.slice(0, half))
      }),
      { numRuns: 50 },
    )
  })

  it('are bounded by rows', async () => {
    await extract([resource({ name: 'items' }, rows(25))], { pageRows: 10 })
    expect(folder.outline).toEqual(['items: 10', 'items: 10', 'items: 5'])
    expect(folder.files.map((file) => folder.summary(file).tables[0]?.columns[0]?.firstValue)).toEqual([1, 11, 21])
  })

  it('are bounded by bytes, also when few rows are large', async () => {
    const text = 'x'.repeat(10_000)
    await extract(
      [
        resource(
          { name: 'items' },
          Array.from({ length: 100 }, () => ({ text })),
        ),
      ],
      { pageBytes: 100_000 },
    )
    expect(folder.files.length).toBeGreaterThanOrEqual(9)
    for (const { bytes } of folder.files) expect(bytes).toBeLessThan(150_000)
    expect(folder.files.reduce((sum, file) => sum + file.rows, 0)).toBe(100)
  })

  it('are none where there are no items, and the schema stays as it is', async () => {
    const { schema, metrics } = await extract([resource({ name: 'items', primaryKey: 'id' }, [])])
    expect(folder.files).toEqual([])
    expect(schema).toBe(fresh)
    expect(metrics).toMatchObject({ rows: 0, bytes: 0, resources: [{ resourceName: 'items', rows: 0, tables: [] }] })
  })

  it('hold at most a few pages of many tables in memory', async () => {
    const items = Array.from({ length: 6000 }, (_, index) => ({ table: `t${index % 20}`, text: 'x'.repeat(100) }))
    await extract([resource({ name: 'items', tableName: ({ table }) => table }, items)], { pageBytes: 50_000 })
    // 36 KB a table never fill a page, but all together are more than the four pages that may wait.
    expect(folder.files.length).toBeGreaterThan(20)
    expect(folder.files.reduce((sum, file) => sum + file.rows, 0)).toBe(6000)
  })
})

describe('tables', () => {
  it('take their name from the resource, tableName or a function of the item', async () => {
    const { schema, metrics } = await extract([
      resource({ name: 'My Items' }, rows(1)),
      resource({ name: 'issues', tableName: 'Tickets' }, rows(2)),
      resource({ name: 'events', tableName: ({ kind }) => kind }, [
        { kind: 'Push Event' },
        { kind: 'fork' },
        { kind: 'push_event' },
      ]),
    ])
    expect(folder.outline).toEqual(['my_items: 1', 'tickets: 2', 'push_event: 2', 'fork: 1'])
    expect(schema.tables.get('push_event')).toMatchObject({ resource: 'events', write_disposition: 'append' })
    expect(metrics.resources[2]).toMatchObject({
      resourceName: 'events',
      rows: 3,
      tables: [
        { tableName: 'push_event', rows: 2, files: 1 },
        { tableName: 'fork', rows: 1, files: 1 },
      ],
    })
  })

  it('are shortened to what the destination allows', async () => {
    const { schema } = await extract([resource({ name: 'x'.repeat(100) }, rows(1))], {
      maxIdentifierLength: { maxLength: 30 },
    })
    const [file] = folder.files
    expect(file?.tableName).toHaveLength(30)
    expect(schema.tables.has(file?.tableName ?? '')).toBe(true)
  })

  it('get the hints of the resource; another primary key replaces the one before', async () => {
    const first = await extract([
      resource({ name: 'items', primaryKey: 'id', columns: { at: { data_type: 'date' } } }, rows(1)),
    ])
    const second = await extract([resource({ name: 'items', primaryKey: 'key' }, rows(1))], {}, first.schema)
    expect([...(second.schema.tables.get('items')?.columns.values() ?? [])]).toEqual([
      { name: 'at', data_type: 'date' },
      { name: 'id', nullable: false },
      { name: 'key', nullable: false, primary_key: true },
    ])
  })

  it('may be filled by several resources, and stay those of the first', async () => {
    const { schema } = await extract([
      resource({ name: 'a', tableName: 'items' }, rows(1)),
      resource({ name: 'b', tableName: 'items' }, rows(2)),
    ])
    expect(folder.outline).toEqual(['items: 1', 'items: 2'])
    expect(schema.tables.get('items')?.resource).toBe('a')
  })
})

describe('nesting', () => {
  const kinds = (): unknown =>
    folder.files.flatMap((file) =>
      folder
        .summary(file)
        .tables.map(({ path, columns }) => [
          path.join('.'),
          columns.map((column) => `${column.path.join('.')}: ${column.kind}`),
        ]),
    )
  const item = { id: 1, nested: { deep: { a: 1 } }, list: [{ data: { b: 1 } }], ' ': { c: 1 } }

  it('makes columns and tables as deep as the schema says', async () => {
    await extract([resource({ name: 'items' }, [item])])
    expect(kinds()).toEqual([
      ['', ['id: integer', ' .c: integer', 'nested.deep.a: integer']],
      ['list', ['data.b: integer']],
    ])
  })

  it('stops where the resource says', async () => {
    await extract([resource({ name: 'items', maxTableNesting: 0 }, [item])])
    expect(kinds()).toEqual([['', ['id: integer', 'nested: json', 'list: json', ' : json']]])
  })

  it('stops at columns declared as JSON, also in nested tables', async () => {
    const nested = createTable('items__list', { parent: 'items', columns: [{ name: 'data', data_type: 'json' }] })
    const withNested = updateTable(updateTable(fresh, createTable('items')).schema, nested).schema
    await extract(
      [resource({ name: 'items', columns: { nested__deep: { data_type: 'json' } } }, [item])],
      {},
      withNested,
    )
    expect(kinds()).toEqual([
      ['', ['id: integer', ' .c: integer', 'nested.deep: json']],
      ['list', ['data: json']],
    ])
  })

  it('stops at names that are preferred to be JSON', async () => {
    const preferring: Schema = { ...fresh, settings: { ...fresh.settings, preferred_types: { list: 'json' } } }
    await extract([resource({ name: 'items' }, [item])], {}, preferring)
    expect(kinds()).toEqual([['', ['id: integer', 'list: json', ' .c: integer', 'nested.deep.a: integer']]])
  })
})

describe('JSON Lines', () => {
  const text = '{"id":1}\n{"id":2}\n\n{"id":3, invalid}\n{"id":4}'

  async function file(content: string | Uint8Array): Promise<string> {
    const path = join(folder.directory, 'events.jsonl')
    await writeFile(path, content)
    return path
  }

  it('go into the package as they are, cut at line ends, and say where they come from', async () => {
    const path = await file(text)
    const { schema, metrics } = await extract([jsonLines(path, { primaryKey: 'id' })], { pageBytes: 20 })
    expect(folder.files.map((each) => folder.bytes(each).toString())).toEqual([
      '{"id":1}\n{"id":2}\n\n',
      '{"id":3, invalid}\n',
      '{"id":4}',
    ])
    expect(folder.files.map(({ tableName, kind, rows, source }) => ({ tableName, kind, rows, source }))).toEqual([
      { tableName: 'events', kind: 'json_lines', rows: 2, source: { file: path, firstLine: 1 } },
      { tableName: 'events', kind: 'json_lines', rows: 1, source: { file: path, firstLine: 4 } },
      { tableName: 'events', kind: 'json_lines', rows: 1, source: { file: path, firstLine: 5 } },
    ])
    expect(schema.tables.get('events')?.columns.get('id')).toEqual({ name: 'id', nullable: false, primary_key: true })
    expect(metrics).toMatchObject({ rows: 4, bytes: 45 })
  })

  it('are decompressed', async () => {
    await extract([jsonLines(await file(gzipSync(text)))])
    expect(folder.files.map((each) => folder.bytes(each).toString())).toEqual([text])
  })

  it('without rows give nothing', async () => {
    const { schema } = await extract([jsonLines(await file('\n\n'))])
    expect(folder.files).toEqual([])
    expect(schema).toBe(fresh)
  })

  it('are parsed where the table depends on the item, and keep their digits', async () => {
    const path = await file('{"kind":"a","id":9007199254740993}\n{"kind":"b"}')
    await extract([jsonLines<{ kind: string }>(path, { tableName: ({ kind }) => kind })])
    expect(folder.outline).toEqual(['a: 1', 'b: 1'])
    const [first] = folder.files
    if (first === undefined) throw new Error('no file')
    expect(folder.summary(first).tables[0]?.columns).toMatchObject([
      { path: ['kind'] },
      { path: ['id'], kind: 'bigint' },
    ])
  })

  it('that are not JSON name file and line where they are parsed', async () => {
    const path = await file(text)
    const error = await failure([jsonLines<{ id: number }>(path, { tableName: ({ id }) => `t${id}` })])
    expect([error.code, error.message]).toEqual([
      'DATA',
      `Resource "events": "${path}", line 4: the line is not valid JSON. Correct or remove it.`,
    ])
    expect(error.context).toEqual({ file: path, line: 4, resource: 'events' })
  })

  it('that are missing name the file', async () => {
    const error = await failure([jsonLines('/no/such/file.jsonl')])
    expect(error.message).toBe(
      'Resource "file": "/no/such/file.jsonl" cannot be read: ENOENT: no such file or directory, open \'/no/such/file.jsonl\'. Check that it exists, is readable and complete.',
    )
  })
})

describe('replace without items', () => {
  const seen = (name: string, owner: string, disposition: 'append' | 'replace' = 'append') => {
    const table = createTable(name, { resource: owner, writeDisposition: disposition })
    return { ...table, 'x-normalizer': { 'seen-data': true, max_nesting: 5 } }
  }
  const nested = { ...createTable('items__list', { parent: 'items' }), 'x-normalizer': { 'seen-data': true } }
  const schema = [
    seen('items', 'items'),
    nested,
    seen('items_by_day', 'items', 'replace'),
    createTable('unseen', { resource: 'items' }),
    seen('others', 'others'),
  ].reduce((sum, table) => updateTable(sum, table).schema, fresh)

  it('empties the root tables of the resource that have seen data', async () => {
    const result = await extract([resource({ name: 'items', writeDisposition: 'replace' }, [])], {}, schema)
    expect(folder.outline).toEqual(['items: 0', 'items_by_day: 0'])
    expect(folder.files.map((file) => folder.summary(file).rowCount)).toEqual([0, 0])
    expect(result.schema.tables.get('items')).toMatchObject({
      write_disposition: 'replace',
      'x-normalizer': { 'seen-data': true, max_nesting: 5 },
    })
    expect(result.metrics.rows).toBe(0)
  })

  it('empties only what got no items', async () => {
    const items = [{ table: 'items' }]
    const options = { name: 'items', tableName: ({ table }: { table: string }) => table }
    await extract([resource({ ...options, writeDisposition: 'replace' }, items)], {}, schema)
    expect(folder.outline).toEqual(['items: 1', 'items_by_day: 0'])
  })

  it('leaves tables alone that another resource of the run filled', async () => {
    await extract(
      [
        resource({ name: 'items', writeDisposition: 'replace' }, []),
        resource({ name: 'more', tableName: 'items' }, rows(1)),
      ],
      {},
      schema,
    )
    expect(folder.outline).toEqual(['items: 1', 'items_by_day: 0'])
  })

  it('is no matter of other dispositions', async () => {
    await extract(
      [resource({ name: 'items' }, []), resource({ name: 'others', writeDisposition: 'skip' }, [])],
      {},
      schema,
    )
    expect(folder.files).toEqual([])
  })
})

describe('a resource that fails', () => {
  const closed: string[] = []
  function* endless(name: string): Generator<{ id: number }> {
    try {
      for (let id = 1; ; id++) yield { id }
    } finally {
      closed.push(name)
    }
  }
  async function* broken(): AsyncGenerator<{ id: number }> {
    try {
      yield { id: 1 }
      yield { id: 2 }
      throw new TypeError('the API is gone')
    } finally {
      closed.push('broken')
    }
  }

  beforeEach(() => {
    closed.length = 0
  })

  it('is named, with how far it came; its cleaning up runs, and all other generators end', async () => {
    const waiting = endless('waiting')
    waiting.next()
    const notStarted = endless('not started')
    const error = await failure(
      [
        resource({ name: 'done' }, rows(1)),
        resource({ name: 'broken' }, broken),
        resource({ name: 'waiting' }, waiting),
        resource({ name: 'list' }, [notStarted]),
      ],
      { order: 'fifo' },
    )
    expect([error.code, error.message]).toEqual([
      'DATA',
      'Resource "broken" failed after 2 items: TypeError: the API is gone. Nothing of this run was stored; run again when the cause is removed.',
    ])
    expect(error.cause).toBeInstanceOf(TypeError)
    expect(error.context).toEqual({ resource: 'broken' })
    expect(closed).toEqual(['broken', 'waiting'])
    expect(notStarted.next()).toEqual({ done: true, value: undefined })
  })

  it('is closed when its data is refused', async () => {
    const circular: { id: number; self?: unknown } = { id: 1 }
    circular.self = circular
    const error = await failure([
      resource({ name: 'items' }, function* () {
        try {
          yield { list: [circular] }
        } finally {
          closed.push('items')
        }
      }),
    ])
    expect(closed).toEqual(['items'])
    expect([error.code, error.message]).toEqual([
      'DATA',
      'Resource "items", writing, item 1: The item holds, at "list[0].self", an object that contains itself (a circular reference), which cannot be loaded. Remove it, or replace it by a plain value before the item is yielded.',
    ])
  })

  it.each([
    ['a function', { a: { b: () => 1 } }, 'The item holds, at "a.b", a function'],
    ['a symbol', { list: [1, Symbol('canary')] }, 'The item holds, at "list[1]", a symbol'],
    ['a function as item', () => 1, 'The item itself is a function'],
    ['a symbol as item', Symbol('canary'), 'The item itself is a symbol'],
  ])('because of %s names the path', async (_, item, found) => {
    const error = await failure([resource({ name: 'items' }, [[item]])])
    expect([error.code, error.message]).toEqual([
      'DATA',
      `Resource "items", writing, item 1 of page 1: ${found}, which cannot be loaded. Remove it, or replace it by a plain value before the item is yielded.`,
    ])
  })

  it('because what it threw is no error says so', async () => {
    const error = await failure([
      resource({ name: 'items' }, () => {
        throw 'canary'
      }),
    ])
    expect(error.message).toBe(
      'Resource "items" failed after 0 items: something that is no Error was thrown. Nothing of this run was stored; run again when the cause is removed.',
    )
  })

  it('because it returned nothing says what to return', async () => {
    const error = await failure([resource({ name: 'items' }, () => undefined)])
    expect(error.message).toBe(
      'Resource "items": The function returned no data. Return a list or an iterable, or make it a generator that yields items; return [] when there is nothing to load.',
    )
  })
})

describe('names that are no names', () => {
  it.each(['____', '  ', ''])('table "%s" of which nothing is left', async (name) => {
    const error = await failure([resource({ name: 'items', tableName: () => name }, rows(1))])
    expect([error.code, error.message]).toEqual([
      'IDENTIFIER',
      `Resource "items": nothing is left of the table name "${name}" after normalizing it. Use a tableName with letters or digits.`,
    ])
  })

  it('column of which nothing is left', async () => {
    const error = await failure([resource({ name: 'items', columns: { '  ': { data_type: 'text' } } }, rows(1))])
    expect([error.code, error.message]).toEqual([
      'IDENTIFIER',
      'Resource "items": nothing is left of the column name "  " after normalizing it. Use a name with letters or digits.',
    ])
  })

  it("the system's own tables", async () => {
    const error = await failure([resource({ name: 'items', tableName: '_dlt_loads' }, rows(1))])
    expect([error.code, error.message]).toEqual([
      'IDENTIFIER',
      'Resource "items" writes to the table "_dlt_loads". Names that begin with "_dlt" belong to the system: use another tableName.',
    ])
  })

  it('what is not text', async () => {
    const notText: unknown = 1
    const error = await failure([resource({ name: 'items', tableName: () => notText as string }, rows(1))])
    expect([error.code, error.message]).toEqual([
      'CONFIGURATION',
      'Resource "items": tableName did not return text for an item. Return the name of a table for every item.',
    ])
  })
})

describe('the context', () => {
  it('is current in functions, in generators and after they wait, in steps and hints', async () => {
    const seen: string[] = []
    const see = (what: string): void => {
      seen.push(`${what} of ${current.resourceName()}`)
    }
    const items = resource({ name: 'items' }, async function* () {
      see('generator')
      yield { id: 1 }
      await new Promise((resume) => setTimeout(resume, 1))
      see('generator')
      yield { id: 2 }
    })
    const tableName = (): string => {
      see('hint')
      return 't'
    }
    const tables = resource({ name: 'tables', tableName }, rows(1)).addMap(async (row) => {
      see('map')
      await Promise.resolve()
      see('map')
      return row
    })
    await extract([items, tables])
    expect(seen.filter((one) => one.endsWith('of items'))).toEqual(['generator of items', 'generator of items'])
    expect(seen.filter((one) => one.endsWith('of tables'))).toEqual([
      'map of tables',
      'map of tables',
      'hint of tables',
    ])
    expect(() => current.resourceName()).toThrow('dlt.current.resourceName() was called outside of a resource.')
  })
})

describe('metrics', () => {
  it('count rows, bytes, files and time by resource and table', async () => {
    const { metrics } = await extract([resource({ name: 'a' }, rows(3)), resource({ name: 'b' }, rows(2))], {
      pageRows: 2,
    })
    const written = folder.files.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(metrics).toMatchObject({ rows: 5, bytes: written, resources: [{ rows: 3 }, { rows: 2 }] })
    expect(metrics.resources[0]?.tables).toEqual([
      { tableName: 'a', rows: 3, files: 2, bytes: metrics.resources[0]?.bytes },
    ])
    expect(metrics.finishedAt.getTime()).toBeGreaterThanOrEqual(metrics.startedAt.getTime())
  })
})
