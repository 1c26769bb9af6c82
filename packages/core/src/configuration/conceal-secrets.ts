import { inspect } from 'node:util'
import type { GenericSchema } from 'valibot'
import { configurationShape, type FieldShape, type GroupShape } from './configuration-shape.ts'
import { isTable } from './toml-document.ts'

const concealed = '[secret]'

/**
 * Makes a resolved configuration safe to print: `console.log`, `util.inspect` and `JSON.stringify` show `[secret]` in place of its
 * secrets, also of those in embedded configurations. Reading a property gives the plain value. A copy made by spreading is not safe.
 */
export function concealSecrets<Value>(value: Value, shape: GroupShape): Value {
  if (!isTable(value)) return value
  const names: string[] = []
  for (const { key, shape: inner } of shape.fields) {
    for (const group of groupsOf(inner)) concealSecrets(value[key], group)
    if (hasSecret(inner)) names.push(key)
  }
  return names.length === 0 ? value : concealFields(value, names)
}

/**
 * A copy of values given in code that is safe to print: each that is or may hold a secret by its declaration shows `[secret]`.
 * The values themselves are left alone.
 */
export function concealedCopy(given: object, schema: GenericSchema): Readonly<Record<string, unknown>> {
  const { fields } = configurationShape(schema)
  const names = fields.filter(({ shape }) => holdsSecret(shape)).map(({ key }) => key)
  return concealFields({ ...given }, names)
}

/** Makes an object safe to print, see {@link concealSecrets}. */
export function concealFields<Value extends object>(value: Value, names: readonly string[]): Value {
  if (Object.isFrozen(value) || Object.hasOwn(value, inspect.custom)) return value
  const shown = () =>
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, names.includes(key) && item !== null ? concealed : item]),
    )
  return Object.defineProperties(value, {
    [inspect.custom]: { value: shown, configurable: true },
    toJSON: { value: shown, configurable: true },
  })
}

function groupsOf(shape: FieldShape): readonly GroupShape[] {
  if (shape.kind === 'group') return [shape]
  return shape.kind === 'choice' ? shape.options.flatMap(groupsOf) : []
}

function holdsSecret(shape: FieldShape): boolean {
  return hasSecret(shape) || groupsOf(shape).some(({ fields }) => fields.some((field) => holdsSecret(field.shape)))
}

function hasSecret(shape: FieldShape): boolean {
  if (shape.kind === 'value') return shape.secret
  return shape.kind === 'choice' && shape.options.some(hasSecret)
}
