import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { PipeStep } from './pipe-step.ts'
import type { ColumnHints } from './resource-options.ts'

/** Whether a value is a Standard Schema, of whichever library. (Some are functions.) */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  return (
    value !== null && (typeof value === 'object' || typeof value === 'function') && '~standard' in (value as object)
  )
}

/** The columns that a schema declares, as far as it can be read. */
export function schemaColumnHints(_schema: StandardSchemaV1): ColumnHints {
  return []
}

/** The step that checks items with a schema. */
export function validateStep(schema: StandardSchemaV1): PipeStep {
  return { kind: 'validate', validator: { validate: (item) => schema['~standard'].validate(item) } }
}
