import {
  alternativeField,
  asNullable,
  constantField,
  type DeclaredField,
  nullField,
  reasons,
  typedField,
  untypedField,
} from './declared-field.ts'
import { entriesOf, listOf, propertyOf, textOf } from './property-of.ts'

/** The fields of an object described by JSON Schema, by name; `undefined` when it describes no object. */
export function jsonSchemaFields(document: unknown): ReadonlyMap<string, DeclaredField> | undefined {
  const properties = entriesOf(document, 'properties')
  if (properties === undefined) return undefined
  const required = new Set(listOf(document, 'required'))
  return new Map(
    properties.map(([name, property]) => {
      const field = fieldOf(property)
      return [name, required.has(name) ? field : asNullable(field)]
    }),
  )
}

function fieldOf(schema: unknown): DeclaredField {
  const options = [...listOf(schema, 'anyOf'), ...listOf(schema, 'oneOf')]
  if (options.length > 0) return alternativeField(options.map(fieldOf))
  const values = propertyOf(schema, 'enum')
  if (Array.isArray(values)) return alternativeField(values.map(constantField))
  const constant = propertyOf(schema, 'const')
  if (constant !== undefined) return constantField(constant)
  const types = listOf(schema, 'type')
  if (types.length > 0) return alternativeField(types.map((type) => typeField(type, schema)))
  return typeField(propertyOf(schema, 'type'), schema)
}

function typeField(type: unknown, schema: unknown): DeclaredField {
  switch (type) {
    case 'string':
      return textField(textOf(schema, 'format'))
    case 'number':
      return typedField('double')
    case 'integer':
      return typedField('bigint')
    case 'boolean':
      return typedField('bool')
    case 'null':
      return nullField
    case 'object':
    case 'array':
      return untypedField(reasons.nested)
    default:
      return untypedField(propertyOf(schema, '$ref') === undefined ? reasons.unknown : reasons.nested)
  }
}

function textField(format: string | undefined): DeclaredField {
  if (format === 'date-time') return typedField('timestamp')
  return typedField(format === 'date' || format === 'time' ? format : 'text')
}
