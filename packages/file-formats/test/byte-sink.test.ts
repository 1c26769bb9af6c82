import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteSink } from '../src/byte-sink.ts'

describe('ByteSink', () => {
  test('holds what was written, however it was written and however little room it began with', () => {
    const pieces = fc.array(
      fc.oneof(fc.nat(255), fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'grapheme-ascii', maxLength: 100 })),
    )
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 64 }), (written, capacity) => {
        const sink = new ByteSink(capacity)
        for (const piece of written) {
          if (typeof piece === 'number') sink.byte(piece)
          else if (typeof piece === 'string') sink.ascii(piece)
          else sink.bytes(piece)
        }
        const expected = Buffer.concat(
          written.map((piece) => (typeof piece === 'number' ? Uint8Array.of(piece) : Buffer.from(piece))),
        )
        expect(sink.length).toBe(expected.length)
        expect(Buffer.from(sink.written)).toEqual(expected)
      }),
    )
  })

  test('writes ranges, short and long', () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, index) => index)
    const sink = new ByteSink(1)
    sink.range(bytes, 10, 12)
    sink.range(bytes, 100, 200)
    sink.range(bytes, 5, 5)
    expect([...sink.written]).toEqual([10, 11, ...bytes.subarray(100)])
  })

  test('lets others write into its room, also a word beyond it', () => {
    const sink = new ByteSink(1)
    sink.ascii('a')
    sink.fill(3, (buffer, at) => {
      buffer.set(Buffer.from('bcdWORDWORD'), at)
      return at + 3
    })
    sink.ascii('e')
    expect(Buffer.from(sink.written).toString()).toBe('abcde')
  })

  test('begins anew when it is cleared', () => {
    const sink = new ByteSink(1)
    for (const text of ['first', 'x'.repeat(20_000_000), 'last']) {
      sink.ascii(text)
      expect(Buffer.from(sink.written).toString() === text).toBe(true)
      sink.clear()
      expect(sink.length).toBe(0)
    }
  })
})
