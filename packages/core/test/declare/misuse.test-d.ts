import { Decimal } from 'decimal.js'
import * as v from 'valibot'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { run } from '../../src/pipeline/default-pipeline.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'

declare const pipeline: Pipeline

const users = resource({ name: 'users' }, [{ id: 1, name: 'Ada' }])
const unbound = transformer({ name: 'details' }, (user: { readonly id: number }) => [{ detail: user.id }])
const untyped = transformer({ name: 'untyped' }, (item) => [{ item }])
const configured = transformer({ name: 'configured', config: v.object({ a: v.string() }) }, (user: { id: number }) => [
  user,
])
const bound = users.pipe(unbound)

describe('a transformer that is not bound', () => {
  it('cannot be run or extracted, alone or in a list', () => {
    // @ts-expect-error no resource feeds it
    void pipeline.run(unbound)
    // @ts-expect-error no resource feeds it
    void pipeline.run([users, unbound])
    // @ts-expect-error no resource feeds it
    void pipeline.run(untyped)
    // @ts-expect-error no resource feeds it
    void pipeline.run(configured)
    // @ts-expect-error no resource feeds it
    void pipeline.run(configured({ a: 'x' }))
    // @ts-expect-error no resource feeds it, whatever steps it has
    void pipeline.extract([unbound.addMap((item) => item)])
    // @ts-expect-error no resource feeds it
    void run(unbound)
  })

  it('cannot be in a source', () => {
    // @ts-expect-error no resource feeds it
    source({ name: 's' }, () => [users, unbound])
    // @ts-expect-error no resource feeds it
    source({ name: 's' }, () => ({ users, unbound }))
    // @ts-expect-error no resource feeds it
    source({ name: 's' }, async () => unbound)
    // @ts-expect-error no resource feeds it
    source({ name: 's' }, function* () {
      yield users
      yield unbound
    })
    // @ts-expect-error no resource feeds it
    source({ name: 's' }, () => [configured])
  })

  it('cannot feed another one', () => {
    // @ts-expect-error no resource feeds it
    transformer({ name: 'more', dataFrom: unbound }, (item) => item)
  })

  it('has no limit', () => {
    // @ts-expect-error limit what feeds it
    unbound.addLimit(1)
  })

  it('is fine once it is bound', () => {
    void pipeline.run(bound)
    void pipeline.run([users, bound, users.pipe(configured())])
    void run(users.pipe(untyped))
    source({ name: 's' }, () => [users, bound])
    transformer({ name: 'more', dataFrom: bound }, (item) => item)
    expectTypeOf(bound).toExtend<Resource<{ detail: number }, 'details'>>()
  })
})

describe('data of a run', () => {
  it('may be of every other kind', () => {
    void pipeline.run([{ id: 1 }], { tableName: 'a' })
    void pipeline.run(async function* items() {
      yield { id: 1 }
    })
    void pipeline.run(new Set([1]), { tableName: 'a' })
    void pipeline.run([() => [1], users, Promise.resolve(users)])
    void pipeline.run(source({ name: 's' }, () => [users]))
    const unknownData: object = users
    void pipeline.run(unknownData)
    // @ts-expect-error text is no data
    void pipeline.run('file.json')
  })
})

describe('the range of a cursor', () => {
  it('ends as it begins', () => {
    // @ts-expect-error a number is no end of texts
    resource({ name: 'a', incremental: { cursorPath: 'at', initialValue: '2024', endValue: 5 } }, [])
    // @ts-expect-error a text is no end of dates
    resource({ name: 'a', incremental: { cursorPath: 'at', initialValue: new Date(0), endValue: '2024' } }, [])
    transformer(
      // @ts-expect-error a number is no end of dates
      { name: 'a', dataFrom: users, incremental: { cursorPath: 'at', initialValue: new Date(0), endValue: 5 } },
      (item) => item,
    )
  })

  it('may mix numbers of all kinds, and lack either', () => {
    resource({ name: 'a', incremental: { cursorPath: 'id', initialValue: 1, endValue: 5n } }, [])
    resource({ name: 'a', incremental: { cursorPath: 'id', initialValue: new Decimal(1), endValue: 5 } }, [])
    resource({ name: 'a', incremental: { cursorPath: 'id', initialValue: 'a', endValue: 'b' } as const }, [])
    resource({ name: 'a', incremental: { cursorPath: 'id', initialValue: 'a', endValue: null } }, [])
    resource({ name: 'a', incremental: { cursorPath: 'id', initialValue: 'a' } }, [])
    resource({ name: 'a', incremental: { cursorPath: 'id', endValue: 'b' } }, [])
  })
})

describe('a schema of items', () => {
  const issue = v.object({ id: v.number(), at: v.optional(v.nullable(v.date())), labels: v.array(v.string()) })

  it('cannot have fields of other types', () => {
    // @ts-expect-error ids are texts
    resource({ name: 'a', columns: issue }, [{ id: 'x' }])
    // @ts-expect-error ids are texts
    resource({ name: 'a', columns: issue }, async function* () {
      yield [{ id: 'x', labels: [] }]
    })
    // @ts-expect-error ids are texts, for zod, too
    resource({ name: 'a', columns: z.object({ id: z.number() }) }, [{ id: 'x' }])
    // @ts-expect-error dates are texts
    resource({ name: 'a', columns: issue }, [{ id: 1, at: '2024-01-01', labels: [] }])
    // @ts-expect-error ids are numbers
    transformer({ name: 'a', dataFrom: users, columns: v.object({ id: v.string() }) }, ({ id }) => ({ id }))
  })

  it('takes items that it may hold', () => {
    resource({ name: 'a', columns: issue }, [{ id: 1, at: null, labels: ['x'], more: true }])
    resource({ name: 'a', columns: issue }, () => [{ id: 1, labels: [] }])
    resource({ name: 'a', columns: v.object({ id: v.union([v.number(), v.string()]) }) }, [{ id: 1 }])
    resource({ name: 'a', columns: v.object({ id: v.picklist(['a', 'b']) }) }, [{ id: 'a' }])
    const fetched: unknown[] = []
    resource({ name: 'a', columns: issue }, fetched)
    resource({ name: 'a', columns: issue }, JSON.parse('[]'))
    const open: Record<string, unknown>[] = []
    resource({ name: 'a', columns: issue }, open)
    const branded: (string & { readonly brand: 'id' })[] = []
    resource(
      { name: 'a', columns: v.object({ id: v.string() }) },
      branded.map((id) => ({ id })),
    )
    resource({ name: 'a', columns: { id: { data_type: 'bigint' } } }, [{ id: 'x' }])
    resource({ name: 'a', columns: [{ name: 'id', data_type: 'bigint' }] }, [{ id: 'x' }])
    resource({ name: 'a', columns: (item) => ({ [item.id]: { data_type: 'bigint' } }) }, [{ id: 'x' }])
    resource({ name: 'a' }, [{ id: 'x' }])
      .addMap((item) => ({ id: Number(item.id) }))
      .applyHints({ columns: v.object({ id: v.number() }) })
  })
})
