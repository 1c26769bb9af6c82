const backslash = 0x5c

const escaped = [
  ['\t', 't'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\\', '\\'],
] as const

const escapedBytes = escaped.map(([character]) => character.charCodeAt(0))

/** What stands behind the backslash for a byte that text cannot hold as it is; 0 for all others. */
const letters = new Uint8Array(256)
for (const [character, letter] of escaped) letters[character.charCodeAt(0)] = letter.charCodeAt(0)

/** How many bytes of UTF-8 text need a backslash before them. */
export function escapeCount(text: Uint8Array): number {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  // Searches for single bytes are much faster than a loop, and mostly find nothing.
  if (!escapedBytes.some((byte) => bytes.includes(byte))) return 0
  let count = 0
  for (const byte of text) if (letters[byte] !== 0) count++
  return count
}

/** Writes the bytes of a text from `start` to before `end` with their escapes; returns the place behind them. */
export function writeEscaped(target: Uint8Array, place: number, text: Uint8Array, start: number, end: number): number {
  let at = place
  for (let index = start; index < end; index++) {
    const byte = text[index] ?? 0
    const letter = letters[byte] ?? 0
    if (letter === 0) target[at++] = byte
    else {
      target[at++] = backslash
      target[at++] = letter
    }
  }
  return at
}
