import { DltError } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createItemValidator } from '../../src/item-schema/item-validator.ts'

const secret = 'secret-4711'

/** The error of an item that does not fit, when the answer comes at once. */
function refusal(schema: StandardSchemaV1, item: unknown): DltError {
  try {
    createItemValidator(schema).validate(item)
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('The item fits.')
}

describe('an item that fits', () => {
  it('is what the schema makes of it', () => {
    const schema = v.object({ id: v.pipe(v.string(), v.toNumber()), name: v.optional(v.string(), 'none') })
    expect(createItemValidator(schema).validate({ id: '5', more: 1 })).toEqual({ id: 5, name: 'none' })
  })

  it.each([
    ['valibot', v.looseObject({ id: v.number() })],
    ['zod', z.looseObject({ id: z.number() })],
    ['ArkType', type({ id: 'number' })],
  ])('passes unchanged through %s', (_, schema) => {
    expect(createItemValidator(schema).validate({ id: 5, more: 1 })).toEqual({ id: 5, more: 1 })
  })

  it('is a promise where the schema checks asynchronously', async () => {
    const schema = v.objectAsync({
      id: v.pipeAsync(
        v.number(),
        v.checkAsync(async (id) => id > 1),
      ),
    })
    await expect(createItemValidator(schema).validate({ id: 5 })).resolves.toEqual({ id: 5 })
  })
})

describe('an item that does not fit', () => {
  it.each([
    ['valibot', v.object({ id: v.number() }), 'id', 'number'],
    ['valibot pipe', v.object({ at: v.pipe(v.string(), v.isoTimestamp()) }), 'at', 'iso_timestamp'],
    ['valibot picklist', v.object({ kind: v.picklist(['a']) }), 'kind', 'picklist'],
    ['zod', z.object({ id: z.number() }), 'id', 'number expected'],
    ['zod text', z.object({ at: z.iso.date() }), 'at', 'invalid_format'],
    ['zod keys', z.strictObject({}), '', 'unrecognized_keys'],
    ['ArkType', type({ id: 'number' }), 'id', 'domain'],
    ['ArkType texts', type({ at: 'string.date.iso' }), 'at', 'pattern'],
    ['ArkType alternatives', type({ kind: "'a' | 'b'" }), 'kind', 'union'],
  ])('in %s names path and kind, and no value', (_, schema, path, kind) => {
    const error = refusal(schema, { id: secret, at: secret, kind: secret, [secret]: secret })
    expect(error.code).toBe('DATA')
    expect(error.context).toEqual({ path, kind })
    expect(error.message).toBe(
      `An item does not fit its schema${path === '' ? '' : ` at "${path}"`} (${kind}). Correct it with addMap, or change the schema.`,
    )
    expect(error.cause).toBeUndefined()
    expect(JSON.stringify([error.message, error.context])).not.toContain(secret)
  })

  it.each([
    ['valibot', v.object({ list: v.array(v.object({ x: v.number() })) })],
    ['zod', z.object({ list: z.array(z.object({ x: z.number() })) })],
    ['ArkType', type({ list: [{ x: 'number' }, '[]'] })],
  ])('in %s names a path into lists', (_, schema) => {
    expect(refusal(schema, { list: [{ x: 1 }, { x: secret }] }).context.path).toBe('list.1.x')
  })

  it('counts further issues', () => {
    const schema = v.object({ a: v.number(), b: v.number(), c: v.number() })
    expect(refusal(schema, { a: 'x', b: 'x', c: 1 }).message).toBe(
      'An item does not fit its schema at "a" (number), and in one more way. Correct it with addMap, or change the schema.',
    )
    expect(refusal(schema, { a: 'x', b: 'x' }).message).toMatch(/, and in 2 more ways\./)
  })

  it('rejects the promise of an asynchronous schema', async () => {
    const schema = v.objectAsync({
      id: v.pipeAsync(
        v.number(),
        v.checkAsync(async (id) => id > 1),
      ),
    })
    await expect(createItemValidator(schema).validate({ id: 0 })).rejects.toMatchObject({
      code: 'DATA',
      context: { path: 'id', kind: 'check' },
    })
  })

  it('is told with what any library gives', () => {
    const schema = (issues: readonly StandardSchemaV1.Issue[]): StandardSchemaV1 => ({
      '~standard': { version: 1, vendor: 'own', validate: () => ({ issues }) },
    })
    expect(refusal(schema([{ message: secret }]), 1).message).toBe(
      'An item does not fit its schema. Correct it with addMap, or change the schema.',
    )
    expect(refusal(schema([{ message: secret, path: ['a', { key: 'b' }, Symbol('c')] }]), 1).context).toEqual({
      path: 'a.b.Symbol(c)',
    })
    expect(refusal(schema([]), 1).message).toMatch(/^An item does not fit its schema\./)
  })

  it('leaves an error of the schema itself alone', () => {
    const cause = new Error('broken')
    const schema = v.object({
      id: v.pipe(
        v.number(),
        v.transform(() => {
          throw cause
        }),
      ),
    })
    expect(() => createItemValidator(schema).validate({ id: 1 })).toThrow(cause)
  })
})
