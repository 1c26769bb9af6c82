import type { Destination, DestinationFactory } from '@dlt/destination'
import { describe, expectTypeOf, it } from 'vitest'
import { duckdb } from '../../src/destinations/index.ts'
import type { DestinationOptions, LazyDestination } from '../../src/destinations/lazy-destination.ts'
import type { DestinationInput } from '../../src/destinations/resolve-destination.ts'

interface ExampleOptions {
  readonly path?: string
}

declare module '@dlt/destination' {
  interface DestinationRegistry {
    example: ExampleOptions
  }
}

describe('options of a destination', () => {
  it('are typed where its package is installed', () => {
    expectTypeOf<DestinationOptions<'example'>>().toEqualTypeOf<ExampleOptions>()
  })

  it('are any record where it is not', () => {
    expectTypeOf<DestinationOptions<'unknown'>>().toEqualTypeOf<Readonly<Record<string, unknown>>>()
  })
})

describe('a destination can be given', () => {
  it('as a name, a destination, a factory and a light reference', () => {
    expectTypeOf<string>().toExtend<DestinationInput>()
    expectTypeOf<Destination>().toExtend<DestinationInput>()
    expectTypeOf<DestinationFactory<ExampleOptions>>().toExtend<DestinationInput>()
    expectTypeOf(duckdb).returns.toEqualTypeOf<LazyDestination>()
    expectTypeOf<LazyDestination>().toExtend<DestinationInput>()
    expectTypeOf(duckdb).toExtend<DestinationInput>()
  })

  it('by the names of the official ones, which editors offer', () => {
    expectTypeOf<Extract<DestinationInput, 'duckdb'>>().toEqualTypeOf<'duckdb'>()
    expectTypeOf<'@acme/dlt-destination-foo'>().toExtend<DestinationInput>()
  })

  it('as nothing else', () => {
    expectTypeOf<number>().not.toExtend<DestinationInput>()
    expectTypeOf<{ type: string }>().not.toExtend<DestinationInput>()
  })
})
