import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packStrings } from '../src/page/pack-strings.ts'
import type { PackedBytes } from '../src/page/page.ts'
import { ByteStrings } from '../src/shred/byte-strings.ts'
import { PageMemory } from '../src/shred/page-memory.ts'
import { createShredder } from '../src/shred/shredder.ts'

/** Any UTF-16 units, so that halves of surrogate pairs stand alone and side by side. */
const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'z', 'ä', '€', '🐈', '\ud83d', '\udc08'), maxLength: 6 }),
  fc.string({ maxLength: 90 }),
)

function separately(texts: readonly string[]): readonly string[] {
  return texts.map((text) => Buffer.from(text, 'utf8').toString('utf8'))
}

function unpack({ offsets, bytes }: PackedBytes): readonly string[] {
  return Array.from({ length: offsets.length - 1 }, (_, index) =>
    Buffer.from(bytes.subarray(offsets[index], offsets[index + 1])).toString('utf8'),
  )
}

describe('texts that are encoded together', () => {
  it('are what each of them is by itself', () => {
    fc.assert(
      fc.property(fc.array(anyText), (texts) => {
        expect(unpack(packStrings(texts))).toEqual(separately(texts))
      }),
    )
  })

  it('are the same however they are cut, with bytes between them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText)), fc.array(anyText), (groups, others) => {
        const strings = new ByteStrings(new PageMemory())
        // What a page took must not show in the next one.
        for (const _ of [1, 2]) {
          for (const [index, group] of groups.entries()) {
            strings.appendTexts(group)
            const bytes = Buffer.from(others[index] ?? '', 'utf8')
            strings.append(bytes, 0, bytes.length)
          }
          const texts = groups.flatMap((group, index) => [...group, others[index] ?? ''])
          expect(unpack(strings.take())).toEqual(separately(texts))
        }
      }),
    )
  })

  it('take as many bytes as they have', () => {
    expect(packStrings(['ä', 'b', '🐈']).bytes).toHaveLength(7)
    expect(packStrings(['a', 'b']).bytes).toHaveLength(2)
    expect(packStrings([]).bytes).toHaveLength(0)
  })

  it('come to the rows they were of, short and long ones', () => {
    const texts = Array.from({ length: 1200 }, (_, row) =>
      row % 300 === 7 ? 'ß'.repeat(40_000 + row) : `${row % 5 === 0 ? 'é' : 'e'}${row}`,
    )
    const shredder = createShredder({ maxNesting: 2 })
    texts.forEach((text, row) => {
      shredder.add(row % 3 === 0 ? { id: row } : { id: row, text })
    })
    const { summary, tables } = shredder.takePage()
    const position = summary.tables[0]?.columns.findIndex(({ kind }) => kind === 'text') ?? -1
    const part = tables[0]?.columns[position]
    if (part === undefined || ArrayBuffer.isView(part.values)) throw new Error('No texts.')
    expect(unpack(part.values)).toEqual(texts.filter((_, row) => row % 3 !== 0))
    expect([...(part.ordinals ?? [])]).toEqual([...texts.keys()].filter((row) => row % 3 !== 0))
  })
})
