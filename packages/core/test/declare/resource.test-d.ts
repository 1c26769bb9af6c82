import { describe, expectTypeOf, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { jsonLines } from '../../src/declare/json-lines.ts'
import type { Resource } from '../../src/declare/resource.ts'
import type { ItemOf, ResourceData } from '../../src/declare/resource-data.ts'
import type { ColumnHints } from '../../src/hints/resource-options.ts'

interface Issue {
  readonly id: number
  readonly kind: string
}

describe('the item of data', () => {
  it('is what a list, an iterable or an iterator gives, pages opened', () => {
    expectTypeOf<ItemOf<Issue[]>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<Issue[][]>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<Set<Issue>>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<Iterator<Issue>>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<Generator<Issue[], void, undefined>>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<AsyncGenerator<Issue | Issue[]>>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<AsyncIterable<Promise<Issue>>>>().toEqualTypeOf<Issue>()
  })

  it('is what a function returns, also later', () => {
    expectTypeOf<ItemOf<() => Issue[]>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<() => Promise<Issue[]>>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<() => AsyncGenerator<Issue>>>().toEqualTypeOf<Issue>()
  })

  it('is the data itself for objects, maps and bytes', () => {
    expectTypeOf<ItemOf<Issue>>().toEqualTypeOf<Issue>()
    expectTypeOf<ItemOf<Map<string, number>>>().toEqualTypeOf<Map<string, number>>()
    expectTypeOf<ItemOf<Uint8Array[]>>().toEqualTypeOf<Uint8Array>()
    expectTypeOf<ItemOf<string[]>>().toEqualTypeOf<string>()
  })
})

describe('a resource', () => {
  it('knows its items', () => {
    const issues = resource({ name: 'issues' }, async function* () {
      yield [{ id: 1, kind: 'bug' }]
    })
    expectTypeOf(issues).toEqualTypeOf<Resource<{ id: number; kind: string }, 'issues'>>()
    expectTypeOf(issues[Symbol.asyncIterator]().next).returns.resolves.toMatchTypeOf<{ value: unknown }>()
  })

  it('gives the item to the function that names its table', () => {
    resource(
      {
        name: 'events',
        tableName: (item) => {
          expectTypeOf(item).toEqualTypeOf<{ kind: string }>()
          return item.kind
        },
      },
      function* () {
        yield { kind: 'push' }
      },
    )
  })

  it('of any item fits into a list of resources', () => {
    const list: readonly Resource[] = [
      resource({ name: 'a', tableName: (item: Issue) => item.kind }, [{ id: 1, kind: 'bug' }]),
      jsonLines<Issue>('events.jsonl', { tableName: (item) => item.kind }),
    ]
    expectTypeOf(list).toEqualTypeOf<readonly Resource[]>()
  })
})

describe('options', () => {
  it('take columns as a record and as a list, with the keys of schema documents', () => {
    expectTypeOf<{ id: { data_type: 'bigint'; nullable: false; 'x-mark': true } }>().toExtend<ColumnHints>()
    expectTypeOf<readonly [{ name: 'id'; primary_key: true }]>().toExtend<ColumnHints>()
    // @ts-expect-error a column of a list needs a name
    resource({ name: 'a', columns: [{ data_type: 'text' }] }, [])
    // @ts-expect-error there is no such type
    resource({ name: 'a', columns: { id: { data_type: 'int' } } }, [])
    // @ts-expect-error there is no such hint
    resource({ name: 'a', columns: { id: { dataType: 'text' } } }, [])
  })

  it('are checked', () => {
    // @ts-expect-error a resource needs a name
    resource({}, [])
    // @ts-expect-error there is no such write disposition
    resource({ name: 'a', writeDisposition: 'upsert' }, [])
    // @ts-expect-error there is no such option
    resource({ name: 'a', tablename: 'b' }, [])
    // @ts-expect-error the table of an item is called by text
    resource({ name: 'a', tableName: (item) => item.id }, [{ id: 1 }])
    // @ts-expect-error resources are made by functions
    resource({ name: 'a' }, []).options.name = 'b'
  })
})

describe('data', () => {
  it('is no text and not nothing', () => {
    expectTypeOf<string>().not.toExtend<ResourceData>()
    expectTypeOf<undefined>().not.toExtend<ResourceData>()
    expectTypeOf<null>().not.toExtend<ResourceData>()
    // @ts-expect-error text is not data
    resource({ name: 'a' }, 'events.jsonl')
    // @ts-expect-error there is no data
    resource({ name: 'a' }, undefined)
  })

  it('is any list, iterable, function, object or scalar', () => {
    expectTypeOf<Issue[] | Iterable<Issue> | AsyncGenerator<Issue> | (() => Issue[])>().toExtend<ResourceData>()
    expectTypeOf<number | bigint | boolean | Date | Uint8Array>().toExtend<ResourceData>()
    expectTypeOf<Resource | readonly Resource[]>().toExtend<ResourceData>()
  })
})
