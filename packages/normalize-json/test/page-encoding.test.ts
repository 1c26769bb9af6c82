import { DltError } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createShredder, decodePage, encodePage, type Page, readPageSummary } from '../src/index.ts'

function pageOf(documents: readonly unknown[]): Page {
  const shredder = createShredder({ maxNesting: 10 })
  for (const document of documents) shredder.add(document)
  return shredder.takePage()
}

const everyKind = {
  null: null,
  bool: true,
  integer: 1,
  double: 1.5,
  text: 'ż😀',
  bigint: 2n ** 62n,
  wei: 2n ** 70n,
  timestamp: new Date(5),
  binary: new Uint8Array([1, 2, 3]),
  list: [1, 'x', { a: null }],
  ż: { deep: 'er' },
}

function failure(read: () => unknown): DltError {
  try {
    read()
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('the page was read')
}

describe('pages as bytes', () => {
  it('come back as they were', () => {
    const page = pageOf([everyKind, {}, everyKind])
    expect(decodePage(encodePage(page))).toEqual(page)
    expect(readPageSummary(encodePage(page))).toEqual(page.summary)
  })

  it('come back as they were, whatever the documents', () => {
    const documents = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })))
    fc.assert(
      fc.property(documents, (items) => {
        const page = pageOf(items)
        expect(decodePage(encodePage(page))).toEqual(page)
      }),
      { numRuns: 200 },
    )
  })

  it('hold an empty page', () => {
    const decoded = decodePage(encodePage(pageOf([])))
    expect(decoded).toEqual(pageOf([]))
    expect(decoded.summary.tables).toMatchObject([{ path: [], rowCount: 0, columns: [] }])
  })

  it('are read without a copy where they are aligned, and with one elsewhere', () => {
    const bytes = encodePage(pageOf([everyKind]))
    const values = decodePage(bytes).tables[0]?.columns.find((column) => column?.kind === 'double')?.values
    expect(ArrayBuffer.isView(values) && values.buffer).toBe(bytes.buffer)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    expect(decodePage(shifted.subarray(1))).toEqual(pageOf([everyKind]))
  })

  it('align every buffer to 8 bytes', () => {
    const page = decodePage(encodePage(pageOf([everyKind, { text: 'x' }])))
    const views = page.tables.flatMap(({ columns }) =>
      columns.flatMap((column) => {
        if (column === undefined) return []
        const { values, ordinals } = column
        const packed: readonly ArrayBufferView[] = ArrayBuffer.isView(values)
          ? [values]
          : [values.offsets, values.bytes]
        return ordinals === undefined ? packed : [...packed, ordinals]
      }),
    )
    expect(views.length).toBeGreaterThan(10)
    expect(views.map(({ byteOffset }) => byteOffset % 8)).toEqual(views.map(() => 0))
  })
})

describe('damaged pages', () => {
  const bytes = encodePage(pageOf([everyKind]))
  const changed = (at: number, to: number): Uint8Array => Uint8Array.from(bytes).fill(to, at, at + 1)

  it.each([
    ['cut to nothing', new Uint8Array(3), 'it is too short'],
    ['another file', new TextEncoder().encode('{"a":1}\n{"a":2}\n'), 'it does not begin like one'],
    ['another version', changed(4, 9), 'its format is version 9, this is version 1'],
    ['a changed header', changed(20, 0), 'the checksum of its header is wrong'],
    ['a wrong length of the header', changed(8, 1), 'the checksum of its header is wrong'],
    ['cut short', bytes.subarray(0, -8), `it has ${bytes.length - 8} bytes instead of ${bytes.length}`],
    [
      'too long',
      Buffer.concat([bytes, new Uint8Array(8)]),
      `it has ${bytes.length + 8} bytes instead of ${bytes.length}`,
    ],
  ])('%s', (_name, damaged, what) => {
    const error = failure(() => decodePage(damaged))
    expect(error.code).toBe('PACKAGE')
    expect(error.message).toBe(
      `A page of extracted data cannot be read: ${what}. Abort the load package and extract the data again.`,
    )
  })

  it('are noticed by the summary alone where the header is concerned', () => {
    expect(failure(() => readPageSummary(changed(20, 0))).code).toBe('PACKAGE')
  })
})
