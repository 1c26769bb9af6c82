import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const docs = join(import.meta.dirname, '../../../docs')
const page = readFileSync(join(docs, 'seed-coverage.md'), 'utf8')

interface Row {
  readonly section: string
  readonly sentence: string
  readonly answer: string
  readonly tests: readonly NamedTest[]
}

/** A test that the page names: its title after those of the groups that it is in. */
interface NamedTest {
  readonly titles: readonly string[]
  readonly file: string
}

function rows(): readonly Row[] {
  const found: Row[] = []
  let section = ''
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3)
    if (!line.startsWith('| ') || /^\| (?:---|The seed|The older note)/.test(line)) continue
    const [sentence = '', answer = '', tests = ''] = line.slice(2, -2).split(' | ')
    found.push({ section, sentence, answer, tests: namedTests(tests) })
  }
  return found
}

function namedTests(cell: string): readonly NamedTest[] {
  return [...cell.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = '', file = '']) => ({
    titles: title.split(' › '),
    file: join(docs, file),
  }))
}

const sources = new Map<string, string>()

function sourceOf(file: string): string {
  const known = sources.get(file) ?? (existsSync(file) ? readFileSync(file, 'utf8') : '')
  sources.set(file, known)
  return known
}

/** Whether a file has a test of that title, behind its groups, and runs it. */
function isThere({ titles, file }: NamedTest): boolean {
  let rest = sourceOf(file)
  for (const title of titles) {
    const call = new RegExp(String.raw`(?:\b(?:test|it|describe)|\))\(\s*(['"\x60])${escaped(title)}\1,`).exec(rest)
    if (call === null) return false
    rest = rest.slice(call.index + 1)
  }
  return true
}

/** Whether a test expects that text, which it may make of a template. */
function isExpected(text: string, { file }: NamedTest): boolean {
  const literals = [...sourceOf(file).matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , literal = '']) => literal)
  return literals.some((literal) => {
    const parts = literal.replaceAll(/\\(.)/g, '$1').split(/\$\{\w+\}/)
    return new RegExp(`^${parts.map(escaped).join('.+')}$`).test(text)
  })
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

describe('each sentence of the seed', () => {
  test('stands in a table', () => {
    expect(new Set(rows().map(({ section }) => section)).size).toBe(13)
    expect(rows().length).toBeGreaterThan(100)
  })

  test.each(rows())('has a test: $section, $sentence', ({ tests }) => {
    expect(tests).not.toEqual([])
    expect(tests.filter((named) => !isThere(named))).toEqual([])
  })
})

describe('what is not built yet', () => {
  const refused = rows().filter(({ section, answer }) => section === 'Not yet' && answer.startsWith('`'))

  test.each(refused)('gives the error that the page shows: $sentence', ({ answer, tests }) => {
    const error = /^`([^`]+)`/.exec(answer)?.[1] ?? ''
    expect(tests.filter((named) => isExpected(error, named))).not.toEqual([])
  })

  test('is some', () => {
    expect(refused.length).toBeGreaterThan(3)
  })
})
