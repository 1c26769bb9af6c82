import { parseExactly } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { createShredder, encodePage, type Shredder } from '../src/index.ts'

function wrapped(inner: string, levels: number, wrap: (inner: string) => string): string {
  let text = inner
  for (let level = 0; level < levels; level++) text = wrap(text)
  return text
}

/** Adds a document as text, as lines of a file are added, and answers whether it was scanned. */
function addText(shredder: Shredder, text: string): boolean {
  const bytes = Buffer.from(text)
  if (shredder.addText(bytes, 0, bytes.length)) return true
  shredder.add(parseExactly(bytes.toString()))
  return false
}

function pageOf(add: (shredder: Shredder) => void): Uint8Array {
  const shredder = createShredder({ maxNesting: 1000 })
  add(shredder)
  return encodePage(shredder.takePage())
}

/** The processor time of the quickest of three rounds, in milliseconds: what others do on the machine does not count. */
function processorTime(add: (shredder: Shredder) => void): number {
  const rounds = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    add(createShredder({ maxNesting: 1000 }))
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...rounds)
}

const longText = JSON.stringify('é\n'.repeat(300_000))

describe('the work that text takes', () => {
  it.each([
    ['a long text in mixed lists', wrapped(`{"t":${longText}}`, 300, (inner) => `{"x":[${inner},1]}`)],
    ['mixed lists of three', wrapped('{"x":1}', 900, (inner) => `{"x":[${inner},{"y":"${'y'.repeat(800)}"},1]}`)],
    ['mixed lists that begin with little', wrapped('{}', 900, (inner) => `{"x":[{},1,${inner},"${'y'.repeat(800)}"]}`)],
    [
      'mixed lists beside each other',
      `{"x":[${Array.from({ length: 20_000 }, (_, at) => `{"l":[{"a":${at}},${at}]}`)}]}`,
    ],
  ])('is in proportion to its size: %s', (_what, text) => {
    const parsed = processorTime((shredder) => shredder.add(parseExactly(text)))
    const scanned = processorTime((shredder) => addText(shredder, text))
    // Each level would make a multiple of hundreds.
    expect(scanned).toBeLessThan(10 * parsed + 50)
    const expected = pageOf((shredder) => shredder.add(parseExactly(text)))
    expect(Buffer.from(pageOf((shredder) => addText(shredder, text))).equals(expected)).toBe(true)
  })

  it('does not grow the stack: what is deeper than a thousand objects and lists is parsed', () => {
    // Levels below a list count from the list.
    const rows = (levels: number): string =>
      wrapped('{"end":1}', levels, (inner) => wrapped(`[{"b":${inner}}]`, 90, (item) => `{"a":${item}}`))
    for (const [levels, scans] of [
      [10, true],
      [200, false],
    ] as const) {
      const text = rows(levels)
      let taken: boolean | undefined
      const page = pageOf((shredder) => {
        taken = addText(shredder, text)
      })
      expect(taken).toBe(scans)
      expect(Buffer.from(page).equals(pageOf((shredder) => shredder.add(parseExactly(text))))).toBe(true)
    }
  })

  it('scans lists of a few mixed ones, and after a document that was left to the parser', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    const hostile = wrapped('{}', 100, (inner) => `{"x":[${inner},1]}`)
    expect(addText(shredder, hostile)).toBe(false)
    expect(addText(shredder, '{"x":[{"a":[{"b":"\\n"},2]},1],"y":[{"c":"\\t"},null],"z":1}')).toBe(true)
    expect(addText(shredder, hostile)).toBe(false)
    expect(addText(shredder, '{"x":[{"c":"\\t"}],"z":[{"d":"\\n"}]}')).toBe(true)
  })
})
