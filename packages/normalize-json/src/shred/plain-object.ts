/** Whether an object is a plain one: made by `{}`, `JSON.parse` or `Object.create(null)`, without a `toJSON` function. */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !hasToJson(value)
}

/** Whether an object says itself what its JSON is. It is asked by reading, as `JSON.stringify` does: proxies may deny having it. */
export function hasToJson(value: { readonly toJSON?: unknown }): value is { toJSON(key: string): unknown } {
  return typeof value.toJSON === 'function'
}
