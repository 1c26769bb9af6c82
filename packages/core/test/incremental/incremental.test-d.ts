import { describe, expectTypeOf, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { incremental } from '../../src/incremental/declare-incremental.ts'
import type { Incremental } from '../../src/incremental/incremental.ts'
import type { IncrementalOptions } from '../../src/incremental/incremental-options.ts'

describe('the type of a cursor', () => {
  it('follows from the initial value', () => {
    expectTypeOf(incremental({ cursorPath: 'at', initialValue: new Date() })).toEqualTypeOf<IncrementalOptions<Date>>()
    expectTypeOf(incremental({ cursorPath: 'at' })).toEqualTypeOf<IncrementalOptions<unknown>>()
  })

  it('holds for both ends of a range, and for the function', () => {
    incremental({ cursorPath: 'at', initialValue: 1, endValue: 2 })
    // @ts-expect-error a text is no number
    incremental<number>({ cursorPath: 'at', initialValue: 1, endValue: '2' })
    const furthest = incremental({ cursorPath: 'at', initialValue: 1, lastValueFunc: (values) => Math.max(...values) })
    expectTypeOf(furthest).toEqualTypeOf<IncrementalOptions<number>>()
    resource({ name: 'a', incremental: furthest }, (context) => {
      expectTypeOf(context.incremental.lastValue).toEqualTypeOf<number>()
      return [{ at: 1 }]
    })
    incremental<number>({ cursorPath: 'at', lastValueFunc: (values) => Math.max(...values) })
  })

  it('is that of the values a function sees', () => {
    expectTypeOf<Incremental<Date>['lastValue']>().toEqualTypeOf<Date | undefined>()
    expectTypeOf<Incremental<number>['startValue']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<Incremental['endValue']>().toEqualTypeOf<unknown>()
  })
})

describe('options', () => {
  it('are checked', () => {
    // @ts-expect-error the path is needed
    incremental({ initialValue: 1 })
    // @ts-expect-error no such option
    incremental({ cursorPath: 'at', cursor_path: 'at' })
    // @ts-expect-error no such order
    incremental({ cursorPath: 'at', rowOrder: 'up' })
  })
})
