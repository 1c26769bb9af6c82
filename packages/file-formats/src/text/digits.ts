const zero = 0x30
const minus = 0x2d
const hundredMillion = 100_000_000

/** Writes a text whose characters are all below U+0080; returns the place behind it. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  const count = text.length
  for (let index = 0; index < count; index++) bytes[at + index] = text.charCodeAt(index)
  return at + count
}

/** Writes an integer of at most 53 bits; returns the place behind it. */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0) return writeDigits(bytes, at, value)
  bytes[at] = minus
  return writeDigits(bytes, at + 1, -value)
}

/** Writes the last `count` digits of an integer of at most 31 bits, zeros before it where it has fewer. */
export function writePadded(bytes: Uint8Array, at: number, value: number, count: number): number {
  let left = value | 0
  for (let index = at + count - 1; index >= at; index--) {
    const rest = (left / 10) | 0
    bytes[index] = zero + left - rest * 10
    left = rest
  }
  return at + count
}

function writeDigits(bytes: Uint8Array, at: number, value: number): number {
  if (value < hundredMillion) return writePadded(bytes, at, value, digitCount(value))
  // Of 53 bits, the quotient is never rounded up to an integer.
  const high = Math.floor(value / hundredMillion)
  return writePadded(bytes, writeDigits(bytes, at, high), value - high * hundredMillion, 8)
}

/** Of an integer below a hundred million. */
function digitCount(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4
  return value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8
}
