/** Whether an object is a plain one: made by `{}`, `JSON.parse` or `Object.create(null)`, without a `toJSON` function. */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  return hasPlainPrototype(value) && !hasToJson(value)
}

/** Whether an object is no instance of a class or of another object, from which it would have keys, too. */
export function hasPlainPrototype(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Whether an object says itself what its JSON is. It is asked by reading, as `JSON.stringify` does: proxies may deny having it. */
export function hasToJson(value: { readonly toJSON?: unknown }): value is { toJSON(key: string): unknown } {
  return typeof value.toJSON === 'function'
}
