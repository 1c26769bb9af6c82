/** Whether a value has `next`: an iterator or a generator object. A document's own key `next` is no function. */
export function isIterator(value: object): value is Iterator<unknown> | AsyncIterator<unknown> {
  return 'next' in value && typeof value.next === 'function'
}

/** Whether a value is a promise, of whichever library. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Whether a value gives its items asynchronously. */
export function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === 'function'
}

/**
 * Whether a value holds several items: a list, a set, an Arrow table. Maps, byte arrays and whatever has a JSON form of its own
 * (a row of an Arrow table is iterable too) are items themselves.
 */
export function isPage(value: object): value is Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set) return true
  return (
    Symbol.iterator in value &&
    typeof value[Symbol.iterator] === 'function' &&
    !(value instanceof Map) &&
    !(value instanceof String) &&
    !ArrayBuffer.isView(value) &&
    !('toJSON' in value && typeof value.toJSON === 'function')
  )
}

/** Whether a value is certainly one item: a scalar or an object literal. Spares the other questions for nearly every row. */
export function isPlainItem(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined
  if (value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return (
    (prototype === Object.prototype || prototype === null) &&
    !isIterator(value) &&
    !(Symbol.iterator in value) &&
    !(Symbol.asyncIterator in value)
  )
}
