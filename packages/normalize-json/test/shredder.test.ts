import { describe, expect, it } from 'vitest'
import { createShredder, type KeepsJson, type PageSummary, type ShredderOptions } from '../src/index.ts'

function summaryOf(documents: readonly unknown[], options: Partial<ShredderOptions> = {}): PageSummary {
  const shredder = createShredder({ maxNesting: 1000, ...options })
  for (const document of documents) shredder.add(document)
  return shredder.takePage().summary
}

describe('summaries of pages', () => {
  it('tell paths, kinds, counts, first rows, first values and ranges', () => {
    const summary = summaryOf([{ a: 1, b: { c: null } }, { a: 'x' }, { a: -7, b: { c: 2.5 } }, { a: true }])
    expect(summary.rowCount).toBe(4)
    expect(summary.tables[0]?.columns).toEqual([
      { path: ['a'], kind: 'integer', count: 2, firstOrdinal: 0, firstValue: 1, minimum: -7, maximum: 1 },
      { path: ['b', 'c'], kind: 'null', count: 1, firstOrdinal: 0 },
      { path: ['a'], kind: 'text', count: 1, firstOrdinal: 1, firstValue: 'x', longest: { characters: 1, bytes: 1 } },
      {
        path: ['b', 'c'],
        kind: 'double',
        count: 1,
        firstOrdinal: 2,
        firstValue: 2.5,
        digits: { whole: 1, fraction: 0 },
      },
      { path: ['a'], kind: 'bool', count: 1, firstOrdinal: 3, firstValue: true },
    ])
  })

  it('do not carry long texts', () => {
    const [column] = summaryOf([{ a: 'x'.repeat(101) }]).tables[0]?.columns ?? []
    expect(column).toEqual({
      path: ['a'],
      kind: 'text',
      count: 1,
      firstOrdinal: 0,
      longest: { characters: 101, bytes: 101 },
    })
  })

  it('tell the order of values in rows that brought something new, and only there', () => {
    const summary = summaryOf([{ a: 1, b: 2 }, { b: 1, a: 1 }, { b: 1, c: 1, a: 1 }, { a: null }])
    expect(summary.tables[0]?.layouts).toEqual([
      { ordinal: 0, columns: [0, 1] },
      { ordinal: 2, columns: [1, 2, 0] },
    ])
  })

  it('list tables in the order of their first rows, parents before children', () => {
    const { tables } = summaryOf([{ a: [{ b: [1] }], c: [1] }, { x: { d: [[1]] } }])
    expect(tables.map(({ path, parent, rowCount }) => [path, parent, rowCount])).toEqual([
      [[], -1, 2],
      [['a'], 0, 1],
      [['b'], 1, 1],
      [['c'], 0, 1],
      [['x', 'd'], 0, 1],
      [['list'], 4, 1],
    ])
  })
})

describe('a shredder', () => {
  it('begins every page anew', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    shredder.add({ a: 1, l: [1] })
    shredder.takePage()
    expect([shredder.rowCount, shredder.byteEstimate]).toEqual([0, 0])
    shredder.add({ b: 'x', a: 2 })
    const { summary, tables } = shredder.takePage()
    expect(summary.tables).toHaveLength(1)
    expect(summary.tables[0]?.columns.map(({ path }) => path)).toEqual([['b'], ['a']])
    expect(tables[0]?.columns[1]?.values).toEqual(new Float64Array([2]))
  })

  it('estimates the size of a page', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    for (let row = 0; row < 1000; row++) shredder.add({ text: 'x'.repeat(100), number: row, list: [1, 2] })
    expect(shredder.byteEstimate).toBeGreaterThan(100_000)
    expect(shredder.byteEstimate).toBeLessThan(300_000)
  })

  it('asks once per path what stays JSON, for objects and lists only', () => {
    const asked: unknown[] = []
    const keepsJson: KeepsJson = ({ path }, column) => {
      asked.push([path, column])
      return column.at(-1) === 'raw'
    }
    const document = { a: 1, raw: { x: [1] }, l: [{ raw: [1], o: { raw: {} } }] }
    const { tables } = summaryOf([document, document], { keepsJson })
    expect(asked).toEqual([
      [[], ['raw']],
      [[], ['l']],
      [['l'], ['raw']],
      [['l'], ['o']],
      [['l'], ['o', 'raw']],
    ])
    expect(tables[0]?.columns.map(({ path, kind }) => [path, kind])).toEqual([
      [['a'], 'integer'],
      [['raw'], 'json'],
    ])
    expect(tables[1]?.columns.map(({ path, kind }) => [path, kind])).toEqual([
      [['raw'], 'json'],
      [['o', 'raw'], 'json'],
    ])
  })

  it('finds its way when the order of keys changes from row to row', () => {
    const { tables } = summaryOf([{ a: 1, b: 2, c: 3 }, { c: 1, b: 2, a: 3 }, { b: 1 }, { a: 1, c: 2 }, { d: 1, b: 1 }])
    expect(tables[0]?.columns.map(({ path, count }) => [path[0], count])).toEqual([
      ['a', 3],
      ['b', 4],
      ['c', 3],
      ['d', 1],
    ])
  })
})

describe('packed texts', () => {
  function textsOf(values: readonly string[]): readonly string[] {
    const shredder = createShredder({ maxNesting: 1 })
    for (const value of values) shredder.add({ value })
    const packed = shredder.takePage().tables[0]?.columns[0]?.values
    if (packed === undefined || ArrayBuffer.isView(packed)) throw new Error('no texts')
    const { offsets, bytes } = packed
    return values.map((_, index) => Buffer.from(bytes.subarray(offsets[index], offsets[index + 1])).toString('utf8'))
  }

  it.each([
    ['ASCII', ['a', '', 'bcd']],
    ['characters of two, three and four bytes', ['é', 'aé', '日本', '😀', '', 'x😀y', 'z']],
  ])('of %s keep their bounds', (_name, values) => {
    expect(textsOf(values)).toEqual(values)
  })

  it('do not join halves of a character that stand in neighbouring texts', () => {
    expect(textsOf(['a\ud83d', '\ude00b', 'ż'])).toEqual(['a\ufffd', '\ufffdb', 'ż'])
  })
})
