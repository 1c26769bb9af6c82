/** A copy of an item without the value at a path of keys; undefined where nothing can be left out: the item itself, or part of a list. */
export function withoutValue(item: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined || typeof item !== 'object' || item === null) return undefined
  if (Array.isArray(item)) return withoutInList(item, Number(key), rest)
  const entries = Object.entries(item)
  if (rest.length === 0) return Object.fromEntries(entries.filter(([name]) => name !== String(key)))
  const inner = withoutValue(Reflect.get(item, key), rest)
  if (inner === undefined) return undefined
  return Object.fromEntries(entries.map(([name, value]) => [name, name === String(key) ? inner : value]))
}

function withoutInList(list: readonly unknown[], index: number, rest: readonly PropertyKey[]): unknown {
  const inner = withoutValue(list[index], rest)
  return inner === undefined ? undefined : list.with(index, inner)
}
