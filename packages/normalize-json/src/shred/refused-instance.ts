import { isGeneratorObject, isNativeError, isPromise, isRegExp, isWeakMap, isWeakSet } from 'node:util/types'
import { hasToJson } from './plain-object.ts'

/** Why an object cannot be loaded. */
export interface Refusal {
  /** What it is, with its article. */
  readonly what: string
  /** What to do instead; the general advice when absent. */
  readonly remedy?: string
}

const readContent = 'Read its content before the item is yielded, for example as text or bytes.'
const makeObject = (name: string): string => `Yield its entries as an object: Object.fromEntries(${name}).`

/** Objects whose content is not in their properties, by their tag: polyfills and second copies of a library count too. */
const taggedRefusals: ReadonlyMap<unknown, Refusal> = new Map([
  [
    'Response',
    { what: 'a Response', remedy: 'Yield what it holds, not the Response itself: await response.json() (or text()).' },
  ],
  ['Request', { what: 'a Request', remedy: 'Yield what it holds: await request.json(), or its url.' }],
  ['Headers', { what: 'a Headers object', remedy: makeObject('headers') }],
  ['FormData', { what: 'a FormData object', remedy: makeObject('formData') }],
  ['URLSearchParams', { what: 'a URLSearchParams object', remedy: makeObject('parameters') }],
  ['Blob', { what: 'a Blob', remedy: 'Yield its bytes: await blob.bytes() (or its text()).' }],
  ['File', { what: 'a File', remedy: 'Yield its bytes: await file.bytes() (or its text()).' }],
  ['ReadableStream', { what: 'a ReadableStream', remedy: readContent }],
])

const error: Refusal = { what: 'an Error', remedy: 'Yield what is needed of it, for example its name and message.' }
const pattern: Refusal = { what: 'a RegExp', remedy: 'Yield its text: String(pattern).' }

/** Recognises objects that would leave an empty row, or none of what they stand for. */
export function refusedInstance(value: object): Refusal | undefined {
  if (isPromise(value)) return { what: 'a promise' }
  if (isGeneratorObject(value)) return { what: 'a generator' }
  if (isWeakMap(value) || isWeakSet(value)) return { what: 'a weak collection' }
  if (hasToJson(value)) return undefined
  if (isNativeError(value) || value instanceof Error) return error
  if (isRegExp(value)) return pattern
  return taggedRefusals.get(Reflect.get(value, Symbol.toStringTag)) ?? refusedAsEmpty(value)
}

/** An instance of a class without any property that could be loaded: whatever it holds is private. */
function refusedAsEmpty(value: object): Refusal | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  // A prototype without a prototype is the one of plain objects, also of another realm.
  const isInstance = typeof prototype === 'object' && prototype !== null && Object.getPrototypeOf(prototype) !== null
  if (!isInstance || hasOwnFields(value)) return undefined
  return {
    what: `an instance of ${className(value)} without enumerable properties of its own`,
    remedy: 'Give the class a toJSON method, or yield a plain object with what is needed of it.',
  }
}

function hasOwnFields(value: object): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return true
  return false
}

function className(value: object): string {
  const made: unknown = Reflect.get(value, 'constructor')
  return typeof made === 'function' && made.name !== '' && made !== Object ? `"${made.name}"` : 'a class'
}
