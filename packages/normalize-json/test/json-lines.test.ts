import { createSchema, DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { createShredder, encodePage, normalizePage, planNormalization, shredJsonLines } from '../src/index.ts'
import { batchRows, capabilities } from './harness.ts'

function rowsOf(text: string | Uint8Array, firstLine = 1): readonly unknown[] {
  const shredder = createShredder({ maxNesting: 1000 })
  shredJsonLines(Buffer.from(text), shredder, { file: 'data.jsonl', firstLine })
  const page = shredder.takePage()
  const schema = createSchema('lines')
  const plan = planNormalization({ schema, rootTable: 'tbl', summaries: [page.summary], capabilities })
  const { batches } = normalizePage(page, plan, { loadId: '1' })
  return batches.slice(0, 1).flatMap((batch) => batchRows(batch).map(({ _dlt_id, _dlt_load_id, ...row }) => row))
}

function failure(text: string | Uint8Array, firstLine = 1): DltError {
  try {
    rowsOf(text, firstLine)
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('the text was read')
}

describe('JSON Lines', () => {
  it('may end lines with LF or CR LF, or not at all, and have blank ones', () => {
    expect(rowsOf('{"a":1}\n\n{"a":2}\r\n  \r\n{"a":3}')).toEqual([{ a: 1n }, { a: 2n }, { a: 3n }])
    expect(rowsOf('')).toEqual([])
    expect(rowsOf('\n\n')).toEqual([])
  })

  it.each([1, 7])(
    'do not begin with a byte order mark, which whoever reads a file has to drop: line %i',
    (firstLine) => {
      expect(failure('\ufeff{"a":1}\n', firstLine).message).toContain(`line ${firstLine}: the line is not a JSON value`)
    },
  )

  it('keep every digit of integers', () => {
    const text =
      '{"a":12345678901234567}\n{"a":-9223372036854775808,"b":[9007199254740993]}\n{"a":1,"c":"12345678901234567"}'
    expect(rowsOf(text)).toEqual([
      { a: 12345678901234567n },
      { a: -9223372036854775808n },
      { a: 1n, c: '12345678901234567' },
    ])
    expect(rowsOf('{"a":1234567890123456789012345}')).toEqual([{ a: 1234567890123456789012345n }])
    expect(rowsOf('{"a": [1], "n":{"x" :  9007199254740993}}')).toEqual([{ n__x: 9007199254740993n }])
  })

  it('take long fractions and exponents as numbers', () => {
    expect(rowsOf('{"a":12345678901234567.5}\n{"a":1e300}')).toEqual([{ a: 12345678901234568 }, { a: 1e300 }])
  })

  it('take what is no object as a value', () => {
    expect(rowsOf('5\n"x"\nnull\n[1,2]')).toEqual([{ value: 5n }, { value__v_text: 'x' }, {}, {}])
  })

  it.each([
    ['{"a":', 'the line ends too early'],
    ['{"a" 1}', 'character 6 is not expected there'],
    ['secret', 'the line is not a JSON value'],
    ['{"a":1} {"a":2}', 'character 9 is not expected there'],
  ])('refuse %s, naming file and line but not what stands there', (line, why) => {
    const error = failure(`{"a":1}\n\n${line}\n{"a":1}\n`, 11)
    expect(error.message).toBe(
      `Invalid JSON in "data.jsonl", line 13: ${why}. Correct the line, or remove it from the file.`,
    )
    expect([error.code, error.context, error.cause]).toEqual(['DATA', { file: 'data.jsonl', line: 13 }, undefined])
  })

  it('refuse other encodings, naming file and line', () => {
    const error = failure(Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]))
    expect(error.message).toBe(
      'Invalid UTF-8 in "data.jsonl", line 2: the line has bytes of another encoding. Correct the line, or remove it from the file.',
    )
  })

  it('name file and line of a document that cannot be loaded', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const error = failure(`{"a":1}\n{"a":${deep}}\n`)
    expect(error.message).toMatch(/^The item is nested too deeply/)
    expect(error.context).toMatchObject({ file: 'data.jsonl', line: 2 })
  })

  it('come to the same pages as the documents themselves', () => {
    const documents = [{ a: 1, b: { c: [1, { d: 'ż' }] } }, { a: 2.5 }]
    const parsed = createShredder({ maxNesting: 1000 })
    for (const document of documents) parsed.add(document)
    const lines = createShredder({ maxNesting: 1000 })
    const text = documents.map((document) => JSON.stringify(document)).join('\n')
    shredJsonLines(Buffer.from(text), lines, { file: 'f', firstLine: 1 })
    expect(encodePage(lines.takePage())).toEqual(encodePage(parsed.takePage()))
  })
})
