import type { ColumnSchema } from '@dlt/schema'

const twoTo32 = 4_294_967_296
const widest = 64

/** Whole numbers as 64-bit integers, without making a `bigint` of each. Every value must be below 2^63 in size. */
export function int64FromNumbers(numbers: Float64Array): BigInt64Array {
  const result = new BigInt64Array(numbers.length)
  const halves = new Uint32Array(result.buffer)
  for (let index = 0; index < numbers.length; index++) writeInt64(halves, index, numbers[index] ?? 0)
  return result
}

/** Writes a whole number into the two halves of a 64-bit integer (little endian). */
export function writeInt64(halves: Uint32Array, index: number, value: number): void {
  const high = Math.floor(value / twoTo32)
  halves[2 * index] = value - high * twoTo32
  halves[2 * index + 1] = high
}

/** Whether a `bigint` has at most so many bits, sign included. */
export function fitsBits(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value
}

/** How many bits the values of an integer column may have: its declared precision; at most 64. */
export function integerBits({ data_type: type, precision }: ColumnSchema): number {
  return type === 'bigint' && precision !== undefined ? Math.min(precision, widest) : widest
}

/** Whether every value has at most so many bits, sign included. */
export function fitBits(values: Float64Array | BigInt64Array, bits: number): boolean {
  if (bits >= widest) return true
  if (values instanceof BigInt64Array) return values.every((value) => fitsBits(value, bits))
  const limit = 2 ** (bits - 1)
  return values.every((value) => value >= -limit && value < limit)
}
