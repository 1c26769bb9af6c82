import { isSecret } from './secret.ts'
import { isTable } from './toml-document.ts'

/** What lies inside of a schema, with the part of a value that belongs to it; no value where only the schema is looked at. */
interface Part {
  readonly schema: object
  readonly value?: unknown
}

/** Whether a part of a value is declared as a secret: an element of a list, a value of a record, a field of one of these. */
export function hasSecretInside(schema: object): boolean {
  return findsSecret(schema, new Set())
}

/** The parts of a value that are declared as secrets; the whole value where its schema is one. */
export function secretsInside(schema: object, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (isSecret(schema)) return [value]
  return partsOf(schema, value).flatMap((part) => secretsInside(part.schema, part.value))
}

// Schemas may contain themselves, but only by `v.lazy`, into which this does not look: it needs a value.
function findsSecret(schema: object, seen: Set<object>): boolean {
  if (isSecret(schema)) return true
  if (seen.has(schema)) return false
  seen.add(schema)
  return partsOf(schema, undefined).some((part) => findsSecret(part.schema, seen))
}

function partsOf(schema: object, value: unknown): readonly Part[] {
  const table = isTable(value) ? value : {}
  const list = Array.isArray(value) ? value : []
  const items = schemasAt(schema, 'items')
  const entries = entriesOf(schema)
  const named = new Set(entries.map(([key]) => key))
  const others = Object.entries(table).flatMap(([key, other]) => (named.has(key) ? [] : [other]))
  return [
    ...schemasAt(schema, 'wrapped').map((inner) => ({ schema: inner, value })),
    ...schemasAt(schema, 'options').map((option) => ({ schema: option, value })),
    ...schemasAt(schema, 'item').flatMap((item) => forEach(item, list)),
    ...items.map((item, index) => ({ schema: item, value: list[index] })),
    ...schemasAt(schema, 'rest').flatMap((rest) => forEach(rest, [...list.slice(items.length), ...others])),
    ...schemasAt(schema, 'value').flatMap((each) => forEach(each, Object.values(table))),
    ...entries.map(([key, entry]) => ({ schema: entry, value: table[key] })),
  ]
}

// Without values the schema itself is what is looked at.
function forEach(schema: object, values: readonly unknown[]): readonly Part[] {
  return values.length === 0 ? [{ schema }] : values.map((value) => ({ schema, value }))
}

function schemasAt(schema: object, key: string): readonly object[] {
  const found: unknown = Reflect.get(schema, key)
  return [found].flat().filter(isSchema)
}

function entriesOf(schema: object): readonly (readonly [string, object])[] {
  const entries: unknown = Reflect.get(schema, 'entries')
  if (!isTable(entries)) return []
  return Object.entries(entries).flatMap(([key, entry]) => (isSchema(entry) ? [[key, entry] as const] : []))
}

function isSchema(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema'
}
