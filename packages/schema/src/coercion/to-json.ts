import { DltError } from '../dlt-error.ts'
import { type OrderedJsonOf, readJsonWith } from '../json/json-reader.ts'
import { plainJson } from '../json/plain-json.ts'
import { FloatNumber } from '../json/tagged-values.ts'
import { type Coercer, ofText } from './coercer.ts'

const smallest = -(2n ** 63n)
const largest = 2n ** 64n - 1n
const loneSurrogate = /\p{Surrogate}/u
const escapedSurrogate = /\\u[dD][89a-fA-F]/
const firstCharacter = /^[ \t\r\n]*[[{"\-0-9tfn]/

/** A number as the reference system reads it: integers of 64 bits as they are, all others as floating point numbers. */
function readNumber(text: string): bigint | FloatNumber {
  const integer = /[.eE]/.test(text) ? undefined : BigInt(text)
  if (integer !== undefined && integer >= smallest && integer <= largest) return integer
  const value = Number(text)
  if (Number.isFinite(value)) return new FloatNumber(value)
  throw new DltError('A number in a JSON text is too large.', { code: 'DATA' })
}

/** Half of a character, written as an escape; no destination can store it. */
function hasLoneSurrogate(value: OrderedJsonOf<bigint | FloatNumber>): boolean {
  if (typeof value === 'string') return loneSurrogate.test(value)
  if (value instanceof Map)
    return Array.from(value).some(([key, item]) => loneSurrogate.test(key) || hasLoneSurrogate(item))
  return Array.isArray(value) && value.some(hasLoneSurrogate)
}

/** JSON text in compact form, with numbers as the reference system writes them; `undefined` when it is not JSON. */
export function compactJson(text: string): string | undefined {
  if (!firstCharacter.test(text) || loneSurrogate.test(text)) return undefined
  try {
    const value = readJsonWith(text, readNumber)
    return escapedSurrogate.test(text) && hasLoneSurrogate(value) ? undefined : plainJson(value)
  } catch (error) {
    if (DltError.is(error)) return undefined
    throw error
  }
}

/** Coercers to `json`, by the data type they come from. */
export const toJson: ReadonlyMap<string, Coercer> = new Map([['text', ofText(compactJson)]])
