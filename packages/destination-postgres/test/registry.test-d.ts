import type { Destination, DestinationFactory, DestinationRegistry } from '@dlt/destination'
import type { Pool } from 'pg'
import { expectTypeOf, it } from 'vitest'
import { destination, type PostgresOptions, postgres } from '../src/index.ts'

it('types the options where the package is installed', () => {
  expectTypeOf<DestinationRegistry['postgres']>().toEqualTypeOf<PostgresOptions>()
  expectTypeOf(destination).toEqualTypeOf<DestinationFactory<PostgresOptions>>()
  expectTypeOf(postgres({ credentials: 'postgresql://localhost/events' })).toEqualTypeOf<Destination>()
  expectTypeOf<Pool>().toExtend<NonNullable<PostgresOptions['credentials']>>()
  postgres({ credentials: { host: 'localhost', query: { sslmode: 'verify-full' } } })
  // @ts-expect-error options have no such member
  postgres({ credential: 'postgresql://localhost/events' })
})
