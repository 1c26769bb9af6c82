import { PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { decimalText } from '../normalize/decimal128.ts'
import { hasToJson } from './plain-object.ts'

/*
 * Rows of Arrow tables give some values in the form in which Arrow stores them: decimals as limbs, dates and times as numbers.
 * What they mean is told by the types that a row refers to. Arrow itself is not needed for that: loading it takes long.
 */

/** Ids of Arrow's types, as its format defines them; a dictionary is -1 in Arrow's library. */
const typeIds = {
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  list: 12,
  struct: 13,
  fixedSizeList: 16,
  map: 17,
  largeList: 21,
  dictionary: -1,
} as const

const parentKey = Symbol.for('parent')
const indexKey = Symbol.for('rowIndex')
const keysKey = Symbol.for('keys')
const valuesKey = Symbol.for('vals')

const millisecondsPerDay = 86_400_000
/** Microseconds in Arrow's units of time: seconds, milliseconds, microseconds. The fourth one is nanoseconds. */
const unitMicroseconds = [1_000_000n, 1000n, 1n]

/** A decimal; recognised by its tag, as those of libraries are. */
class ArrowDecimal {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  get [Symbol.toStringTag](): string {
    return 'Decimal'
  }

  toString(): string {
    return this.#text
  }

  toJSON(): string {
    return this.#text
  }
}

/** A row of an Arrow table, or a struct or map in one, as an object whose values are what they stand for; undefined for anything else. */
export function readArrowRow(row: object): object | undefined {
  const struct = property(row, parentKey)
  const index: unknown = Reflect.get(row, indexKey)
  if (struct !== undefined && typeof index === 'number') return readStruct(row, struct, index)
  const keys = property(row, keysKey)
  const values = property(row, valuesKey)
  return keys === undefined || values === undefined ? undefined : readMap(keys, values, row)
}

function readStruct(row: object, data: object, index: number): object | undefined {
  const raw = rawFields(row)
  const fields = items(property(data, 'type'), 'children')
  const columns = items(data, 'children')
  if (raw === undefined) return undefined
  const entries = fields.map((field, position): [string, unknown] => {
    const name = String(Reflect.get(field, 'name'))
    return [name, readValue(property(field, 'type'), Reflect.get(raw, name), columns[position], index)]
  })
  return Object.fromEntries(entries)
}

function readMap(keys: object, values: object, row: object): object | undefined {
  const raw = rawFields(row)
  if (raw === undefined) return undefined
  const type = property(values, 'type')
  const entries = listItems(keys).map((key, position): [string, unknown] => {
    const name = String(key)
    return [name, readValue(type, Reflect.get(raw, name), values, position)]
  })
  return Object.fromEntries(entries)
}

/** The values as Arrow gives them. */
function rawFields(row: object): object | undefined {
  const raw: unknown = hasToJson(row) ? row.toJSON('') : undefined
  return typeof raw === 'object' && raw !== null ? raw : undefined
}

/** What a value stands for. `data` and `index` say where it is stored, where that is known. */
function readValue(type: object | undefined, value: unknown, data: object | undefined, index: number): unknown {
  if (type === undefined || value === null || value === undefined) return value
  switch (Reflect.get(type, 'typeId')) {
    case typeIds.decimal:
      return value instanceof Uint32Array ? readDecimal(value, numberOf(type, 'scale')) : value
    case typeIds.date:
      return typeof value === 'number' ? new PlainDate(Math.floor(value / millisecondsPerDay)) : value
    case typeIds.time:
      return typeof value === 'number' || typeof value === 'bigint'
        ? new PlainTime(microseconds(BigInt(value), numberOf(type, 'unit')))
        : value
    case typeIds.timestamp:
      return readTimestamp(type, value, data, index)
    case typeIds.struct:
    case typeIds.map:
      return typeof value === 'object' ? (readArrowRow(value) ?? value) : value
    case typeIds.list:
    case typeIds.fixedSizeList:
    case typeIds.largeList:
      return typeof value === 'object' ? listItems(value) : value
    case typeIds.dictionary:
      return readValue(property(type, 'dictionary'), value, undefined, index)
    default:
      return value
  }
}

/** Limbs of 32 bits, the least significant first, in two's complement. */
function readDecimal(limbs: Uint32Array, scale: number): ArrowDecimal {
  const bits = limbs.reduceRight((sum, limb) => (sum << 32n) | BigInt(limb), 0n)
  const unscaled = BigInt.asIntN(limbs.length * 32, bits)
  return new ArrowDecimal(scale >= 0 ? decimalText(unscaled, scale) : String(unscaled * 10n ** BigInt(-scale)))
}

/** Arrow gives milliseconds as a fraction; what is stored is exact. */
function readTimestamp(type: object, value: unknown, data: object | undefined, index: number): unknown {
  if (typeof value !== 'number') return value
  const stored = data && property(data, 'values')
  const exact = stored instanceof BigInt64Array ? stored[index] : undefined
  const count = exact === undefined ? BigInt(Math.round(value * 1000)) : microseconds(exact, numberOf(type, 'unit'))
  return new PreciseDateTime(count, typeof Reflect.get(type, 'timezone') === 'string')
}

function microseconds(count: bigint, unit: number): bigint {
  const size = unitMicroseconds[unit]
  if (size !== undefined) return count * size
  return count / 1000n - (count % 1000n < 0n ? 1n : 0n)
}

/** The items of one of Arrow's vectors. */
function listItems(vector: object): readonly unknown[] {
  const get: unknown = Reflect.get(vector, 'get')
  const type = property(vector, 'type')
  const [data, ...others] = items(vector, 'data')
  if (typeof get !== 'function') return []
  return Array.from({ length: numberOf(vector, 'length') }, (_, index) =>
    readValue(type, Reflect.apply(get, vector, [index]), others.length === 0 ? data : undefined, index),
  )
}

function property(object: object | undefined, key: string | symbol): object | undefined {
  const value: unknown = object === undefined ? undefined : Reflect.get(object, key)
  return typeof value === 'object' && value !== null ? value : undefined
}

function items(object: object | undefined, key: string): readonly object[] {
  const list = property(object, key)
  return Array.isArray(list) ? list : []
}

function numberOf(object: object, key: string): number {
  const value: unknown = Reflect.get(object, key)
  return typeof value === 'number' ? value : 0
}
