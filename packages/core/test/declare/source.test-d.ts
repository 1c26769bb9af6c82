import * as v from 'valibot'
import { describe, expectTypeOf, it } from 'vitest'
import type { Resource } from '../../src/declare/resource.ts'
import type { Source } from '../../src/declare/source.ts'
import { dlt } from '../../src/dlt.ts'
import type { Incremental } from '../../src/incremental/incremental.ts'
import type { StateDraft } from '../../src/state/state-draft.ts'

interface User {
  readonly id: number
  readonly name: string
}

const users = dlt.resource({ name: 'users' }, async function* () {
  yield [{ id: 1, name: 'a' }]
})

describe('the context of a resource', () => {
  it('has state and signal, and neither configuration nor cursor unless they are declared', () => {
    dlt.resource({ name: 'items' }, (context) => {
      expectTypeOf(context.state).toEqualTypeOf<StateDraft>()
      expectTypeOf(context.sourceState).toEqualTypeOf<StateDraft>()
      expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>()
      // @ts-expect-error there is no cursor
      context.incremental
      // @ts-expect-error there is no configuration
      context.config.limit.toFixed()
      return [1]
    })
  })

  it('has a cursor of the type of its initial value', () => {
    dlt.resource({ name: 'a', incremental: { cursorPath: 'id', initialValue: 1 } }, ({ incremental }) => {
      expectTypeOf(incremental).toExtend<Incremental<number>>()
      expectTypeOf(incremental.lastValue).toEqualTypeOf<number>()
      return [1]
    })
    dlt.resource({ name: 'a', incremental: { cursorPath: 'at', initialValue: '2024' } }, ({ incremental }) => {
      expectTypeOf(incremental.lastValue).toEqualTypeOf<string>()
      return [1]
    })
    dlt.resource({ name: 'a', incremental: dlt.incremental<Date>({ cursorPath: 'at' }) }, ({ incremental }) => {
      expectTypeOf(incremental.lastValue).toEqualTypeOf<Date>()
      return [1]
    })
    dlt.resource({ name: 'a', incremental: { cursorPath: 'at' } }, ({ incremental }) => {
      expectTypeOf(incremental.lastValue).toEqualTypeOf<unknown>()
      return [1]
    })
  })

  it('has the declared configuration', () => {
    const items = dlt.resource(
      { name: 'items', config: v.object({ limit: v.optional(v.number(), 5), key: dlt.secret(v.string()) }) },
      async function* ({ config }) {
        expectTypeOf(config).toEqualTypeOf<{ limit: number; key: string }>()
        yield { id: 1 }
      },
    )
    expectTypeOf(items({ limit: 3 })).toEqualTypeOf<Resource<{ id: number }, 'items'>>()
    expectTypeOf(items()).toEqualTypeOf<Resource<{ id: number }, 'items'>>()
    expectTypeOf(items.name).toEqualTypeOf<'items'>()
    // @ts-expect-error the argument is a number
    items({ limit: '3' })
    // @ts-expect-error there is no such argument
    items({ size: 3 })
  })

  it('refuses misspelled options of a cursor', () => {
    // @ts-expect-error there is no such option
    dlt.resource({ name: 'a', incremental: { cursorPath: 'at', initialVaule: 1 } }, [])
    // @ts-expect-error a cursor needs a path
    dlt.resource({ name: 'a', incremental: { initialValue: 1 } }, [])
    // @ts-expect-error there is no such order
    dlt.resource({ name: 'a', incremental: { cursorPath: 'at', rowOrder: 'up' } }, [])
  })
})

describe('the methods of a resource', () => {
  it('know what they make of the items', () => {
    expectTypeOf(users).toEqualTypeOf<Resource<{ id: number; name: string }, 'users'>>()
    expectTypeOf(users.addMap((user) => user.id)).toEqualTypeOf<Resource<number, 'users'>>()
    expectTypeOf(users.addMap(async (user) => user.name)).toEqualTypeOf<Resource<string, 'users'>>()
    expectTypeOf(users.addMap((user) => (user.id > 1 ? user : undefined))).toEqualTypeOf<typeof users>()
    expectTypeOf(users.addFilter((user) => user.id > 1)).toEqualTypeOf<typeof users>()
    expectTypeOf(users.addYieldMap((user) => [user.name])).toEqualTypeOf<Resource<string, 'users'>>()
    expectTypeOf(users.withName('people')).toEqualTypeOf<Resource<{ id: number; name: string }, 'people'>>()
    // @ts-expect-error users have no age
    users.addMap((user) => user.age)
    // @ts-expect-error users have no age
    users.applyHints({ primaryKey: (user) => user.age })
    // @ts-expect-error there is no such hint
    users.applyHints({ primary_key: 'id' })
  })

  it('narrow items by a type guard', () => {
    const events = dlt.resource({ name: 'events' }, (): (User | number)[] => [])
    const isUser = (event: User | number): event is User => typeof event === 'object'
    expectTypeOf(events.addFilter(isUser)).toEqualTypeOf<Resource<User, 'events'>>()
  })

  it('take hints as functions of the item', () => {
    dlt.resource(
      {
        name: 'events',
        tableName: (event) => event.kind,
        columns: (event) => ({ [event.kind]: { data_type: 'text' } }),
        writeDisposition: (event) => (event.kind === 'all' ? 'replace' : 'append'),
      },
      [{ kind: 'a' }],
    )
    dlt.resource({ name: 'events', columns: v.object({ id: v.number() }) }, [{ id: 1 }])
  })
})

describe('marks', () => {
  it('are no part of the items', () => {
    const mixed = dlt.resource({ name: 'mixed' }, function* () {
      yield dlt.withTableName({ id: 1 }, 'a')
      yield [dlt.withHints({ id: 2 }, { primaryKey: 'id' }), { id: 3 }]
      yield dlt.withTableName([{ id: 4 }], 'b')
      yield dlt.materializeTable()
    })
    mixed.addMap((item) => {
      expectTypeOf(item).toExtend<{ readonly id: number }>()
      return item.id
    })
  })

  it('have hints for the item, or for the items of the page', () => {
    dlt.withHints({ id: 1 }, { primaryKey: (item) => `${item.id}` })
    dlt.withHints([{ id: 1 }], { tableName: (item) => `t${item.id}` })
    // @ts-expect-error the item has no such key
    dlt.withHints({ id: 1 }, { tableName: (item) => item.name })
    // @ts-expect-error there is no such hint
    dlt.withHints({ id: 1 }, { tablename: 'a' })
  })
})

describe('hints beside a context', () => {
  it('know the item where it is named, or when they are applied', () => {
    dlt.resource({ name: 'a', tableName: (event: { type: string }) => event.type }, async function* ({ signal }) {
      signal.throwIfAborted()
      yield { type: 'a' }
    })
    const events = dlt.resource({ name: 'a' }, async function* ({ state }) {
      yield { type: `${state['kind']}` }
    })
    events.applyHints({ tableName: (event) => event.type })
  })
})

describe('a transformer', () => {
  const details = dlt.transformer({ name: 'details' }, async (user: User) => ({ user: user.id, at: new Date() }))

  it('knows what it takes and gives, from the resource that feeds it', () => {
    const bound = dlt.transformer({ name: 'names', dataFrom: users }, async function* (user) {
      expectTypeOf(user).toEqualTypeOf<{ id: number; name: string }>()
      yield user.name
    })
    expectTypeOf(bound).toEqualTypeOf<Resource<string, 'names'>>()
    expectTypeOf(users.pipe(details)).toEqualTypeOf<Resource<{ user: number; at: Date }, 'details'>>()
  })

  it('may give nothing', () => {
    const some = dlt.transformer({ name: 'some', dataFrom: users }, (user) => (user.id > 1 ? [user.id] : undefined))
    expectTypeOf(some).toEqualTypeOf<Resource<number, 'some'>>()
  })

  it('keeps what it takes through its methods, and takes nothing once it is bound', () => {
    expectTypeOf(users.pipe(details.addMap((detail) => detail.at))).toEqualTypeOf<Resource<Date, 'details'>>()
    const numbers = dlt.resource({ name: 'numbers' }, [1, 2])
    // @ts-expect-error it takes users
    numbers.pipe(details)
    // @ts-expect-error it is bound already
    users.pipe(users.pipe(details))
    // @ts-expect-error a resource is no transformer
    users.pipe(numbers)
  })

  it('takes items of several resources', () => {
    const numbers = dlt.resource({ name: 'numbers' }, [1, 2])
    dlt.transformer({ name: 'both', dataFrom: [users.addMap((user) => user.name), numbers] }, (item) => {
      expectTypeOf(item).toEqualTypeOf<string | number>()
      return [item]
    })
  })

  it('has configuration and cursor as resources have', () => {
    const made = dlt.transformer(
      { name: 'details', dataFrom: users, config: v.object({ depth: v.number() }), concurrency: 5, ordered: false },
      (user, { config }) => {
        expectTypeOf(config.depth).toEqualTypeOf<number>()
        return { id: user.id }
      },
    )
    expectTypeOf(made({ depth: 1 })).toEqualTypeOf<Resource<{ id: number }, 'details'>>()
  })
})

describe('a source', () => {
  const github = dlt.source(
    { name: 'github', config: v.object({ org: v.string(), perPage: v.optional(v.number(), 100) }) },
    ({ org, perPage }, { schema, state }) => {
      expectTypeOf(org).toEqualTypeOf<string>()
      expectTypeOf(perPage).toEqualTypeOf<number>()
      expectTypeOf(schema.name).toEqualTypeOf<string>()
      expectTypeOf(state).toEqualTypeOf<StateDraft>()
      return [users, dlt.resource({ name: 'issues' }, [{ title: org }])]
    },
  )

  it('knows its arguments', () => {
    github()
    github({ org: 'a', perPage: undefined })
    // @ts-expect-error the argument is a text
    github({ org: 1 })
    // @ts-expect-error there is no such argument
    github({ organisation: 'a' })
    expectTypeOf(github.name).toEqualTypeOf<'github'>()
    expectTypeOf(github.clone({ name: 'other' }).name).toEqualTypeOf<'other'>()
  })

  it('knows the names and items of its resources', async () => {
    const made = github()
    made.withResources('issues', 'users')
    // @ts-expect-error there is no such resource
    made.withResources('isues')
    // @ts-expect-error at least one
    made.withResources()
    const { issues, users: people } = await made.resources()
    expectTypeOf(issues).toEqualTypeOf<Resource<{ title: string }, 'issues'>>()
    expectTypeOf(people).toEqualTypeOf<typeof users>()
    const mapped = made.mapResource('issues', (each) => each.addMap(({ title }) => title))
    expectTypeOf((await mapped.resources()).issues).toEqualTypeOf<Resource<string, 'issues'>>()
    // @ts-expect-error there is no such resource
    made.mapResource('pulls', (each) => each)
  })

  it('knows the resources that were added', async () => {
    const titles = dlt.transformer({ name: 'titles' }, ({ title }: { readonly title: string }) => title)
    const more = github().addResource(({ issues }) => issues.pipe(titles))
    more.withResources('issues', 'titles')
    expectTypeOf((await more.resources()).titles).toEqualTypeOf<Resource<string, 'titles'>>()
    // @ts-expect-error the people have no title
    github().addResource(({ users: people }) => people.pipe(titles))
    // @ts-expect-error no resource feeds it
    github().addResource(() => titles)
  })

  it('may return a record, a promise, a generator or one resource', async () => {
    const record = dlt.source({ name: 'a' }, async () => ({ users }))
    const generator = dlt.source({ name: 'a' }, function* () {
      yield users
    })
    const one = dlt.source({ name: 'a' }, () => users)
    for (const made of [record(), generator(), one()]) {
      expectTypeOf((await made.resources()).users).toEqualTypeOf<typeof users>()
    }
    // @ts-expect-error a source gives resources
    dlt.source({ name: 'a' }, () => [{ id: 1 }])
    // @ts-expect-error a source needs a name
    dlt.source({}, () => [users])
    // @ts-expect-error there is no such option
    dlt.source({ name: 'a', rootkey: true }, () => [users])
  })

  it('knows the resources that factories make, and transformers that are bound', async () => {
    const made = dlt.resource({ name: 'made', config: v.object({ size: v.number() }) }, () => [1])
    const squares = dlt.transformer({ name: 'squares', dataFrom: made }, (item) => {
      expectTypeOf(item).toEqualTypeOf<number>()
      return [`${item}`]
    })
    const mixed = dlt.source({ name: 'a' }, () => [made, squares] as const)
    expectTypeOf((await mixed().resources()).made).toEqualTypeOf<Resource<number, 'made'>>()
    expectTypeOf((await mixed().resources()).squares).toEqualTypeOf<Resource<string, 'squares'>>()
  })

  it('of resources with names that are not known is a record by name', async () => {
    const names: string[] = ['a', 'b']
    const many = dlt.source({ name: 'a' }, () => names.map((name) => dlt.resource({ name }, [{ id: 1 }])))
    many().withResources('whatever')
    expectTypeOf((await many().resources())['a']).toEqualTypeOf<Resource<{ id: number }, string> | undefined>()
  })

  it('of any kind fits into a list', () => {
    const list: readonly Source[] = [github(), github().withResources('issues')]
    expectTypeOf(list).toEqualTypeOf<readonly Source[]>()
  })
})
