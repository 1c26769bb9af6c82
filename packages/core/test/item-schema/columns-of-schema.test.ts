import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { columnsOfSchema } from '../../src/item-schema/columns-of-schema.ts'

/** What is declared of a field, or why nothing is. */
function declared(schema: StandardSchemaV1, name = 'field'): unknown {
  const { columns, inferred } = columnsOfSchema(schema)
  const column = columns.find((hint) => hint.name === name)
  if (column === undefined) return inferred.find((sentence) => sentence.includes(`"${name}"`))
  return [column.data_type, column.nullable]
}

const nested =
  'The field "field" holds objects or lists, which become columns and tables as the data has them: its columns are inferred.'
const several = 'The field "field" may be of several types: its columns are inferred.'
const made = 'The field "field" is made by a function, whose result only the data shows: its columns are inferred.'
const unknown = 'The field "field" has no type that a column can have: its columns are inferred.'

describe('the columns of a valibot object', () => {
  it.each([
    ['string', v.string(), ['text', false]],
    ['number', v.number(), ['double', false]],
    ['integer', v.pipe(v.number(), v.integer()), ['bigint', false]],
    ['safe integer', v.pipe(v.number(), v.minValue(1), v.safeInteger()), ['bigint', false]],
    ['bigint', v.bigint(), ['bigint', false]],
    ['boolean', v.boolean(), ['bool', false]],
    ['date', v.date(), ['timestamp', false]],
    ['isoTimestamp', v.pipe(v.string(), v.isoTimestamp()), ['timestamp', false]],
    ['isoDateTime', v.pipe(v.string(), v.isoDateTime()), ['timestamp', false]],
    ['isoDate', v.pipe(v.string(), v.isoDate()), ['date', false]],
    ['isoTime', v.pipe(v.string(), v.isoTimeSecond()), ['time', false]],
    ['other checks', v.pipe(v.string(), v.minLength(3), v.email(), v.description('mail')), ['text', false]],
    [
      'a check on another type',
      v.pipe(
        v.bigint(),
        v.check(() => true),
      ),
      ['bigint', false],
    ],
    ['picklist of texts', v.picklist(['a', 'b']), ['text', false]],
    ['picklist of integers', v.picklist([1, 2]), ['bigint', false]],
    ['picklist of fractions', v.picklist([1.5, 2.5]), ['double', false]],
    ['picklist of both', v.picklist(['a', 1]), several],
    ['enum', v.enum({ A: 'a', B: 'b' } as const), ['text', false]],
    ['literal', v.literal(true), ['bool', false]],
    ['Uint8Array', v.instance(Uint8Array), ['binary', false]],
    ['Date by class', v.instance(Date), ['timestamp', false]],
    ['other class', v.instance(URL), unknown],
    ['optional', v.optional(v.string()), ['text', true]],
    ['optional with default', v.optional(v.string(), 'x'), ['text', false]],
    ['optional with a null default', v.optional(v.nullable(v.string()), null), ['text', true]],
    ['optional with a function', v.optional(v.string(), () => 'x'), ['text', true]],
    ['exact optional', v.exactOptional(v.string(), 'x'), ['text', true]],
    ['undefinedable', v.undefinedable(v.number()), ['double', true]],
    ['nullable', v.nullable(v.bigint()), ['bigint', true]],
    ['nullable with default', v.nullable(v.bigint(), 5n), ['bigint', false]],
    ['nullish', v.nullish(v.pipe(v.string(), v.isoDate())), ['date', true]],
    ['non optional', v.nonNullish(v.nullish(v.string())), ['text', false]],
    ['non optional list', v.nonOptional(v.optional(v.array(v.string()))), nested],
    ['pipe around optional', v.pipe(v.optional(v.string()), v.readonly()), ['text', true]],
    ['union of one type', v.union([v.literal('a'), v.literal('b')]), ['text', false]],
    ['union with null', v.union([v.string(), v.null()]), ['text', true]],
    ['union with undefined', v.union([v.undefined(), v.date()]), ['timestamp', true]],
    ['nullable text or null', v.union([v.nullable(v.string()), v.optional(v.null())]), ['text', true]],
    ['union of types', v.union([v.string(), v.number()]), several],
    ['union with a nested one', v.union([v.string(), v.array(v.string())]), several],
    ['union of nested ones', v.union([v.object({}), v.array(v.string())]), nested],
    ['union of what has no type', v.union([v.array(v.string()), v.custom(() => true)]), several],
    ['any with a check', v.pipe(v.any(), v.isoDate()), ['date', true]],
    ['nullish with a null default', v.nullish(v.string(), null), ['text', true]],
    ['object', v.object({ x: v.string() }), nested],
    ['looseObject', v.looseObject({}), nested],
    ['record', v.record(v.string(), v.number()), nested],
    ['array', v.array(v.string()), nested],
    ['tuple', v.tuple([v.string()]), nested],
    ['set', v.set(v.string()), nested],
    ['null', v.null(), 'The field "field" has no type: its columns are inferred.'],
    ['any', v.any(), unknown],
    ['unknown', v.unknown(), unknown],
    ['custom', v.custom(() => true), unknown],
    ['lazy', v.lazy(() => v.string()), unknown],
    ['blob', v.blob(), unknown],
    ['transform', v.pipe(v.string(), v.transform(Number)), made],
    ['transform and schema', v.pipe(v.string(), v.transform(Number), v.number(), v.integer()), ['bigint', false]],
    ['toDate', v.pipe(v.string(), v.isoTimestamp(), v.toDate()), ['timestamp', false]],
    ['toNumber', v.pipe(v.string(), v.toNumber()), ['double', false]],
    ['trim', v.pipe(v.string(), v.trim(), v.toLowerCase(), v.brand('Name')), ['text', false]],
  ])('%s', (_, field, expected) => {
    expect(declared(v.object({ field }))).toEqual(expected)
  })

  it('are in the order of the entries, nested ones left out', () => {
    const schema = v.object({
      id: v.pipe(v.number(), v.integer()),
      tags: v.array(v.string()),
      name: v.optional(v.string()),
    })
    expect(columnsOfSchema(schema)).toEqual({
      columns: [
        { name: 'id', data_type: 'bigint', nullable: false },
        { name: 'name', data_type: 'text', nullable: true },
      ],
      inferred: [nested.replace('"field"', '"tags"')],
    })
  })

  it.each([
    ['strictObject', v.strictObject({ field: v.string() })],
    ['looseObject', v.looseObject({ field: v.string() })],
    ['objectWithRest', v.objectWithRest({ field: v.string() }, v.number())],
    [
      'a check of the whole',
      v.pipe(
        v.object({ field: v.string() }),
        v.check(() => true),
        v.readonly(),
      ),
    ],
    [
      'an asynchronous one',
      v.objectAsync({
        field: v.pipeAsync(
          v.string(),
          v.checkAsync(() => Promise.resolve(true)),
        ),
      }),
    ],
  ])('may be those of %s', (_, schema) => {
    expect(declared(schema)).toEqual(['text', false])
  })

  it.each([
    [
      'made by a function',
      v.pipe(
        v.object({ field: v.string() }),
        v.transform((item) => ({ ...item, more: 1 })),
      ),
    ],
    ['checked by a second schema', v.pipe(v.object({ field: v.string() }), v.object({ field: v.string() }))],
    ['no object', v.string()],
    ['one of several', v.union([v.object({ a: v.string() }), v.object({ b: v.string() })])],
  ])('are inferred where the item is %s', (_, schema) => {
    expect(columnsOfSchema(schema)).toEqual({
      columns: [],
      inferred: ['The schema of "valibot" does not tell its fields: all columns are inferred.'],
    })
  })
})

describe('the columns of a zod object', () => {
  it.each([
    ['string', z.string(), ['text', false]],
    ['number', z.number(), ['double', false]],
    ['int', z.int(), ['bigint', false]],
    ['bigint', z.bigint(), ['bigint', false]],
    ['boolean', z.boolean(), ['bool', false]],
    ['date', z.date(), ['timestamp', false]],
    ['iso datetime', z.iso.datetime(), ['timestamp', false]],
    ['iso date', z.iso.date(), ['date', false]],
    ['iso time, which zod does not tell', z.iso.time(), ['text', false]],
    ['uuid', z.uuid(), ['text', false]],
    ['enum', z.enum(['a', 'b']), ['text', false]],
    ['literal', z.literal(5), ['bigint', false]],
    ['literal null', z.literal(null), 'The field "field" has no type: its columns are inferred.'],
    ['optional', z.string().optional(), ['text', true]],
    ['nullable', z.int().nullable(), ['bigint', true]],
    ['nullable date', z.date().nullable(), ['timestamp', true]],
    ['nullish', z.boolean().nullish(), ['bool', true]],
    ['default', z.string().default('x'), ['text', false]],
    ['union', z.union([z.string(), z.number()]), several],
    ['union with null', z.union([z.string(), z.null()]), ['text', true]],
    ['object', z.object({ x: z.string() }), nested],
    ['array', z.array(z.string()), nested],
    ['record', z.record(z.string(), z.number()), nested],
    ['any', z.any(), unknown],
    ['transform', z.string().transform(Number), unknown],
    ['transform and schema', z.string().transform(Number).pipe(z.int()), ['bigint', false]],
    ['coercion', z.coerce.number(), ['double', false]],
    [
      'codec',
      z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: String }),
      ['timestamp', false],
    ],
  ])('%s', (_, field, expected) => {
    expect(declared(z.object({ field }))).toEqual(expected)
  })

  it('leave a field that refers to the whole to be inferred', () => {
    const tree = z.object({
      id: z.int(),
      get field() {
        return tree.optional()
      },
    })
    expect(declared(tree, 'id')).toEqual(['bigint', false])
    expect(declared(tree)).toBe(nested)
  })

  it('are inferred where the item is no object', () => {
    for (const schema of [z.array(z.string()), z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])]) {
      expect(columnsOfSchema(schema).inferred).toEqual([
        'The schema of "zod" does not tell its fields: all columns are inferred.',
      ])
    }
  })
})

describe('the columns of an ArkType object', () => {
  it.each([
    ['string', type({ field: 'string' }), ['text', false]],
    ['number', type({ field: 'number' }), ['double', false]],
    ['integer', type({ field: 'number.integer' }), ['bigint', false]],
    ['bigint', type({ field: 'bigint' }), ['bigint', false]],
    ['boolean', type({ field: 'boolean' }), ['bool', false]],
    ['Date', type({ field: 'Date' }), ['timestamp', false]],
    ['Date or null', type({ field: 'Date | null' }), ['timestamp', true]],
    ['parsed date', type({ field: 'string.date.parse' }), ['timestamp', false]],
    ['texts', type({ field: "'a' | 'b'" }), ['text', false]],
    ['optional', type({ 'field?': 'string' }), ['text', true]],
    ['null', type({ field: 'string | null' }), ['text', true]],
    ['union', type({ field: 'string | number' }), several],
    ['object', type({ field: { x: 'string' } }), nested],
    ['array', type({ field: 'string[]' }), nested],
    ['constant', type({ field: '5' }), ['bigint', false]],
    ['class', type({ field: 'TypedArray.Uint8' }), unknown],
  ])('%s', (_, schema, expected) => {
    expect(declared(schema)).toEqual(expected)
  })
})

describe('the columns of any other schema', () => {
  const validate = (value: unknown): StandardSchemaV1.Result<unknown> => ({ value })

  it('are inferred', () => {
    const schema: StandardSchemaV1 = { '~standard': { version: 1, vendor: 'own', validate } }
    expect(columnsOfSchema(schema)).toEqual({
      columns: [],
      inferred: ['The schema of "own" does not tell its fields: all columns are inferred.'],
    })
  })

  it('follow from JSON Schema where it gives that', () => {
    const standard = {
      version: 1 as const,
      vendor: 'own',
      validate,
      jsonSchema: {
        input: () => ({}),
        output: () => ({
          type: 'object',
          required: ['a', 'b'],
          properties: { a: { type: ['integer', 'null'] }, b: { oneOf: [{ const: 'x' }, { const: 'y' }] }, c: true },
        }),
      },
    }
    expect(columnsOfSchema({ '~standard': standard })).toEqual({
      columns: [
        { name: 'a', data_type: 'bigint', nullable: true },
        { name: 'b', data_type: 'text', nullable: false },
      ],
      inferred: [unknown.replace('"field"', '"c"')],
    })
  })

  it('are inferred where it refuses to give JSON Schema', () => {
    const refuse = () => {
      throw new Error('cannot')
    }
    const standard = { version: 1 as const, vendor: 'own', validate, jsonSchema: { input: refuse, output: refuse } }
    expect(columnsOfSchema({ '~standard': standard }).columns).toEqual([])
  })
})
