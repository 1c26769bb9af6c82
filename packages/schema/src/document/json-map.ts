import type { OrderedJson } from '../json/json-reader.ts'

/** A JSON object with its keys in order. */
export type JsonMap = ReadonlyMap<string, OrderedJson>

const none: JsonMap = new Map()

/** Whether a value is a JSON object. */
export function isJsonMap(value: OrderedJson | undefined): value is JsonMap {
  return value instanceof Map
}

/** The value as an object; empty when it is none. */
export function asMap(value: OrderedJson | undefined): JsonMap {
  return isJsonMap(value) ? value : none
}

/** The object under a key; empty when there is none. */
export function mapAt(map: JsonMap, key: string): JsonMap {
  return asMap(map.get(key))
}

/** The list under a key; empty when there is none. */
export function listAt(map: JsonMap, key: string): readonly OrderedJson[] {
  const value = map.get(key)
  return Array.isArray(value) ? value : []
}

/** The text under a key, if it is one. */
export function textAt(map: JsonMap, key: string): string | undefined {
  const value = map.get(key)
  return typeof value === 'string' ? value : undefined
}

/** The object with keys set; a key that it has keeps its place. */
export function withKeys(map: JsonMap, ...entries: readonly (readonly [string, OrderedJson])[]): JsonMap {
  const copy = new Map(map)
  for (const [key, value] of entries) copy.set(key, value)
  return copy
}

/** The object without some keys. */
export function withoutKeys(map: JsonMap, ...keys: readonly string[]): JsonMap {
  if (!keys.some((key) => map.has(key))) return map
  const copy = new Map(map)
  for (const key of keys) copy.delete(key)
  return copy
}

/** The object with every value that is an object replaced. */
export function mapObjects(map: JsonMap, replace: (value: JsonMap, key: string) => JsonMap): JsonMap {
  return new Map(Array.from(map, ([key, value]) => [key, isJsonMap(value) ? replace(value, key) : value]))
}
