import { Decimal } from 'decimal.js'
import { DltError } from '../dlt-error.ts'
import { formatTimestamp } from '../time/format.ts'
import { compareCodePoints } from './code-point-order.ts'
import { decimalText } from './decimal-text.ts'
import { floatText } from './float-text.ts'
import { FloatNumber, PlainDate, PlainTime, PreciseDateTime } from './tagged-values.ts'

/** How {@link plainJson} writes. */
export interface PlainJsonOptions {
  /** Whether keys are sorted by code point, at every level; false when absent. */
  readonly sortKeys?: boolean
  /** Whether the text is spread over lines with two spaces a level; false when absent. */
  readonly pretty?: boolean
}

/** Turns a value that JSON has no form for into one that it has; `undefined` when it is none of these. */
export type ScalarEncoder = (value: object) => string | undefined

/** Gives what is written in place of a list or a plain object. */
export type ContainerEncoder = (value: object) => object

const integerLimit = 2 ** 63

/** A number as integer digits when it is whole and below 2^63, as a fraction otherwise. */
function numberText(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) >= integerLimit) return floatText(value)
  return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : BigInt(value).toString()
}

function isDate(value: object): value is Date {
  return value instanceof Date || Object.prototype.toString.call(value) === '[object Date]'
}

/** The ISO form of a date; the loader refuses dates that are invalid. */
function dateText(value: Date): string {
  const milliseconds = value.getTime()
  if (Number.isNaN(milliseconds)) {
    throw new DltError('A Date is invalid. Replace it by null or by a valid Date.', { code: 'DATA' })
  }
  return formatTimestamp(BigInt(milliseconds) * 1000n)
}

/** The text forms of {@link plainJson}, without any mark of the type. */
export function plainScalar(value: object): string | undefined {
  if (isDate(value)) return dateText(value)
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (Decimal.isDecimal(value)) return decimalText(value)
  if (value instanceof PlainDate || value instanceof PlainTime || value instanceof PreciseDateTime)
    return value.toString()
  return undefined
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return key
  if (key === null) return 'null'
  if (typeof key === 'number') return numberText(key)
  if (typeof key === 'boolean' || typeof key === 'bigint') return String(key)
  const scalar = typeof key === 'object' ? plainScalar(key) : undefined
  if (scalar === undefined) throw new DltError('A key of a Map is an object. Use texts as keys.', { code: 'DATA' })
  return scalar
}

function mapEntries(map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  return Array.from(map, ([key, item]) => [keyText(key), item])
}

/** Depth from which objects on the way down are remembered; one that contains itself reaches it. */
const watchedDepth = 100

class JsonWriter {
  readonly #sortKeys: boolean
  readonly #pretty: boolean
  readonly #encode: ScalarEncoder
  readonly #encodeContainer: ContainerEncoder
  readonly #open = new Set<object>()

  constructor(options: PlainJsonOptions, encode: ScalarEncoder, encodeContainer: ContainerEncoder) {
    this.#sortKeys = options.sortKeys ?? false
    this.#pretty = options.pretty ?? false
    this.#encode = encode
    this.#encodeContainer = encodeContainer
  }

  write(value: unknown, depth: number): string {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value)
      case 'number':
        return numberText(value)
      case 'bigint':
        return value.toString()
      case 'boolean':
        return value ? 'true' : 'false'
      case 'undefined':
        return 'null'
      case 'object':
        return value === null ? 'null' : this.#object(value, depth)
      default:
        throw new DltError(`A ${typeof value} cannot be written as JSON. Remove it from the data.`, { code: 'DATA' })
    }
  }

  #object(value: object, depth: number): string {
    if (depth < watchedDepth) return this.#known(value, depth)
    if (this.#open.has(value)) {
      throw new DltError('An object contains itself. Remove the circular reference.', { code: 'DATA' })
    }
    this.#open.add(value)
    const text = this.#known(value, depth)
    this.#open.delete(value)
    return text
  }

  #known(given: object, depth: number): string {
    const value = this.#encodeContainer(given)
    if (Array.isArray(value)) return this.#list(value, depth)
    const prototype: unknown = Object.getPrototypeOf(value)
    const isPlain = prototype === Object.prototype || prototype === null
    return isPlain && !('toJSON' in value) ? this.#entries(Object.entries(value), depth) : this.#instance(value, depth)
  }

  #instance(value: object, depth: number): string {
    if (value instanceof FloatNumber) return floatText(value.value)
    const scalar = this.#encode(value)
    if (scalar !== undefined) return JSON.stringify(scalar)
    if (value instanceof Map) return this.#entries(mapEntries(value), depth)
    if (value instanceof Set) return this.#list([...value], depth)
    if (value instanceof Number || value instanceof String || value instanceof Boolean) {
      return this.write(value.valueOf(), depth)
    }
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.#replaced(value.toJSON(), depth + 1)
    return this.#entries(Object.entries(value), depth)
  }

  /** As for `JSON.stringify`, a `toJSON` that the result has again (`{ ...this }`) is not called. */
  #replaced(value: unknown, depth: number): string {
    if (typeof value !== 'object' || value === null) return this.write(value, depth)
    const again = Object.hasOwn(value, 'toJSON') && typeof Reflect.get(value, 'toJSON') === 'function'
    if (!again) return this.write(value, depth)
    return this.#entries(
      Object.entries(value).filter(([key]) => key !== 'toJSON'),
      depth,
    )
  }

  #entries(entries: [string, unknown][], depth: number): string {
    if (this.#sortKeys) entries.sort(([left], [right]) => compareCodePoints(left, right))
    const separator = this.#pretty ? ': ' : ':'
    const parts: string[] = []
    for (const [key, item] of entries) {
      if (item !== undefined) parts.push(JSON.stringify(key) + separator + this.write(item, depth + 1))
    }
    return this.#join('{', parts, '}', depth)
  }

  #list(items: readonly unknown[], depth: number): string {
    const parts: string[] = []
    for (const item of items) parts.push(this.write(item, depth + 1))
    return this.#join('[', parts, ']', depth)
  }

  #join(opening: string, parts: readonly string[], closing: string, depth: number): string {
    if (!this.#pretty || parts.length === 0) return opening + parts.join(',') + closing
    const indent = '  '.repeat(depth)
    return `${opening}\n${indent}  ${parts.join(`,\n${indent}  `)}\n${indent}${closing}`
  }
}

function itself(value: object): object {
  return value
}

/**
 * Writes JSON, with the text forms of values that JSON lacks given by `encode`.
 * @param encodeContainer default: lists and objects are written as they are
 */
export function writeJson(
  value: unknown,
  options: PlainJsonOptions,
  encode: ScalarEncoder,
  encodeContainer: ContainerEncoder = itself,
): string {
  return new JsonWriter(options, encode, encodeContainer).write(value, 0)
}

/**
 * JSON as the reference system writes it: compact, not escaped beyond what JSON demands. Whole numbers below 2^63 are
 * integers (wrap them in `FloatNumber` to write `1.0`), NaN and infinities are null; `Date` is ISO text with `+00:00`,
 * `Uint8Array` base64, `Decimal` its digits in quotes, `Map` an object, `Set` a list; keys without a value are left out.
 *
 * @throws DltError DATA for functions, symbols, invalid dates and objects that contain themselves.
 */
export function plainJson(value: unknown, options: PlainJsonOptions = {}): string {
  return writeJson(value, options, plainScalar)
}
