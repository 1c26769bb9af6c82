import { encodeTexts } from './encode-texts.ts'
import type { PackedBytes } from './page.ts'

/** Encodes strings as UTF-8 in one go. A lone surrogate becomes U+FFFD. */
export function packStrings(strings: readonly string[]): PackedBytes {
  const joined = strings.join('')
  const offsets = new Int32Array(strings.length + 1)
  const ascii = new Uint8Array(joined.length)
  if (encodeTexts(strings, joined, { offsets, bytes: ascii }, 0)) return { offsets, bytes: ascii }
  const bytes = new Uint8Array(joined.length * 3)
  encodeTexts(strings, joined, { offsets, bytes }, 0)
  return { offsets, bytes: bytes.subarray(0, offsets[strings.length]) }
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
