const twoTo32 = 4_294_967_296

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

/** Whether a `bigint` has at most 64 bits. */
export function fitsInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value
}
