import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ContentChecksum } from '../src/index.ts'

const textOf = (...pieces: readonly Uint8Array[]): string => {
  const checksum = new ContentChecksum()
  for (const piece of pieces) checksum.add(piece)
  return checksum.text
}

test('is that of the whole, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (pieces) => {
      expect(textOf(...pieces)).toBe(textOf(Buffer.concat(pieces)))
    }),
  )
})

test.each([
  ['', 'crc32:00000000'],
  ['hello', 'crc32:3610a686'],
  ['123456789', 'crc32:cbf43926'],
  ['The quick brown fox jumps over the lazy dog', 'crc32:414fa339'],
])('is CRC-32: %j', (text, expected) => {
  expect(textOf(Buffer.from(text))).toBe(expected)
})
