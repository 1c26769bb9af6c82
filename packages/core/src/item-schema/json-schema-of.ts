import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { propertyOf, textOf } from './property-of.ts'

/** Whether a schema can describe itself as JSON Schema. */
function describesItself(schema: object): schema is StandardJSONSchemaV1 {
  return typeof propertyOf(propertyOf(propertyOf(schema, '~standard'), 'jsonSchema'), 'output') === 'function'
}

/**
 * The JSON Schema of what a schema gives; `undefined` when it cannot say. JSON Schema has neither dates nor bigints: zod and
 * ArkType are asked to describe a date as a text in the format `date-time`, and a bigint as an integer.
 */
export function jsonSchemaOf(schema: StandardSchemaV1): unknown {
  if (!describesItself(schema)) return undefined
  try {
    return schema['~standard'].jsonSchema.output({ target: 'draft-2020-12', libraryOptions: optionsOf(schema) })
  } catch {
    // A library refuses what JSON Schema has no form for: then the data shows the columns.
    return undefined
  }
}

const dateTime = { type: 'string', format: 'date-time' }

/** Options of the library that made the schema. */
function optionsOf(schema: StandardJSONSchemaV1): Record<string, unknown> {
  switch (schema['~standard'].vendor) {
    case 'zod':
      return { unrepresentable: 'any', override: describeForZod }
    case 'arktype':
      return { fallback: { date: () => dateTime, domain: describeDomain, default: baseOf } }
    default:
      return {}
  }
}

function describeForZod(context: unknown): void {
  const type = textOf(propertyOf(propertyOf(propertyOf(context, 'zodSchema'), '_zod'), 'def'), 'type')
  const description = propertyOf(context, 'jsonSchema')
  if (typeof description !== 'object' || description === null) return
  if (type === 'date') Object.assign(description, dateTime)
  if (type === 'bigint') Object.assign(description, { type: 'integer' })
}

function describeDomain(context: unknown): unknown {
  return textOf(context, 'domain') === 'bigint' ? { type: 'integer' } : baseOf(context)
}

function baseOf(context: unknown): unknown {
  return propertyOf(context, 'base')
}
