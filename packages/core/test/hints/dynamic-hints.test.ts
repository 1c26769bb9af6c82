import { createSchema, type Schema, type TableSchema } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { extractSource } from '../../src/extract/extract-source.ts'
import { materializeTable, withHints, withTableName } from '../../src/hints/item-marks.ts'
import type { ResourceOptions, TableHints } from '../../src/hints/resource-options.ts'
import { failure } from '../extract/failure.ts'
import { sampleSource } from '../extract/sample-source.ts'
import { TemporaryPackage } from '../extract/temporary-package.ts'

let folder: TemporaryPackage

beforeEach(async () => {
  folder = await TemporaryPackage.create()
})

afterEach(async () => {
  await folder[Symbol.asyncDispose]()
})

async function extract(
  resources: Resource | readonly Resource[],
  schema: Schema = createSchema('test'),
): Promise<Schema> {
  const extracted = await extractSource(sampleSource(schema, [resources].flat()), folder.writer)
  return extracted.schema
}

/** A hint whose item is of another type than the test's helper knows. */
type Columns = NonNullable<TableHints['columns']>

/** A table as the reference system stores it, columns as list. */
const shown = ({ columns, ...table }: TableSchema): object => ({ ...table, columns: [...columns.values()] })

/** The tables of data, by name. */
function tables(schema: Schema): Record<string, object> {
  const found = [...schema.tables.values()].filter(({ name }) => !name.startsWith('_dlt'))
  return Object.fromEntries(found.map((table) => [table.name, shown(table)]))
}

const declared = async (options: Omit<ResourceOptions, 'name'>, data: object = [{ id: 1, kids: [{ a: 1 }] }]) =>
  tables(await extract(resource({ name: 'r', ...options }, data)))

// The tables are those that Python dlt 1.31 makes of the same declarations.
describe('hints of a table', () => {
  it('mark the primary key, then the merge key; a cursor marks its column', async () => {
    const found = await declared({
      primaryKey: 'id',
      mergeKey: ['m', 'id'],
      columns: { z: { data_type: 'text' } },
      incremental: { cursorPath: 'id' },
    })
    expect(found['r']).toEqual({
      name: 'r',
      resource: 'r',
      write_disposition: 'append',
      columns: [
        { name: 'z', data_type: 'text' },
        { name: 'id', nullable: false, primary_key: true, merge_key: true, incremental: true },
        { name: 'm', nullable: false, merge_key: true },
      ],
    })
  })

  it('add the column of a cursor that is one key', async () => {
    const paths: [string, string[]][] = [
      ['id', ['id']],
      ["'id'", ['id']],
      ['$.id', []],
      ['kids[0].a', []],
    ]
    for (const [cursorPath, columns] of paths) {
      const found = await extract(resource({ name: 'r', incremental: { cursorPath } }, [{ id: 1, kids: [{ a: 1 }] }]))
      expect([...(found.tables.get('r')?.columns.keys() ?? [])]).toEqual(columns)
    }
  })

  it('note references with normalized names', async () => {
    const references = [{ columns: ['Z z'], referenced_table: 'Other T', referenced_columns: ['Id'] }]
    expect(await declared({ references, maxTableNesting: 2 })).toEqual({
      r: {
        name: 'r',
        resource: 'r',
        write_disposition: 'append',
        references: [{ columns: ['z_z'], referenced_table: 'other_t', referenced_columns: ['id'] }],
        'x-normalizer': { max_nesting: 2 },
        columns: [],
      },
    })
  })
})

describe('hints of nested tables', () => {
  it('make the table before its first row, tied to its parent', async () => {
    const kids = { columns: { a: { data_type: 'text' } }, writeDisposition: 'append' } as const
    expect((await declared({ nestedHints: { kids } }))['r__kids']).toEqual({
      name: 'r__kids',
      parent: 'r',
      write_disposition: 'append',
      columns: [{ name: 'a', data_type: 'text' }],
    })
  })

  it('with a key make a table that stands on its own', async () => {
    const found = await declared({ nestedHints: { kids: { primaryKey: 'a', columns: { b: { data_type: 'text' } } } } })
    expect(found['r__kids']).toEqual({
      name: 'r__kids',
      resource: 'r',
      write_disposition: 'append',
      columns: [
        { name: 'b', data_type: 'text' },
        { name: 'a', nullable: false, primary_key: true },
      ],
    })
  })

  it('reach deeper by paths, as text or as lists of keys', async () => {
    const asText = await declared({ nestedHints: { 'kids.sub': { mergeKey: 'b' }, kids: {} } })
    expect(asText['r__kids']).toEqual({ name: 'r__kids', parent: 'r', columns: [] })
    expect(asText['r__kids__sub']).toEqual({
      name: 'r__kids__sub',
      resource: 'r',
      write_disposition: 'append',
      columns: [{ name: 'b', nullable: false, merge_key: true }],
    })
    const asPairs = await declared({
      nestedHints: [
        [['kids', 'sub'], { mergeKey: 'b' }],
        [['kids'], {}],
      ],
    })
    expect(asPairs).toEqual(asText)
  })

  it('may be given in any order', async () => {
    const found = await declared({ nestedHints: { 'kids.sub': { columns: { b: {} } }, kids: {} } })
    expect(found['r__kids__sub']).toEqual({ name: 'r__kids__sub', parent: 'r__kids', columns: [{ name: 'b' }] })
  })

  it('must name all tables in between', async () => {
    expect(await failure(() => declared({ nestedHints: { 'kids.sub': { columns: { b: {} } } } }))).toEqual([
      'SCHEMA',
      'Resource "r": Table "r__kids__sub" is nested in "r__kids", which schema "test" does not have. Declare the tables in between as well.',
    ])
  })

  it('need no table in between where the nested one stands on its own', async () => {
    const found = await declared({ nestedHints: { 'kids.sub': { primaryKey: 'b' } } })
    expect(found['r__kids__sub']).toMatchObject({ name: 'r__kids__sub', resource: 'r' })
    expect(found['r__kids__sub']).not.toHaveProperty('parent')
  })

  it('name the key of which nothing is left', async () => {
    expect(await failure(() => declared({ nestedHints: { ' ': {} } }))).toEqual([
      'IDENTIFIER',
      'Resource "r": nothing is left of the key " " of nestedHints after normalizing it. Use the key of a list.',
    ])
  })

  it('are checked when they are declared', async () => {
    const wrong = { kids: { primaryKey: 1 } } as unknown as NonNullable<TableHints['nestedHints']>
    expect(await failure(() => resource({ name: 'r', nestedHints: wrong }, []))).toEqual([
      'CONFIGURATION',
      'Resource "r", nestedHints of "kids": primaryKey must be the name of a column, or a list of names.',
    ])
    const unknown = { kids: { primary_key: 'a' } } as NonNullable<TableHints['nestedHints']>
    expect(await failure(() => resource({ name: 'r', nestedHints: unknown }, []))).toEqual([
      'CONFIGURATION',
      'Resource "r", nestedHints of "kids" has no option "primary_key". Write "primaryKey".',
    ])
  })
})

describe('hints that are functions of the item', () => {
  const kinds = [
    { k: 'a', id: 1 },
    { k: 'b', id: 2 },
  ]

  it('are resolved for the table of each item', async () => {
    const found = await extract(
      resource(
        {
          name: 'r',
          tableName: (item) => item.k,
          primaryKey: (item) => item.k,
          columns: (item) => ({ [`x${item.k}`]: { data_type: 'text' } }),
          writeDisposition: () => 'replace' as const,
        },
        kinds,
      ),
    )
    const table = (kind: string): object => ({
      name: kind,
      resource: 'r',
      write_disposition: 'replace',
      columns: [
        { name: `x${kind}`, data_type: 'text' },
        { name: kind, nullable: false, primary_key: true },
      ],
    })
    expect(tables(found)).toEqual({ a: table('a'), b: table('b') })
    expect(folder.outline).toEqual(['a: 1', 'b: 1'])
  })

  it('are resolved for every item of one table, and join what is there', async () => {
    const columns = (item: { k: string }) => ({ [item.k]: { data_type: 'text' as const } })
    const found = await declared({ columns: columns as Columns }, [...kinds, ...kinds])
    expect(found['r']).toMatchObject({
      columns: [
        { name: 'a', data_type: 'text' },
        { name: 'b', data_type: 'text' },
      ],
    })
    expect(folder.outline).toEqual(['r: 4'])
  })

  it('are called once an item, and not at all when they are values', async () => {
    let calls = 0
    const writeDisposition = (): 'append' => {
      calls++
      return 'append'
    }
    await extract(resource({ name: 'r', writeDisposition }, kinds))
    expect(calls).toBe(kinds.length)
  })

  it('change how later items are taken apart', async () => {
    const items = [{ doc: { a: 1 } }, { doc: { a: 2 }, json: true }, { doc: { a: 3 }, json: true }]
    const columns = (item: { json?: boolean }) => (item.json === true ? { doc: { data_type: 'json' as const } } : {})
    await extract(resource({ name: 'r', columns }, items))
    expect(folder.outline).toEqual(['r: 1', 'r: 2'])
    const paths = folder.files.map((file) => folder.summary(file).tables[0]?.columns.map(({ path }) => path.join('.')))
    expect(paths).toEqual([['doc.a'], expect.arrayContaining(['doc'])])
  })

  it('are checked when they have given something', async () => {
    const merging = () => ({ disposition: 'merge', strategy: 'upsert', deduplicated: true }) as unknown as 'merge'
    expect(await failure(() => declared({ writeDisposition: merging }))).toEqual([
      'CONFIGURATION',
      'Resource "r": the hints for an item: the merge strategy "upsert" does not know the option "deduplicated", which belongs to "delete-insert". Remove the option, or use such a strategy.',
    ])
    const columns = () => ({ id: { data_type: 'int' } }) as unknown as Columns
    const [code, message] = await failure(() => declared({ columns: columns as Columns }))
    expect(code).toBe('CONFIGURATION')
    expect(message).toMatch(/^Resource "r": the hints for an item: columns: data_type of "id" must be one of text, /)
  })
})

describe('a marked item', () => {
  it('goes to the table that it names, alone or as a page', async () => {
    const found = await declared({ maxTableNesting: 1 }, [
      withTableName({ a: 1 }, 'T 5'),
      { b: 1 },
      withTableName([{ a: 2 }, { a: 3 }], 'T 5'),
    ])
    expect(Object.keys(found)).toEqual(['t_5', 'r'])
    expect(folder.outline).toEqual(['t_5: 3', 'r: 1'])
  })

  it('brings hints for its table alone, a variant of what the resource says', async () => {
    const hints = {
      tableName: 'va',
      columns: { q: { data_type: 'text' } },
      primaryKey: 'id',
      writeDisposition: 'replace',
    } as const
    const found = await declared({ columns: { base: { data_type: 'bool' } } }, function* () {
      yield withHints({ id: 1 }, hints, { createTableVariant: true })
      yield withTableName({ id: 2 }, 'va')
      yield withTableName({ id: 2 }, 'vb')
      yield { id: 3 }
    })
    const base = { name: 'base', data_type: 'bool' }
    expect(found).toEqual({
      va: {
        name: 'va',
        variant_name: 'va',
        resource: 'r',
        write_disposition: 'replace',
        columns: [base, { name: 'q', data_type: 'text' }, { name: 'id', nullable: false, primary_key: true }],
      },
      vb: { name: 'vb', resource: 'r', write_disposition: 'append', columns: [base] },
      r: { name: 'r', resource: 'r', write_disposition: 'append', columns: [base] },
    })
    expect(folder.outline).toEqual(['va: 2', 'vb: 1', 'r: 1'])
  })

  it('brings hints for all that comes, which move items when they name a table', async () => {
    const found = await declared({ columns: { base: { data_type: 'bool' } } }, function* () {
      yield { id: 1 }
      yield withHints({ id: 2 }, { columns: { q: { data_type: 'text' } }, primaryKey: 'id' })
      yield withHints({ id: 2 }, { tableName: 'moved' })
      yield { id: 3 }
    })
    const columns = [
      { name: 'base', data_type: 'bool' },
      { name: 'q', data_type: 'text' },
      { name: 'id', nullable: false, primary_key: true },
    ]
    expect(found).toEqual({
      r: { name: 'r', resource: 'r', write_disposition: 'append', columns },
      moved: { name: 'moved', resource: 'r', write_disposition: 'append', columns },
    })
    expect(folder.outline).toEqual(['r: 2', 'moved: 2'])
  })

  it('is changed by steps as any item, and keeps its mark', async () => {
    const data = [withTableName([{ id: 1 }, { id: 2 }], 'even'), { id: 3 }]
    const items = resource({ name: 'r' }, data)
      .addFilter(({ id }) => id !== 1)
      .addMap(async ({ id }) => ({ id: id * 2 }))
    await extract(items)
    expect(folder.outline).toEqual(['even: 1', 'r: 1'])
    const ids: number[] = []
    for await (const { id } of items) ids.push(id)
    expect(ids).toEqual([4, 6])
  })

  it('shares its hints with the other items of its page, until another mark comes', async () => {
    const page = [{ id: 1 }, { id: 2 }]
    const wide = withHints(page, { tableName: 'v', columns: { w: {} } }, { createTableVariant: true })
    const found = await declared({}, [
      wide,
      withHints(page, { tableName: 'v', columns: [] }, { createTableVariant: true }),
      withHints(page, { columns: { q: { data_type: 'text' } } }),
      { id: 3 },
      wide,
    ])
    expect(found).toMatchObject({
      v: { variant_name: 'v', columns: [{ name: 'w' }] },
      r: { columns: [{ name: 'q', data_type: 'text' }] },
    })
    expect(folder.outline).toEqual(['v: 6', 'r: 3'])
  })

  it('comes from a transformer as well, and stays apart from its parent', async () => {
    const parent = resource({ name: 'parent' }, [{ id: 1 }, { id: 2 }])
    const child = transformer({ name: 'child', dataFrom: parent }, ({ id }) => withTableName({ id }, `c${id}`))
    await extract([parent, child])
    expect(folder.outline.toSorted()).toEqual(['c1: 1', 'c2: 1', 'parent: 2'])
  })

  it('is marked once', async () => {
    const marked = withTableName({ id: 1 }, 'a')
    const message =
      "was given an item that is marked already. One mark says everything: withHints(item, { tableName: 'events', … })."
    expect(await failure(() => withHints(marked, {}))).toEqual(['CONFIGURATION', `withHints ${message}`])
    expect(await failure(() => withTableName(marked, 'b'))).toEqual(['CONFIGURATION', `withTableName ${message}`])
  })

  it('is refused where the mark says nothing that can be', async () => {
    expect(await failure(() => withHints({}, { primary_key: 'id' } as object))).toEqual([
      'CONFIGURATION',
      'withHints has no option "primary_key". Write "primaryKey".',
    ])
    expect(await failure(() => withHints({}, {}, { create_table_variant: true } as object))).toEqual([
      'CONFIGURATION',
      'withHints has no option "create_table_variant". Write "createTableVariant".',
    ])
    expect(await failure(() => withTableName({}, ' '))).toEqual([
      'IDENTIFIER',
      'withTableName: the table name " " is empty or white space. Use a name of letters and digits.',
    ])
    expect(await failure(() => withHints({}, { primaryKey: 'id' }, { createTableVariant: true }))).toEqual([
      'CONFIGURATION',
      "withHints: a table variant needs a table name: withHints(item, { tableName: 'events', … }, { createTableVariant: true }).",
    ])
    const hints = { tableName: 'a', primaryKey: () => 'id' }
    expect(await failure(() => withHints({}, hints, { createTableVariant: true }))).toEqual([
      'CONFIGURATION',
      'withHints: the hint primaryKey of the table variant "a" is a function. Give its value for this table.',
    ])
  })
})

describe('a table without items', () => {
  const columns = { a: { data_type: 'bigint' } } as const
  const table = { name: 'r', resource: 'r', write_disposition: 'append', columns: [{ name: 'a', data_type: 'bigint' }] }

  it('is none where nothing was yielded, or nothing is left', async () => {
    expect(await declared({ columns }, [])).toEqual({})
    expect(await declared({ columns }, function* () {})).toEqual({})
    expect(tables(await extract(resource({ name: 'r', columns }, [[{ id: 1 }]]).addFilter(() => false)))).toEqual({})
    expect(folder.files).toEqual([])
  })

  it('joins the schema when an empty page was yielded, without a file', async () => {
    const emptyPage = function* () {
      yield []
    }
    expect(await declared({ columns }, emptyPage)).toEqual({ r: table })
    expect(folder.files).toEqual([])
  })

  it('is made when it is asked for, with a file without rows', async () => {
    expect(await declared({ columns }, [materializeTable()])).toEqual({ r: table })
    expect(folder.outline).toEqual(['r: 0'])
  })

  it('may come with hints and a name of its own', async () => {
    const found = await declared({ maxTableNesting: 1 }, function* () {
      yield withHints(materializeTable(), { tableName: 't4', columns }, { createTableVariant: true })
      yield withTableName(materializeTable(), 't5')
      yield withHints(materializeTable(), { primaryKey: 'id' })
    })
    expect(Object.keys(found)).toEqual(['t4', 't5', 'r'])
    expect(found['t4']).toMatchObject({ variant_name: 't4', columns: table.columns })
    expect(found['r']).toMatchObject({ columns: [{ name: 'id', nullable: false, primary_key: true }] })
    expect(folder.outline).toEqual(['t4: 0', 't5: 0', 'r: 0'])
  })

  it('has no second file when items come as well', async () => {
    await declared({ columns }, [materializeTable(), { a: 1 }])
    expect(folder.outline).toEqual(['r: 1'])
  })

  it('needs a name where items name their tables', async () => {
    const tableName = ((item: { k: string }) => item.k) as TableHints['tableName']
    expect(await failure(() => declared({ ...(tableName && { tableName }) }, [materializeTable()]))).toEqual([
      'CONFIGURATION',
      'Resource "r": an empty table has no name, because tableName is a function of the item. Say it: dlt.withTableName(dlt.materializeTable(), \'issues\').',
    ])
  })

  it('is no item of an iterated resource', async () => {
    const items: unknown[] = []
    for await (const item of resource({ name: 'r' }, [materializeTable(), { a: 1 }])) items.push(item)
    expect(items).toEqual([{ a: 1 }])
  })
})
