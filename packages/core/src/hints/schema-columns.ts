import type { StandardSchemaV1 } from '@standard-schema/spec'
import { columnsOfSchema, type SchemaColumns } from '../item-schema/columns-of-schema.ts'
import { createItemValidator } from '../item-schema/item-validator.ts'
import type { PipeStep } from '../items/pipe-step.ts'
import type { ColumnHints } from './resource-options.ts'

/** Whether a value is a Standard Schema, of whichever library. (Some are functions.) */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value
}

/** A schema is read once, however many items have its columns. */
const known = new WeakMap<StandardSchemaV1, SchemaColumns>()

function columnsOf(schema: StandardSchemaV1): SchemaColumns {
  const columns = known.get(schema) ?? columnsOfSchema(schema)
  known.set(schema, columns)
  return columns
}

/** The columns that a schema declares, as far as it can be read. */
export function schemaColumnHints(schema: StandardSchemaV1): ColumnHints {
  return columnsOf(schema).columns
}

/** What a schema leaves to be inferred from data, one sentence each, with the reason. */
export function inferredFields(schema: StandardSchemaV1): readonly string[] {
  return columnsOf(schema).inferred
}

/** The step that checks items with a schema. */
export function validateStep(schema: StandardSchemaV1): PipeStep {
  return { kind: 'validate', validator: createItemValidator(schema) }
}
