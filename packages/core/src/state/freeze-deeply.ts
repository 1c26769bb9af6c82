/** Freezes plain objects and lists, and those in them. Values of other types stay as they are. */
export function freezeDeeply<Value>(value: Value): Value {
  freeze(value)
  return value
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || !isContainer(value)) return
  Object.freeze(value)
  for (const child of Object.values(value)) freeze(child)
}

/** Whether an object is a list or a plain object, in which a state has values. */
export function isContainer(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
