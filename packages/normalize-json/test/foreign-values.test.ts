import { runInNewContext } from 'node:vm'
import { PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { createShredder } from '../src/index.ts'
import { normalizeDocuments } from './harness.ts'

class Point {
  readonly x: number
  readonly y: number
  constructor(x: number, y: number) {
    this.x = x
    this.y = y
  }
  get length(): number {
    return Math.hypot(this.x, this.y)
  }
}

class Id {
  readonly #id: string
  constructor(id: string) {
    this.#id = id
  }
  toJSON(): string {
    return this.#id
  }
}

/** A stand-in for values of `Temporal`, which are recognised by their tag. */
function temporal(type: string, fields: object): object {
  return Object.assign(Object.create({ [Symbol.toStringTag]: `Temporal.${type}` }), fields)
}

function loaded(value: unknown): unknown {
  const { rows, schema } = normalizeDocuments([{ value }])
  const row = rows.get('tbl')?.[0]?.['value']
  return [schema.tables.get('tbl')?.columns.get('value')?.data_type, row]
}

describe('values that JSON does not have', () => {
  it.each([
    ['Date', new Date(1234), ['timestamp', 1_234_000n]],
    ['Date of another realm', Object.assign(new Date(5)), ['timestamp', 5000n]],
    ['Decimal', new Decimal('12.5'), ['decimal', 12_500_000_000n]],
    ['Decimal with an exponent', new Decimal('1e20'), ['decimal', 10n ** 29n]],
    ['Uint8Array', new Uint8Array([1, 2]), ['binary', new Uint8Array([1, 2])]],
    ['Buffer', Buffer.from('ab'), ['binary', new Uint8Array([97, 98])]],
    ['ArrayBuffer', new Uint8Array([3]).buffer, ['binary', new Uint8Array([3])]],
    ['DataView', new DataView(new Uint8Array([1, 2, 3]).buffer, 1), ['binary', new Uint8Array([2, 3])]],
    ['boxed number', Object(5), ['bigint', 5n]],
    ['boxed text', Object('x'), ['text', 'x']],
    ['instance with toJSON', new Id('abc'), ['text', 'abc']],
    ['PreciseDateTime', new PreciseDateTime(7n, true), ['timestamp', 7n]],
    ['PlainDate', new PlainDate(-1), ['date', -1]],
    ['PlainTime', new PlainTime(9n), ['time', 9n]],
    ['Temporal.Instant', temporal('Instant', { epochNanoseconds: -1n }), ['timestamp', -1n]],
    [
      'Temporal.PlainDateTime',
      temporal('PlainDateTime', {
        year: 1970,
        month: 1,
        day: 2,
        hour: 1,
        minute: 2,
        second: 3,
        millisecond: 4,
        microsecond: 5,
      }),
      ['timestamp', 90_123_004_005n],
    ],
    ['Temporal.PlainDate', temporal('PlainDate', { year: 1, month: 1, day: 1 }), ['date', -719_162]],
    [
      'Temporal.PlainTime',
      temporal('PlainTime', { hour: 1, minute: 0, second: 0, millisecond: 0, microsecond: 7 }),
      ['time', 3_600_000_007n],
    ],
  ])('%s', (_name, value, expected) => {
    expect(loaded(value)).toEqual(expected)
  })

  it('maps and instances are objects, sets and typed arrays are lists', () => {
    const map = new Map<unknown, unknown>([
      [1, 'one'],
      ['k', new Map([['deep', true]])],
    ])
    const document = { map, point: new Point(1, 2), set: new Set(['a', 'b']), floats: new Float64Array([0.5]) }
    const { rows } = normalizeDocuments([document])
    expect(rows.get('tbl')?.[0]).toMatchObject({ map___1: 'one', map__k__deep: true, point__x: 1n, point__y: 2n })
    expect(rows.get('tbl')?.[0]).not.toHaveProperty('point__length')
    expect(rows.get('tbl__set')?.map((row) => row['value'])).toEqual(['a', 'b'])
    expect(rows.get('tbl__floats')?.map((row) => row['value'])).toEqual([0.5])
  })

  it('may be the items themselves, or items of lists', () => {
    const { rows } = normalizeDocuments([new Map([['a', 1]]), new Point(3, 4), new Set([1]), new Date(1)])
    expect(rows.get('tbl')?.map(({ _dlt_id, _dlt_load_id, ...row }) => row)).toEqual([
      { a: 1n },
      { x: 3n, y: 4n },
      {},
      { value: 1000n },
    ])
    expect(rows.get('tbl__value')).toHaveLength(1)
    const lists = normalizeDocuments([{ l: [new Set([1, 2]), new Point(5, 6), new Date(2), new Id('z')] }]).rows
    expect(lists.get('tbl__l')?.map(({ x, value }) => [x, value])).toEqual([
      [undefined, undefined],
      [5n, undefined],
      [undefined, 2000n],
      [undefined, undefined],
    ])
    expect(lists.get('tbl__l__list')).toHaveLength(2)
  })

  it('decimals that are no numbers are null', () => {
    const { rows } = normalizeDocuments([
      { d: new Decimal(Number.NaN) },
      { d: new Decimal(Number.POSITIVE_INFINITY), x: 1 },
    ])
    expect(rows.get('tbl')?.map(({ d }) => d)).toEqual([undefined, undefined])
  })

  it('bytes are copied, so a reader may use its buffer again', () => {
    const shredder = createShredder({ maxNesting: 1 })
    const buffer = new Uint8Array([1])
    shredder.add({ b: buffer })
    buffer[0] = 9
    const values = shredder.takePage().tables[0]?.columns[0]?.values
    expect(values).toMatchObject({ bytes: new Uint8Array([1]) })
  })

  it('an Error, URL or plain object with toJSON is what that returns', () => {
    const failure = Object.assign(new Error('x'), { toJSON: () => ({ code: 7 }) })
    const money = { cents: 150, toJSON: () => '1.50' }
    const tagged = {
      id: 1,
      toJSON() {
        return { ...this, seen: true }
      },
    }
    const document = { failure, url: new URL('http://localhost/a'), money, tagged, list: [money, tagged] }
    const { rows } = normalizeDocuments([document, tagged])
    expect(rows.get('tbl')).toMatchObject([
      { failure__code: 7n, url: 'http://localhost/a', money: '1.50', tagged__id: 1n, tagged__seen: true },
      { id: 1n, seen: true },
    ])
    expect(rows.get('tbl__list')).toMatchObject([{ value: '1.50' }, { id: 1n, seen: true }])
    const kept = normalizeDocuments([document], { maxNesting: 0 }).rows
    expect(kept.get('tbl')?.[0]).toMatchObject({ money: '1.50', failure: '{"code":7}', tagged: '{"id":1,"seen":true}' })
  })

  it('toJSON that is no function is a key like any other', () => {
    expect(normalizeDocuments([{ a: { toJSON: 1 } }]).rows.get('tbl')?.[0]).toMatchObject({ a__to_json: 1n })
  })

  it('plain objects of another realm may be empty', () => {
    const { rows } = normalizeDocuments([{ a: runInNewContext('({})'), b: runInNewContext('({ c: 1 })') }])
    expect(rows.get('tbl')?.[0]).toMatchObject({ b__c: 1n })
  })

  it('an instance whose toJSON returns itself counts as its properties', () => {
    const odd = { a: 1 }
    Object.setPrototypeOf(odd, { toJSON: () => odd })
    expect(normalizeDocuments([{ odd }]).rows.get('tbl')?.[0]).toMatchObject({ odd__a: 1n })
  })
})
