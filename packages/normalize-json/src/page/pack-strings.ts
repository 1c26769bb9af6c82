import type { PackedBytes } from './page.ts'

const encoder = new TextEncoder()

/** Encodes strings as UTF-8 in one go. A lone surrogate becomes U+FFFD. */
export function packStrings(strings: readonly string[]): PackedBytes {
  const joined = strings.join('')
  const bytes = new Uint8Array(joined.length)
  const { read, written } = encoder.encodeInto(joined, bytes)
  // As many bytes as characters: all of them are ASCII, and lengths of strings are lengths in bytes.
  return read === joined.length && written === read
    ? { offsets: charOffsets(strings), bytes }
    : packWide(strings, joined)
}

function charOffsets(strings: readonly string[]): Int32Array {
  const offsets = new Int32Array(strings.length + 1)
  let position = 0
  let index = 0
  for (const string of strings) {
    position += string.length
    index += 1
    offsets[index] = position
  }
  return offsets
}

/** Finds where each string begins by counting UTF-16 units in the encoded bytes. */
function packWide(strings: readonly string[], joined: string): PackedBytes {
  const bytes = encoder.encode(joined)
  const offsets = new Int32Array(strings.length + 1)
  let position = 0
  let index = 0
  for (const string of strings) {
    let units = string.length
    while (units > 0) {
      const lead = bytes[position] ?? 0
      if (lead < 0x80) position += 1
      else if (lead < 0xe0) position += 2
      else if (lead < 0xf0) position += 3
      else {
        position += 4
        units -= 1
      }
      units -= 1
    }
    // Halves of a surrogate pair stood in two neighbouring strings: joining made a character that neither has.
    if (units < 0) return packStrings(strings.map(wellFormed))
    index += 1
    offsets[index] = position
  }
  return { offsets, bytes }
}

/** A string with U+FFFD in place of lone surrogates. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

/** Joins byte strings into one buffer. */
export function packBytes(values: readonly Uint8Array[]): PackedBytes {
  const offsets = new Int32Array(values.length + 1)
  let position = 0
  values.forEach((value, index) => {
    position += value.length
    offsets[index + 1] = position
  })
  const bytes = new Uint8Array(position)
  values.forEach((value, index) => {
    bytes.set(value, offsets[index] ?? 0)
  })
  return { offsets, bytes }
}
