import {
  type ColumnSchema,
  createSchema,
  isCompleteColumn,
  nestedRowId,
  type ScalarValue,
  type Schema,
} from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeDocuments, type Row, type RunResult } from './harness.ts'
import { type ModelRow, type ModelState, runModel } from './row-model.ts'

const keys = ['a', 'b', 'A', 'a b', 'a_b', 'a__b', 'value', 'list', '', ' ', '7', '__proto__', 'v__v_text', 'longKey.x']

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, 1.5, 2 ** 60, -(2 ** 62), 1e22, 1e300, Number.NaN, Number.NEGATIVE_INFINITY),
  fc.constantFrom(
    '',
    'x',
    '12',
    ' 7 ',
    '1.5',
    'true',
    'ż',
    '😀',
    '2024-01-02T03:04:05Z',
    '2024-01-02 03:04:05.1+02:00',
  ),
  fc.constantFrom(5n, -(2n ** 63n), 2n ** 63n, 10n ** 37n, 10n ** 40n, 2n ** 53n + 1n, -(2n ** 64n) - 1n),
  fc
    .constantFrom('1.5', '-7', '0.1234567891', '1e-20', '-123456789012345678901234567890.5')
    .map((digits) => new Decimal(digits)),
  fc.constantFrom(new Date(0), new Date('9999-12-31T23:59:59.999Z')),
  fc.constantFrom(new Uint8Array(), new Uint8Array([0, 255])),
)

const { document } = fc.letrec<{ document: object; value: unknown }>((tie) => ({
  document: fc
    .array(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 5 })
    .map((entries) => fromEntries(entries)),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: tie('document') },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
}))

/** An object whose keys are its own, also `__proto__`. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const object = {}
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

const onePackage = fc.record({
  documents: fc.array(fc.oneof({ weight: 9, arbitrary: document }, { weight: 1, arbitrary: scalar }), { maxLength: 8 }),
  pageSizes: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 5 }),
  backwards: fc.boolean(),
})

type Package = typeof onePackage extends fc.Arbitrary<infer T> ? T : never

const histories = fc.array(onePackage, { minLength: 1, maxLength: 3 })

/** What a run returns; undefined when it is refused. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  return typeof value === 'number' && Object.is(value, -0) ? '-0' : value
}

function expectedValue(value: ScalarValue, column: ColumnSchema | undefined): unknown {
  if (column?.data_type === 'decimal') return BigInt(String(value).replace('.', ''))
  return column?.data_type === 'wei' ? BigInt(String(value)) : comparable(value)
}

function userValues(row: Row, expected: ModelRow): unknown {
  const kept = Object.entries(row).filter(([name]) => !name.startsWith('_dlt_') || expected.values.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, comparable(value)]))
}

function compareSchema(schema: Schema, model: ModelState): void {
  const actual = [...schema.tables.values()].filter(({ name }) => !name.startsWith('_dlt'))
  expect(actual.map(({ name, parent }) => [name, parent])).toEqual(
    [...model].map(([name, { parent }]) => [name, parent]),
  )
  for (const table of actual) {
    const columns = [...table.columns.values()].filter(isCompleteColumn)
    expect(columns.map((column) => [column.name, column.data_type, column.variant === true])).toEqual(
      [...(model.get(table.name)?.columns ?? [])].map(([name, { type, variant }]) => [name, type, variant]),
    )
  }
}

function compareRows(result: RunResult, expected: ReadonlyMap<string, readonly ModelRow[]>): void {
  expect([...result.rowCounts]).toEqual([...expected].map(([name, rows]) => [name, rows.length]))
  for (const [name, rows] of expected) {
    const table = result.schema.tables.get(name)
    const actual = result.rows.get(name) ?? []
    const ids = new Set(actual.map((row) => row['_dlt_id']))
    expect(ids.size).toBe(rows.length)
    rows.forEach((row, index) => {
      const values = [...row.values].map(([column, value]) => [
        column,
        expectedValue(value, table?.columns.get(column)),
      ])
      const found = actual[index] ?? {}
      expect(userValues(found, row)).toEqual(Object.fromEntries(values))
      if (table?.parent === undefined) return
      const parent = String(result.rows.get(row.parentTable)?.[row.parentRow]?.['_dlt_id'])
      expect([found['_dlt_parent_id'], found['_dlt_list_idx']]).toEqual([parent, BigInt(row.index)])
      expect(found['_dlt_id']).toBe(nestedRowId(parent, name, row.index))
    })
  }
}

function check(history: readonly Package[]): void {
  const model: ModelState = new Map()
  let schema = createSchema('test')
  for (const { documents, ...options } of history) {
    const expected = attempt(() => runModel(documents, model))
    if (expected === undefined) {
      expect(() => normalizeDocuments(documents, { ...options, schema })).toThrow(/fit neither column/)
      return
    }
    const result = normalizeDocuments(documents, { ...options, schema })
    if (documents.length > 0) compareSchema(result.schema, model)
    compareRows(result, expected)
    schema = result.schema
  }
}

describe('normalizing in pages', () => {
  it('comes to what reading row by row comes to, whatever the pages and their order', () => {
    fc.assert(fc.property(histories, check), { numRuns: Number(process.env['DLT_TEST_RUNS'] ?? 500) })
  })
})
