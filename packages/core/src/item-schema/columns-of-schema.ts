import type { DataType } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { DeclaredField } from './declared-field.ts'
import { jsonSchemaFields } from './json-schema-fields.ts'
import { jsonSchemaOf } from './json-schema-of.ts'
import { valibotFields } from './valibot-fields.ts'

/** The columns that a schema declares. */
export interface SchemaColumns {
  /** Fields whose type a column can have, in the schema's order, with type and nullability. */
  readonly columns: readonly { readonly name: string; readonly data_type: DataType; readonly nullable: boolean }[]
  /** One sentence for each field, or for the schema, that is left to be inferred from data, with the reason. */
  readonly inferred: readonly string[]
}

/**
 * Reads the columns of a Standard Schema: from the entries of a valibot object, or from the JSON Schema that zod and ArkType give.
 * They are those of the items that come out of the schema, after its defaults and transformations. A number that is not declared
 * to be an integer is a `double`. Fields with objects, lists or several types are left to be inferred; so is every column of other
 * libraries' schemas.
 */
export function columnsOfSchema(schema: StandardSchemaV1): SchemaColumns {
  const { vendor } = schema['~standard']
  const fields = vendor === 'valibot' ? valibotFields(schema) : jsonSchemaFields(jsonSchemaOf(schema))
  if (fields === undefined) {
    return { columns: [], inferred: [`The schema of "${vendor}" does not tell its fields: all columns are inferred.`] }
  }
  const entries = [...fields]
  return {
    columns: entries.flatMap(([name, { dataType, nullable }]) =>
      dataType === undefined ? [] : [{ name, data_type: dataType, nullable }],
    ),
    inferred: entries.flatMap(([name, field]) => (field.dataType === undefined ? [sentence(name, field)] : [])),
  }
}

function sentence(name: string, { reason = 'has no type' }: DeclaredField): string {
  return `The field "${name}" ${reason}: its columns are inferred.`
}
