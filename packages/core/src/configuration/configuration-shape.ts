import { DltError } from '@dlt/schema'
import type { GenericSchema } from 'valibot'
import { type NativeForm, nativeFormOf } from './native-form.ts'
import { isSecret } from './secret.ts'
import { hasSecretInside, secretsInside } from './secrets-inside.ts'
import type { ValueTarget } from './value-target.ts'

/** A single value. */
export interface ValueShape {
  readonly kind: 'value'
  readonly target: ValueTarget
  /** Whether it is a secret, or has one in it: then it may only stand where secrets may. */
  readonly secret: boolean
  /** The secrets in a value of it. Default: all of it, where it is a secret. */
  secretsIn?(value: unknown): readonly unknown[]
}

/** An embedded configuration: fields that are looked up one by one. */
export interface GroupShape {
  readonly kind: 'group'
  readonly fields: readonly Field[]
  /** Present for credentials. */
  readonly native?: NativeForm
}

/** Several forms that a value can have; the first one that is found wins. */
export interface ChoiceShape {
  readonly kind: 'choice'
  readonly options: readonly FieldShape[]
}

export type FieldShape = ValueShape | GroupShape | ChoiceShape

/** A field of a configuration. */
export interface Field {
  /** Name in code. */
  readonly key: string
  /** Name at providers: snake_case, `per_page` for `perPage`. */
  readonly name: string
  readonly shape: FieldShape
  /** What a field becomes that nobody gives: nothing at all, null, or an error. */
  readonly missing: 'absent' | 'undefined' | 'null' | 'error'
  /** A default that is a record completes what the providers have of an embedded configuration. */
  readonly defaultValue?: unknown
}

const shapes = new WeakMap<object, GroupShape>()

/**
 * What is to be looked up for a configuration declared with `v.object`.
 * @throws DltError `CONFIGURATION` for a schema that has no fields
 */
export function configurationShape(schema: GenericSchema): GroupShape {
  const known = shapes.get(schema)
  if (known !== undefined) return known
  const { shape } = fieldOf('', schema, isSecret(schema))
  if (shape.kind !== 'group') {
    throw new DltError(
      `A configuration is declared with v.object of valibot, for instance v.object({ org: v.string() }). This one is "${schema.type}".`,
      { code: 'CONFIGURATION' },
    )
  }
  shapes.set(schema, shape)
  return shape
}

/** What is to be looked up for one value. */
export function valueShape(schema: GenericSchema, secret: boolean): FieldShape {
  return fieldOf('', schema, secret).shape
}

const whenMissing: ReadonlyMap<string, Field['missing']> = new Map([
  ['optional', 'absent'],
  ['exact_optional', 'absent'],
  ['nullish', 'absent'],
  ['undefinedable', 'undefined'],
  ['nullable', 'null'],
])

const wrappers: ReadonlySet<string> = new Set([...whenMissing.keys(), 'non_optional', 'non_nullable', 'non_nullish'])

function fieldOf(key: string, schema: object, secret: boolean): Field {
  const type = typeOf(schema)
  const isHidden = secret || isSecret(schema)
  if (wrappers.has(type) && 'wrapped' in schema && isSchema(schema.wrapped)) {
    const inner = fieldOf(key, schema.wrapped, isHidden)
    const missing = whenMissing.get(type) ?? 'error'
    const defaultValue = 'default' in schema ? schema.default : undefined
    return { ...inner, missing, ...(defaultValue !== undefined && { defaultValue }) }
  }
  return { key, name: snakeCase(key), shape: shapeOf(type, schema, isHidden), missing: 'error' }
}

function snakeCase(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

function shapeOf(type: string, schema: object, secret: boolean): FieldShape {
  if ('entries' in schema && typeof schema.entries === 'object' && schema.entries !== null)
    return groupOf(schema, schema.entries, secret)
  if ((type === 'union' || type === 'variant') && 'options' in schema && Array.isArray(schema.options))
    return choiceOf(schema.options.filter(isSchema), secret)
  if (type === 'lazy' && 'getter' in schema && typeof schema.getter === 'function') {
    const inner: unknown = schema.getter(undefined)
    if (isSchema(inner)) return fieldOf('', inner, secret).shape
  }
  const target = targetOf(type, schema)
  if (secret || !hasSecretInside(schema)) return { kind: 'value', target, secret }
  return { kind: 'value', target, secret: true, secretsIn: (value) => secretsInside(schema, value) }
}

function groupOf(schema: object, entries: object, secret: boolean): GroupShape {
  const native = nativeFormOf(schema)
  const required = new Set(native?.required)
  const fields = Object.entries(entries).flatMap(([key, entry]): readonly Field[] => {
    if (!isSchema(entry)) return []
    const field = fieldOf(key, entry, secret)
    return [required.has(key) ? { ...field, missing: 'error' } : field]
  })
  return {
    kind: 'group',
    fields,
    ...(native !== undefined && { native }),
  }
}

function choiceOf(schemas: readonly object[], secret: boolean): FieldShape {
  const options = schemas.map((schema) => fieldOf('', schema, secret).shape)
  const values = options.filter((shape) => shape.kind === 'value')
  if (values.length < options.length) return { kind: 'choice', options }
  return {
    kind: 'value',
    target: { type: 'union', targets: values.map(({ target }) => target) },
    secret: values.some((shape) => shape.secret),
    secretsIn: (value) => values.flatMap((shape) => (shape.secret ? (shape.secretsIn?.(value) ?? [value]) : [])),
  }
}

const targets: ReadonlyMap<string, Exclude<ValueTarget['type'], 'options' | 'union'>> = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['bigint', 'bigint'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['array', 'list'],
  ['tuple', 'list'],
  ['loose_tuple', 'list'],
  ['strict_tuple', 'list'],
  ['tuple_with_rest', 'list'],
  ['record', 'record'],
])

function targetOf(type: string, schema: object): ValueTarget {
  if ('literal' in schema && type === 'literal') return { type: 'options', options: [schema.literal] }
  // An enum's entries are its values; its options are what may be given.
  if ((type === 'picklist' || type === 'enum') && 'options' in schema && Array.isArray(schema.options))
    return { type: 'options', options: schema.options }
  return { type: targets.get(type) ?? 'any' }
}

function typeOf(schema: object): string {
  return 'type' in schema && typeof schema.type === 'string' ? schema.type : ''
}

function isSchema(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema'
}
