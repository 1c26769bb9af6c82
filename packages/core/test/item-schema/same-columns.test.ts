import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type } from 'arktype'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { columnsOfSchema } from '../../src/item-schema/columns-of-schema.ts'
import { createItemValidator } from '../../src/item-schema/item-validator.ts'

/** One kind of field, as each of the three libraries declares it, with a value that fits and one that does not. */
interface FieldKind {
  readonly valibot: v.GenericSchema
  readonly zod: z.ZodType
  readonly arktype: string
  readonly dataType: string | undefined
  readonly fits: unknown
  readonly misfits: unknown
}

const kinds: Readonly<Record<string, FieldKind>> = {
  text: { valibot: v.string(), zod: z.string(), arktype: 'string', dataType: 'text', fits: 'a', misfits: 5 },
  number: { valibot: v.number(), zod: z.number(), arktype: 'number', dataType: 'double', fits: 1.5, misfits: 'a' },
  integer: {
    valibot: v.pipe(v.number(), v.integer()),
    zod: z.int(),
    arktype: 'number.integer',
    dataType: 'bigint',
    fits: 7,
    misfits: 1.5,
  },
  bigint: { valibot: v.bigint(), zod: z.bigint(), arktype: 'bigint', dataType: 'bigint', fits: 7n, misfits: 7 },
  boolean: { valibot: v.boolean(), zod: z.boolean(), arktype: 'boolean', dataType: 'bool', fits: true, misfits: 1 },
  date: {
    valibot: v.date(),
    zod: z.date(),
    arktype: 'Date',
    dataType: 'timestamp',
    fits: new Date(5),
    misfits: '2024',
  },
  choice: {
    valibot: v.picklist(['a', 'b']),
    zod: z.enum(['a', 'b']),
    arktype: "'a' | 'b'",
    dataType: 'text',
    fits: 'b',
    misfits: 'c',
  },
  either: {
    valibot: v.union([v.string(), v.number()]),
    zod: z.union([z.string(), z.number()]),
    arktype: 'string | number',
    dataType: undefined,
    fits: 5,
    misfits: true,
  },
  list: {
    valibot: v.array(v.string()),
    zod: z.array(z.string()),
    arktype: 'string[]',
    dataType: undefined,
    fits: ['a'],
    misfits: 'a',
  },
}

interface FieldModel {
  readonly name: string
  readonly kind: string
  readonly isOptional: boolean
  readonly isNullable: boolean
}

function kindOf({ kind }: FieldModel): FieldKind {
  const known = kinds[kind]
  if (known === undefined) throw new Error(`no kind ${kind}`)
  return known
}

function valibotField(field: FieldModel): v.GenericSchema {
  const { valibot } = kindOf(field)
  const nullable = field.isNullable ? v.nullable(valibot) : valibot
  return field.isOptional ? v.optional(nullable) : nullable
}

function zodField(field: FieldModel): z.ZodType {
  const { zod } = kindOf(field)
  const nullable = field.isNullable ? zod.nullable() : zod
  return field.isOptional ? nullable.optional() : nullable
}

function arktypeField(field: FieldModel): readonly [string, string] {
  const { arktype } = kindOf(field)
  return [field.isOptional ? `${field.name}?` : field.name, field.isNullable ? `${arktype} | null` : arktype]
}

/** The same object in each of the three libraries. */
function schemasOf(fields: readonly FieldModel[]): Readonly<Record<string, StandardSchemaV1>> {
  return {
    valibot: v.object(Object.fromEntries(fields.map((field) => [field.name, valibotField(field)]))),
    zod: z.object(Object.fromEntries(fields.map((field) => [field.name, zodField(field)]))),
    ArkType: type.raw(Object.fromEntries(fields.map(arktypeField))),
  }
}

const models: fc.Arbitrary<readonly FieldModel[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    kind: fc.constantFrom(...Object.keys(kinds)),
    isOptional: fc.boolean(),
    isNullable: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5, selector: ({ name }) => name },
)

const byName = (left: { readonly name: string }, right: { readonly name: string }) => (left.name < right.name ? -1 : 1)

describe('an object declared in valibot, zod and ArkType', () => {
  it('has the same columns', () => {
    fc.assert(
      fc.property(models, (fields) => {
        const expected = fields.flatMap((field) => {
          const { dataType } = kindOf(field)
          const nullable = field.isOptional || field.isNullable
          return dataType === undefined ? [] : [{ name: field.name, data_type: dataType, nullable }]
        })
        for (const [library, schema] of Object.entries(schemasOf(fields))) {
          const { columns, inferred } = columnsOfSchema(schema)
          expect([...columns].sort(byName), library).toEqual(expected.sort(byName))
          expect(inferred.length, library).toBe(fields.length - expected.length)
        }
      }),
    )
  })

  it('takes the same items, and names the same path where one does not fit', () => {
    fc.assert(
      fc.property(models, fc.nat(), (fields, choice) => {
        const fits = Object.fromEntries(fields.map((field) => [field.name, kindOf(field).fits]))
        const wrong = fields[choice % fields.length]
        if (wrong === undefined) throw new Error('no field')
        const misfits = { ...fits, [wrong.name]: kindOf(wrong).misfits }
        for (const [library, schema] of Object.entries(schemasOf(fields))) {
          const validator = createItemValidator(schema)
          expect(validator.validate(fits), library).toEqual(fits)
          expect(() => validator.validate(misfits), library).toThrow(
            `An item does not fit its schema at "${wrong.name}"`,
          )
        }
      }),
    )
  })
})
