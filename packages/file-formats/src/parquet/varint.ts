import type { ByteSink } from '../byte-sink.ts'

/**
 * Makes numbers that are near zero small ones, whatever their sign. All numbers here are counts, sizes, offsets and differences of them,
 * below 2^52: arithmetic instead of bit operations keeps them whole.
 */
export function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1
}

/** Writes an unsigned number, seven bits a byte, lowest first. */
export function writeVarint(sink: ByteSink, value: number): void {
  let left = value
  while (left >= 0x80) {
    sink.byte((left % 0x80) | 0x80)
    left = Math.floor(left / 0x80)
  }
  sink.byte(left)
}
