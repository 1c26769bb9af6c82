/** Whether an object is a plain one: made by `{}`, `JSON.parse` or `Object.create(null)`. */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
