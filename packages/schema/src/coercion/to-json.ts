import { DltError } from '../dlt-error.ts'
import { readJsonWith } from '../json/json-reader.ts'
import { plainJson } from '../json/plain-json.ts'
import { FloatNumber } from '../json/tagged-values.ts'
import { type Coercer, ofText } from './coercer.ts'

const smallest = -(2n ** 63n)
const largest = 2n ** 64n - 1n
const loneSurrogate = /\p{Surrogate}/u
const firstCharacter = /^[ \t\r\n]*[[{"\-0-9tfn]/

/** A number as the reference system reads it: integers of 64 bits as they are, all others as floating point numbers. */
function readNumber(text: string): bigint | FloatNumber {
  if (/[.eE]/.test(text)) return new FloatNumber(Number(text))
  const integer = BigInt(text)
  return integer < smallest || integer > largest ? new FloatNumber(Number(text)) : integer
}

/** JSON text in compact form, with numbers as the reference system writes them; `undefined` when it is not JSON. */
export function compactJson(text: string): string | undefined {
  if (!firstCharacter.test(text) || loneSurrogate.test(text)) return undefined
  try {
    return plainJson(readJsonWith(text, readNumber))
  } catch (error) {
    if (DltError.is(error)) return undefined
    throw error
  }
}

/** Coercers to `json`, by the data type they come from. */
export const toJson: ReadonlyMap<string, Coercer> = new Map([['text', ofText(compactJson)]])
