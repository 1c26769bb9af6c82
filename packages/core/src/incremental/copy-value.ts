/**
 * A value that does not change any more: a copy of lists, plain objects, maps, sets, dates and bytes, with what is in them. Values of
 * other classes are taken as they are, and so is an object within itself.
 */
export function copyValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? copyObject(value, []) : value
}

function copyObject(value: object, above: object[]): unknown {
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof Uint8Array) return value.slice()
  if (above.includes(value)) return value
  above.push(value)
  const copy = copyContainer(value, (item) =>
    typeof item === 'object' && item !== null ? copyObject(item, above) : item,
  )
  above.pop()
  return copy
}

function copyContainer(value: object, copy: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [copy(key), copy(item)]))
  if (value instanceof Set) return new Set(Array.from(value, copy))
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? copyRecord(value, copy) : value
}

function copyRecord(record: object, copy: (item: unknown) => unknown): object {
  const copied: Record<string, unknown> = { ...record }
  for (const key of Object.keys(copied)) {
    const item = copied[key]
    if (typeof item !== 'object' || item === null) continue
    // `__proto__` may be a key of data.
    Object.defineProperty(copied, key, { value: copy(item), enumerable: true, writable: true, configurable: true })
  }
  return copied
}
