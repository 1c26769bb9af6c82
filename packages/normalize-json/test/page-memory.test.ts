import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createShredder, encodePage, type Page, PageMemory } from '../src/index.ts'

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(new Date(0)),
  fc.constant(new Uint8Array([1, 2])),
)
const document = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.oneof(scalar, fc.dictionary(fc.constantFrom('x', 'y'), scalar), fc.array(scalar, { maxLength: 4 })),
)

/** Documents again and again, so that columns grow beyond what is not worth keeping. */
const pageOf = fc.tuple(
  fc.array(document, { minLength: 1, maxLength: 5 }),
  fc.integer({ min: 1, max: 1200 }),
  fc.constantFrom(0, 1),
)

const buffersOf = ({ tables }: Page): ReadonlySet<ArrayBufferLike> => {
  const views = tables.flatMap(({ columns }) =>
    columns.flatMap((column) => {
      if (column === undefined) return []
      const { ordinals, values } = column
      const packed = ArrayBuffer.isView(values) ? [values] : [values.offsets, values.bytes]
      return ordinals === undefined ? packed : [ordinals, ...packed]
    }),
  )
  return new Set(views.map(({ buffer }) => buffer))
}

/** How many buffers of a page are buffers of another one, too. */
const shared = (page: Page, other: Page): number => {
  const of = buffersOf(other)
  return [...buffersOf(page)].filter((buffer) => of.has(buffer)).length
}

describe('the memory of a page that is given back', () => {
  it('makes no difference to the pages that are made of it', () => {
    fc.assert(
      fc.property(fc.array(pageOf, { minLength: 2, maxLength: 6 }), (pages) => {
        const memory = new PageMemory()
        // Two tables that take turns.
        const reusing = [1, 2].map(() => createShredder({ maxNesting: 1000 }, memory))
        const fresh = reusing.map(() => createShredder({ maxNesting: 1000 }))
        for (const [documents, times, turn] of pages) {
          for (let round = 0; round < times; round++) {
            for (const one of documents) {
              reusing[turn]?.add(one)
              fresh[turn]?.add(one)
            }
          }
          const page = reusing[turn]?.takePage()
          const expected = fresh[turn]?.takePage()
          if (page === undefined || expected === undefined) throw new Error('There are two tables.')
          expect(Buffer.compare(encodePage(page), encodePage(expected))).toBe(0)
          memory.release(page)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is used again, and that of a page that is not given back is left alone', () => {
    const memory = new PageMemory()
    const shredder = createShredder({ maxNesting: 1000 }, memory)
    const page = (text: string): Page => {
      for (let id = 0; id < 3000; id++) shredder.add({ id, text, flag: true, ...(id % 2 === 0 && { half: 0.5 }) })
      return shredder.takePage()
    }
    page('one')
    const second = page('two')
    const content = encodePage(second)
    const third = page('six')
    expect(shared(third, second)).toBe(0)
    expect(Buffer.compare(encodePage(second), content)).toBe(0)
    memory.release(second)
    const fourth = page('ten')
    // The bools of 3,000 rows are not worth it.
    expect(shared(fourth, second)).toBe(buffersOf(fourth).size - 1)
    expect(shared(page('one'), fourth)).toBe(0)
  })
})

describe('an enumerable property of the prototype of all objects', () => {
  it('is no key of a part of a text that is parsed', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    const text = Buffer.from('{"l":[1,{"d":3}],"m":[[{"e":4}]]}')
    Object.defineProperty(Object.prototype, 'polluted', { value: 'x', enumerable: true, configurable: true })
    let isTaken = false
    try {
      isTaken = shredder.addText(text, 0, text.length)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted')
    }
    expect(isTaken).toBe(true)
    const paths = shredder.takePage().summary.tables.flatMap(({ columns }) => columns.map(({ path }) => path.join('.')))
    expect(paths).toEqual(['value', 'd', 'e'])
  })

  it('is no key of a document', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    Object.defineProperty(Object.prototype, 'polluted', { value: 'x', enumerable: true, configurable: true })
    try {
      shredder.add({ a: 1, b: { c: 2 }, l: [{ d: 3 }] })
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted')
    }
    shredder.add({ a: 1 })
    const paths = shredder.takePage().summary.tables.flatMap(({ columns }) => columns.map(({ path }) => path.join('.')))
    expect(paths).toEqual(['a', 'b.c', 'd'])
  })
})
