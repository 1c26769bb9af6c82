/** A property of an object or function; `undefined` for any other value. */
export function propertyOf(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  return Reflect.get(value, name)
}

/** A property that is a text; `undefined` for any other. */
export function textOf(value: unknown, name: string): string | undefined {
  const text = propertyOf(value, name)
  return typeof text === 'string' ? text : undefined
}

/** A property that is a list; an empty one for any other. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const list = propertyOf(value, name)
  return Array.isArray(list) ? list : []
}

/** The entries of a property that is an object; `undefined` for any other. */
export function entriesOf(value: unknown, name: string): readonly (readonly [string, unknown])[] | undefined {
  const object = propertyOf(value, name)
  return typeof object === 'object' && object !== null && !Array.isArray(object) ? Object.entries(object) : undefined
}
