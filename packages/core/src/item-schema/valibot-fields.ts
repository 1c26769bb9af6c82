import type { DataType } from '@dlt/schema'
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

/** The fields of a valibot object by name; `undefined` when the schema is no object, or a function makes another of it. */
export function valibotFields(schema: unknown): ReadonlyMap<string, DeclaredField> | undefined {
  const entries = entriesOf(schema, 'entries')
  if (entries === undefined || listOf(schema, 'pipe').slice(1).some(changesType)) return undefined
  return new Map(entries.map(([name, entry]) => [name, fieldOf(entry)]))
}

const nestedTypes: ReadonlySet<string | undefined> = new Set([
  'object',
  'loose_object',
  'strict_object',
  'object_with_rest',
  'record',
  'array',
  'tuple',
  'loose_tuple',
  'strict_tuple',
  'tuple_with_rest',
  'map',
  'set',
])

function fieldOf(schema: unknown): DeclaredField {
  const pipe = listOf(schema, 'pipe')
  if (pipe.length > 0) return pipe.slice(1).reduce(afterAction, fieldOf(pipe[0]))
  const type = textOf(schema, 'type')
  if (nestedTypes.has(type)) return untypedField(reasons.nested)
  return scalarField(type, schema) ?? wrappedField(type, schema) ?? untypedField(reasons.unknown)
}

function scalarField(type: string | undefined, schema: unknown): DeclaredField | undefined {
  switch (type) {
    case 'string':
      return typedField('text')
    case 'number':
      return typedField('double')
    case 'bigint':
      return typedField('bigint')
    case 'boolean':
      return typedField('bool')
    case 'date':
      return typedField('timestamp')
    case 'instance':
      return instanceField(propertyOf(schema, 'class'))
    case 'literal':
      return constantField(propertyOf(schema, 'literal'))
    case 'picklist':
    case 'enum':
      return alternativeField(listOf(schema, 'options').map(constantField))
    case 'null':
    case 'undefined':
    case 'void':
      return nullField
    default:
      return undefined
  }
}

function instanceField(type: unknown): DeclaredField {
  if (type === Date) return typedField('timestamp')
  return type === Uint8Array || type === Buffer ? typedField('binary') : untypedField(reasons.unknown)
}

function wrappedField(type: string | undefined, schema: unknown): DeclaredField | undefined {
  const wrapped = propertyOf(schema, 'wrapped')
  switch (type) {
    case 'optional':
    case 'exact_optional':
    case 'undefinedable':
    case 'nullable':
    case 'nullish': {
      const field = fieldOf(wrapped)
      return replacesAll(type, propertyOf(schema, 'default')) ? field : asNullable(field)
    }
    case 'non_optional':
    case 'non_nullable':
    case 'non_nullish': {
      const field = fieldOf(wrapped)
      return field.dataType === undefined ? field : typedField(field.dataType)
    }
    case 'union':
    case 'variant':
      return alternativeField(listOf(schema, 'options').map(fieldOf))
    default:
      return undefined
  }
}

/** Whether a default stands in for every value that may be absent; a key that may be missing stays missing with `exact_optional`. */
function replacesAll(type: string, replacement: unknown): boolean {
  return (
    type !== 'exact_optional' && replacement !== undefined && replacement !== null && typeof replacement !== 'function'
  )
}

/** Types after an action of a pipe; `same` for one that keeps the type. */
const actionTypes: Readonly<Record<string, DeclaredField | 'same'>> = {
  to_string: typedField('text'),
  to_number: typedField('double'),
  to_bigint: typedField('bigint'),
  to_boolean: typedField('bool'),
  parse_boolean: typedField('bool'),
  to_date: typedField('timestamp'),
  stringify_json: typedField('text'),
  brand: 'same',
  flavor: 'same',
  readonly: 'same',
  trim: 'same',
  trim_start: 'same',
  trim_end: 'same',
  normalize: 'same',
  to_lower_case: 'same',
  to_upper_case: 'same',
  to_min_value: 'same',
  to_max_value: 'same',
}

/** Checks after which a value fits a narrower type. Types make sure that they stand behind a number, or a text. */
const narrowed: Readonly<Record<string, DataType>> = {
  integer: 'bigint',
  safe_integer: 'bigint',
  iso_timestamp: 'timestamp',
  iso_date_time: 'timestamp',
  iso_date_time_second: 'timestamp',
  iso_date: 'date',
  iso_time: 'time',
  iso_time_second: 'time',
}

function afterAction(field: DeclaredField, action: unknown): DeclaredField {
  const type = textOf(action, 'type') ?? ''
  switch (textOf(action, 'kind')) {
    case 'schema':
      return fieldOf(action)
    case 'validation': {
      const dataType = narrowed[type]
      return dataType === undefined ? field : { dataType, nullable: field.nullable }
    }
    case 'transformation': {
      const made = actionTypes[type] ?? untypedField(reasons.transformed)
      return made === 'same' ? field : made
    }
    default:
      return field
  }
}

function changesType(action: unknown): boolean {
  const kind = textOf(action, 'kind')
  return kind === 'schema' || (kind === 'transformation' && actionTypes[textOf(action, 'type') ?? ''] !== 'same')
}
