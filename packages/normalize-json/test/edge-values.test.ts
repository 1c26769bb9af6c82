import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { normalizeDocuments, type RunOptions } from './harness.ts'

interface Case {
  readonly documents: readonly unknown[]
  /** Columns of the user in table `tbl`, with their types. */
  readonly columns: Readonly<Record<string, string>>
  readonly rows: readonly unknown[]
  /** Nested tables and their rows, without columns of the system. */
  readonly nested?: Readonly<Record<string, readonly unknown[]>>
  readonly options?: RunOptions
  readonly warnings?: number
  /** What is said when the documents are refused. */
  readonly error?: string
}

const json = (text: string): unknown => JSON.parse(text)
const micros = (date: string): bigint => BigInt(Date.parse(date)) * 1000n
const kept: RunOptions = { keepsJson: () => true }

const cases: Readonly<Record<string, Case>> = {
  'half of a surrogate pair in a text': {
    documents: [{ a: 'x\ud800' }, { a: '\udc00y' }],
    columns: { a: 'text' },
    rows: [{ a: 'x\ufffd' }, { a: '\ufffdy' }],
  },
  'half of a surrogate pair within JSON': {
    documents: [{ a: { 'k\ud800': '\\\ud800', b: 'literal \\ud800' } }],
    columns: { a: 'json' },
    rows: [{ a: '{"k\ufffd":"\\\\\ufffd","b":"literal \\\\ud800"}' }],
    options: kept,
  },
  'NUL character in a text': { documents: [{ a: 'x\0y' }], columns: { a: 'text' }, rows: [{ a: 'x\0y' }] },
  'empty text': { documents: [{ a: '' }, { a: 'x' }], columns: { a: 'text' }, rows: [{ a: '' }, { a: 'x' }] },
  '`NaN`, `Infinity`, `-Infinity`': {
    documents: [{ a: Number.NaN }, { a: Number.POSITIVE_INFINITY }, { a: Number.NEGATIVE_INFINITY, b: 1 }],
    columns: { b: 'bigint' },
    rows: [{}, {}, { b: 1n }],
    warnings: 2,
  },
  '`-0` among integers': { documents: [{ a: -0 }, { a: 1 }], columns: { a: 'bigint' }, rows: [{ a: 0n }, { a: 1n }] },
  '`-0` among fractions': {
    documents: [{ a: -0 }, { a: 0.5 }],
    columns: { a: 'double' },
    rows: [{ a: -0 }, { a: 0.5 }],
  },
  '`1.0` in JSON': { documents: [json('{"a":1.0}')], columns: { a: 'bigint' }, rows: [{ a: 1n }] },
  'whole number from 2^53 to 2^63': {
    documents: [{ a: 2 ** 60 }],
    columns: { a: 'bigint' },
    rows: [{ a: 2n ** 60n }],
    warnings: 1,
  },
  'whole number from 2^63': { documents: [{ a: 2 ** 63 }], columns: { a: 'double' }, rows: [{ a: 2 ** 63 }] },
  '`bigint` of 64 bits': {
    documents: [{ a: 2n ** 63n - 1n }, { a: -(2n ** 63n) }],
    columns: { a: 'bigint' },
    rows: [{ a: 2n ** 63n - 1n }, { a: -(2n ** 63n) }],
  },
  'wider `bigint`, at most 38 digits': {
    documents: [{ a: 1 }, { a: 2n ** 63n }],
    columns: { a: 'bigint', a__v_wei: 'wei' },
    rows: [{ a: 1n }, { a__v_wei: 2n ** 63n }],
  },
  '`bigint` of more than 38 digits': {
    documents: [{ a: 10n ** 38n }],
    columns: { a: 'text' },
    rows: [{ a: `1${'0'.repeat(38)}` }],
  },
  'text of a date in year 0': {
    documents: [{ a: '0000-01-01T00:00:00Z' }],
    columns: { a: 'text' },
    rows: [{ a: '0000-01-01T00:00:00Z' }],
  },
  'text of a date in year 9999': {
    documents: [{ a: '9999-12-31T23:59:59.999999Z' }],
    columns: { a: 'timestamp' },
    rows: [{ a: micros('9999-12-31T23:59:59Z') + 999_999n }],
  },
  '`Date` in year 0 or after 9999': {
    documents: [{ a: new Date('0000-01-01T00:00:00Z') }, { a: new Date('+012345-01-01T00:00:00Z') }],
    columns: { a: 'timestamp' },
    rows: [{ a: micros('0000-01-01T00:00:00Z') }, { a: micros('+012345-01-01T00:00:00Z') }],
  },
  'invalid `Date`': {
    documents: [{ a: new Date(Number.NaN) }, { a: new Date(0) }],
    columns: { a: 'timestamp' },
    rows: [{}, { a: 0n }],
    warnings: 1,
  },
  'invalid `Date` within JSON': {
    documents: [{ a: [new Date(Number.NaN)] }],
    columns: {},
    rows: [],
    options: kept,
    error: 'The item holds a value that has no JSON form. A Date is invalid. Replace it by null or by a valid Date.',
  },
  'empty document': { documents: [{}, {}], columns: {}, rows: [{}, {}] },
  'empty object': { documents: [{ a: {}, b: 1 }], columns: { b: 'bigint' }, rows: [{ b: 1n }] },
  'empty list': { documents: [{ a: [], b: 1 }], columns: { b: 'bigint' }, rows: [{ b: 1n }] },
  'empty list or object in a list': {
    documents: [{ a: [[], {}, null] }],
    columns: {},
    rows: [{}],
    nested: { tbl__a: [{}, {}, {}] },
    warnings: 1,
  },
  'empty object or list that stays JSON': {
    documents: [{ a: {}, b: [] }],
    columns: { a: 'json', b: 'json' },
    rows: [{ a: '{}', b: '[]' }],
    options: kept,
  },
  'empty `Uint8Array`': {
    documents: [{ a: new Uint8Array() }],
    columns: { a: 'binary' },
    rows: [{ a: new Uint8Array() }],
  },
  '`undefined`': { documents: [{ a: undefined, b: 1 }], columns: { b: 'bigint' }, rows: [{ b: 1n }] },
  'key `__proto__`': {
    documents: [json('{"__proto__":{"x":1},"y":{"__proto__":2}}')],
    columns: { y__proto: 'bigint', proto__x: 'bigint' },
    rows: [{ y__proto: 2n, proto__x: 1n }],
  },
  'keys that look like integers': {
    documents: [json('{"b":1,"10":2,"9":3}')],
    columns: { _9: 'bigint', _10: 'bigint', b: 'bigint' },
    rows: [{ _9: 3n, _10: 2n, b: 1n }],
  },
  'key of white space only': {
    documents: [{ ' ': 1, x: [{ '': 2 }] }],
    columns: { _empty: 'bigint' },
    rows: [{ _empty: 1n }],
    nested: { tbl__x: [{ _empty: 2n }] },
  },
  'list under a key of white space only': {
    documents: [{ '': [1] }],
    columns: {},
    rows: [{}],
    nested: { tbl___empty: [{ value: 1n }] },
  },
}

function withoutSystem(row: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt')))
}

describe('edge values', () => {
  it.each(Object.entries(cases))(
    '%s',
    (_name, { documents, columns, rows, nested = {}, options, warnings = 0, error }) => {
      if (error !== undefined) {
        expect(() => normalizeDocuments(documents, options)).toThrow(error)
        return
      }
      const result = normalizeDocuments(documents, options)
      const table = [...(result.schema.tables.get('tbl')?.columns.values() ?? [])]
      const own = table.filter(({ name }) => !name.startsWith('_dlt')).map(({ name, data_type }) => [name, data_type])
      expect(own).toEqual(Object.entries(columns))
      expect(result.rows.get('tbl')?.map(withoutSystem)).toStrictEqual(rows)
      const tables = [...result.rows]
        .filter(([name]) => name !== 'tbl')
        .map(([name, found]) => [name, found.map(withoutSystem)])
      expect(Object.fromEntries(tables)).toStrictEqual(nested)
      expect(result.warnings).toHaveLength(warnings)
    },
  )

  it('are the lines of the table in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const section = readme.split('## Edge values')[1]?.split('\n## ')[0] ?? ''
    const lines = [...section.matchAll(/^\| (.+?) +\|/gm)]
      .map(([, first]) => first)
      .filter((first) => !/^-+$/.test(first ?? ''))
      .slice(1)
    expect(lines).toEqual(Object.keys(cases))
  })
})
