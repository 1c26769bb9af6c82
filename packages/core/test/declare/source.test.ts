import { createSchema, createTable, schemaFromYaml, schemaToYaml, updateTable } from '@dlt/schema'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { type SourceData, source } from '../../src/declare/declare-source.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { Source } from '../../src/declare/source.ts'
import type { SourceOptions } from '../../src/declare/source-options.ts'
import { failure } from '../extract/failure.ts'

async function itemsOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

const users = resource({ name: 'users' }, () => [{ id: 1 }, { id: 2 }])
const issues = resource({ name: 'issues', primaryKey: 'id' }, () => [{ id: 10 }])
const details = transformer({ name: 'details', dataFrom: users }, ({ id }) => [{ detail: id }])

const github = source({ name: 'github' }, () => [users, issues, details])

describe('a source', () => {
  it('runs its function when it is read, every time, and not before', async () => {
    let calls = 0
    const counted = source({ name: 'counted' }, () => {
      calls++
      return [users]
    })
    const made = counted().withResources('users').addLimit(1)
    expect(calls).toBe(0)
    await itemsOf(made)
    await made.resources()
    expect(calls).toBe(2)
  })

  it('is an immutable value with a name', () => {
    const made = github()
    expect([made.name, github.name, Object.isFrozen(made)]).toEqual(['github', 'github', true])
    expect(Source.is(made)).toBe(true)
    for (const other of [undefined, null, 1, {}, github, users]) expect(Source.is(other)).toBe(false)
  })

  it.each<[string, () => SourceData | Promise<SourceData>]>([
    ['a list', () => [users, issues]],
    ['a record', () => ({ a: users, b: issues })],
    ['a set', () => new Set<Resource>([users, issues])],
    ['a promise', async () => [users, issues]],
    [
      'a generator',
      function* () {
        yield users
        yield issues
      },
    ],
    [
      'an asynchronous generator',
      async function* () {
        yield users
        yield issues
      },
    ],
  ])('takes resources from %s', async (_, load) => {
    expect(Object.keys(await source({ name: 's' }, load)().resources())).toEqual(['users', 'issues'])
  })

  it('takes one resource, factories, and functions with a name', async () => {
    const made = resource({ name: 'made', config: v.object({ a: v.optional(v.number(), 1) }) }, () => [1])
    expect(Object.keys(await source({ name: 's' }, () => users)().resources())).toEqual(['users'])
    expect(Object.keys(await source({ name: 's' }, () => [made])().resources())).toEqual(['made'])
    function* numbers(): Generator<number> {
      yield 1
    }
    const functions: unknown = [numbers]
    const named = source({ name: 's' }, () => functions as readonly Resource[])()
    expect(Object.keys(await named.resources())).toEqual(['numbers'])
    expect(await itemsOf(named)).toEqual([1])
  })

  it('gives its arguments to the function, those from code first', async () => {
    const config = v.object({ org: v.string(), size: v.optional(v.number(), 5) })
    const seen: unknown[] = []
    const made = source({ name: 's', config }, (given) => {
      seen.push(given)
      return [users]
    })
    await made({ org: 'a' }).resources()
    await made({ org: 'a', size: undefined }).resources()
    await made({ org: 'b', size: 1 }).resources()
    expect(seen).toEqual([
      { org: 'a', size: 5 },
      { org: 'a', size: 5 },
      { org: 'b', size: 1 },
    ])
    const [code, message] = await failure(() => made().resources())
    expect(code).toBe('CONFIGURATION')
    expect(message).toContain('the source "s"')
    expect(message).toContain('SOURCES__S__S__ORG')
    expect(await failure(() => made({ orgs: 'a' } as object))).toEqual([
      'CONFIGURATION',
      'The source "s" has no option "orgs". Write "org".',
    ])
    expect(await failure(() => source({ name: 's' }, () => [users])({ org: 'a' } as object))).toEqual([
      'CONFIGURATION',
      'The source "s" has no option "org". It takes none.',
    ])
  })

  it('is looked up in its section; a clone in its own', async () => {
    const made = source({ name: 's', section: 'shared', config: v.object({ org: v.string() }) }, () => [users])
    expect((await failure(() => made().resources()))[1]).toContain('SOURCES__SHARED__S__ORG')
    expect((await failure(() => made.clone({ name: 't' })().resources()))[1]).toContain('SOURCES__SHARED__T__ORG')
    expect((await failure(() => made().clone({ section: 'u' }).resources()))[1]).toContain('SOURCES__U__S__ORG')
  })

  it('names itself when its function fails', async () => {
    const broken = source({ name: 'broken' }, (): SourceData => {
      throw new TypeError('the API is gone.')
    })
    expect(await failure(() => broken().resources())).toEqual([
      'DATA',
      'The function of the source "broken" failed: TypeError: the API is gone. Nothing was read.',
    ])
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'has no resources. Return at least one: a resource, a list or a record.'],
    ['an empty list', [], 'has no resources. Return at least one: a resource, a list or a record.'],
    ['a number', [1], "gave a number where a resource is expected. Make one: dlt.resource({ name: 'items' }, data)."],
    [
      'a date',
      new Date(0),
      "gave a Date where a resource is expected. Make one: dlt.resource({ name: 'items' }, data).",
    ],
    [
      'two of one name',
      [users, users],
      'has two resources called "users". Give each its own name; to load both into one table, give both the same tableName.',
    ],
  ])('that gives %s is refused', async (_, data, message) => {
    const made = source({ name: 's' }, () => data as SourceData)
    expect(await failure(() => made().resources())).toEqual(['CONFIGURATION', `The source "s" ${message}`])
  })

  it('is refused with options that cannot be', async () => {
    const wrong = (options: object): SourceOptions => options as SourceOptions
    const load = (): Resource[] => [users]
    expect(await failure(() => source(wrong({}), load))).toEqual([
      'CONFIGURATION',
      "A source needs a name: dlt.source({ name: 'github' }, () => [issues]).",
    ])
    expect(await failure(() => source(wrong({ name: 's', rootkey: true }), load))).toEqual([
      'CONFIGURATION',
      'The source "s" has no option "rootkey". Write "rootKey".',
    ])
    expect(await failure(() => source({ name: 's', maxConcurrency: 0 }, load))).toEqual([
      'CONFIGURATION',
      'The source "s": maxConcurrency must be a whole number, 1 or more.',
    ])
    expect(await failure(() => source({ name: 'My Source' }, load))).toEqual([
      'SCHEMA',
      '"My Source" is not a name for a schema. Use letters, digits and underscores, not beginning with a digit, at most 64 characters.',
    ])
    expect(await failure(() => github().clone({ rootkey: true } as object))).toEqual([
      'CONFIGURATION',
      'clone of "github" has no option "rootkey". Write "rootKey".',
    ])
    const configured: unknown = { name: 'copy', config: v.object({}) }
    for (const cloned of [() => github.clone(configured as object), () => github().clone(configured as object)]) {
      expect((await failure(cloned))[1]).toMatch(/^clone of "github" has no option "config"\. It knows name, section, /)
    }
    expect((await failure(() => github().clone({ name: 'My Copy' })))[0]).toBe('SCHEMA')
    const list: unknown = [users]
    expect(await failure(() => source({ name: 's' }, list as () => Resource[]))).toEqual([
      'CONFIGURATION',
      'The source "s": a source is a function that returns resources. Write dlt.source({ name: \'s\' }, () => [issues]).',
    ])
  })
})

describe('the resources of a source', () => {
  const selected = async (made: Source): Promise<readonly string[]> =>
    Object.values(await made.resources())
      .filter((each) => each.selected)
      .map(({ name }) => name)

  it('are selected by name; what feeds a selected transformer is read and not given', async () => {
    expect(await selected(github())).toEqual(['users', 'issues', 'details'])
    expect(await selected(github().withResources('issues'))).toEqual(['issues'])
    expect(await itemsOf(github().withResources('details'))).toEqual([{ detail: 1 }, { detail: 2 }])
  })

  it('are selected although they say no themselves', async () => {
    const made = source({ name: 's' }, () => [users.select(false), issues])
    expect(await selected(made())).toEqual(['issues'])
    expect(await selected(made().withResources('users'))).toEqual(['users'])
  })

  it('are refused when there is none of the name, with the nearest one', async () => {
    const named = (name: string) => github().withResources(name as 'users')
    expect(await failure(() => named('isues').resources())).toEqual([
      'CONFIGURATION',
      'The source "github" has no resource "isues". Did you mean "issues"?',
    ])
    expect(await failure(() => itemsOf(named('whatever')))).toEqual([
      'CONFIGURATION',
      'The source "github" has no resource "whatever". It has users, issues, details.',
    ])
    const none: readonly string[] = []
    expect(
      await failure(() =>
        github()
          .withResources(...(none as ['users']))
          .resources(),
      ),
    ).toEqual(['CONFIGURATION', 'No resource of the source "github" is named. It has users, issues, details.'])
  })

  it('are changed one by one; transformers get items of the changed one', async () => {
    const changed = github()
      .withResources('details', 'issues')
      .mapResource('users', (each) => each.addMap(({ id }) => ({ id: id * 100 })))
    expect(await itemsOf(changed)).toEqual(expect.arrayContaining([{ detail: 100 }, { detail: 200 }, { id: 10 }]))
    expect(
      await failure(() =>
        github()
          .mapResource('user' as 'users', (each) => each)
          .resources(),
      ),
    ).toEqual(['CONFIGURATION', 'The source "github" has no resource "user". Did you mean "users"?'])
    expect(
      await failure(() =>
        github()
          .mapResource('users', (each) => each.withName('issues'))
          .resources(),
      ),
    ).toEqual([
      'CONFIGURATION',
      'The source "github" has two resources called "issues". Give each its own name; to load both into one table, give both the same tableName.',
    ])
  })

  it('can be joined by others, which get items of the changed ones', async () => {
    const comments = transformer({ name: 'comments' }, ({ id }: { readonly id: number }) => ({ comment: id }))
    const labels = resource({ name: 'labels' }, [{ label: 'bug' }])
    const more = github()
      .withResources('issues')
      .addResource(({ issues }) => issues.pipe(comments))
      .addResource(() => labels)
      .mapResource('issues', (each) => each.addMap(({ id }) => ({ id: id + 1 })))
    expect(Object.keys(await more.resources())).toEqual(['users', 'issues', 'details', 'comments', 'labels'])
    expect(await itemsOf(more)).toEqual(expect.arrayContaining([{ id: 11 }, { comment: 11 }, { label: 'bug' }]))
    expect(await itemsOf(more.withResources('comments'))).not.toContainEqual({ id: 11 })
    expect(
      await failure(() =>
        github()
          .addResource(({ issues }) => issues)
          .resources(),
      ),
    ).toEqual([
      'CONFIGURATION',
      'The source "github" has two resources called "issues". Give each its own name; to load both into one table, give both the same tableName.',
    ])
    for (const [given, what] of [
      [undefined, 'nothing'],
      [null, 'nothing'],
      [5, 'a number'],
    ] as const) {
      expect(
        await failure(() =>
          github()
            .addResource(() => given as unknown as Resource)
            .resources(),
        ),
      ).toEqual([
        'CONFIGURATION',
        `The source "github" gave ${what} where a resource is expected. Make one: dlt.resource({ name: 'items' }, data).`,
      ])
    }
  })

  it('are limited together, and transformers get fewer items', async () => {
    expect(await itemsOf(github().withResources('details', 'issues').addLimit(1))).toEqual(
      expect.arrayContaining([{ detail: 1 }, { id: 10 }]),
    )
    expect(await itemsOf(github().addLimit(0))).toEqual([])
  })

  it('are read at the same time when they are told to', async () => {
    for (const made of [github().parallelize(), source({ name: 's', parallelized: true }, () => [users])()]) {
      expect(Object.values(await made.resources()).every(({ options }) => options.parallelized === true)).toBe(true)
    }
  })

  it('that feed each other in a circle are refused by name', async () => {
    const first = transformer({ name: 'first', dataFrom: users.withName('second') }, (item) => [item])
    const second = transformer({ name: 'second', dataFrom: first }, (item) => [item])
    expect(await failure(() => itemsOf(source({ name: 's' }, () => [first, second])()))).toEqual([
      'CONFIGURATION',
      'Transformers feed each other in a circle: "first" takes items of "second" takes items of "first". Let one of them take items of a resource.',
    ])
  })

  it('that are transformers without a resource are refused by name', async () => {
    const free = transformer({ name: 'free' }, (item: object) => [item])
    // @ts-expect-error a caller without types
    const made = () => itemsOf(source({ name: 's' }, () => [free])())
    expect((await failure(made))[1]).toBe(
      'The transformer "free" is not bound to a resource. Bind it, parent.pipe(free), or declare it with dataFrom.',
    )
  })

  it('may not hide two different parents of one name', async () => {
    const one = transformer({ name: 'one', dataFrom: users.addLimit(1) }, (item) => [item])
    const two = transformer({ name: 'two', dataFrom: users.addLimit(2) }, (item) => [item])
    expect((await failure(() => itemsOf(source({ name: 's' }, () => [one, two])())))[1]).toBe(
      'Two different resources called "users" feed transformers. Give one of them another name: resource.withName(\'other\').',
    )
  })
})

describe('the schema of a source', () => {
  it('has the settings of the source', async () => {
    const made = source({ name: 's', maxTableNesting: 2, rootKey: true }, () => [users])
    expect((await made().discoverSchema()).normalizers.json.config).toEqual({
      max_nesting: 2,
      root_key_propagation: true,
      propagation: { tables: { users: { _dlt_id: '_dlt_root_id' } } },
    })
    const without = made.clone({ name: 't', rootKey: false })
    expect((await without().discoverSchema()).normalizers.json.config).toEqual({
      max_nesting: 2,
      root_key_propagation: false,
    })
  })

  it('is discovered from hints, without data; what depends on items is left out', async () => {
    const never = (): number[] => {
      throw new Error('was read')
    }
    const made = source({ name: 's' }, () => [
      resource({ name: 'a', columns: { b: { data_type: 'text' } }, nestedHints: { l: {} } }, never),
      resource({ name: 'c', tableName: () => 'd' }, never),
      resource({ name: 'e', primaryKey: () => 'f' }, never),
      resource({ name: 'g', selected: false }, never),
    ])
    const schema = await made().discoverSchema()
    expect(schema.name).toBe('s')
    expect([...schema.tables.keys()].filter((name) => !name.startsWith('_dlt'))).toEqual(['a', 'a__l'])
    expect(schema.tables.get('a')).toMatchObject({ resource: 'a', write_disposition: 'append' })
  })

  it('may be attached, for instance from a file; then it has the name of that schema', async () => {
    const file = updateTable(createSchema('stored'), createTable('kept')).schema
    const made = source({ name: 's', schema: schemaFromYaml(schemaToYaml(file)) }, (_, context) => {
      expect(context.schema.tables.has('kept')).toBe(true)
      return [users]
    })
    const schema = await made().discoverSchema()
    expect([schema.name, schema.tables.has('kept'), schema.tables.has('users')]).toEqual(['stored', true, true])
  })
})
