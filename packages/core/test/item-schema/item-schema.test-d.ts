import { type } from 'arktype'
import * as v from 'valibot'
import { expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import type { InferItem } from '../../src/item-schema/item-validator.ts'

it('the items of a schema are what comes out of it', () => {
  const valibot = v.object({ id: v.pipe(v.string(), v.toNumber()), name: v.optional(v.string(), 'x') })
  expectTypeOf<InferItem<typeof valibot>>().toEqualTypeOf<{ id: number; name: string }>()
  const zod = z.object({ id: z.string().transform(Number), at: z.date().optional() })
  expectTypeOf<InferItem<typeof zod>>().toEqualTypeOf<{ id: number; at?: Date | undefined }>()
  const arktype = type({ id: 'number', 'name?': 'string' })
  expectTypeOf<InferItem<typeof arktype>>().toEqualTypeOf<{ id: number; name?: string }>()
})
