import type { Destination, DestinationFactory, DestinationRegistry } from '@dlt/destination'
import type { DuckDBConnection } from '@duckdb/node-api'
import { expectTypeOf, it } from 'vitest'
import { type DuckDbOptions, destination, duckdb } from '../src/index.ts'

it('types the options where the package is installed', () => {
  expectTypeOf<DestinationRegistry['duckdb']>().toEqualTypeOf<DuckDbOptions>()
  expectTypeOf(destination).toEqualTypeOf<DestinationFactory<DuckDbOptions>>()
  expectTypeOf(duckdb({ credentials: 'a.duckdb' })).toEqualTypeOf<Destination>()
  expectTypeOf<DuckDBConnection>().toExtend<NonNullable<DuckDbOptions['credentials']>>()
  // @ts-expect-error options have no such member
  duckdb({ credential: 'a.duckdb' })
})
