import type { JsonValue } from '@dlt/schema'
import fc from 'fast-check'

/** Kinds of values that documents hold. */
export type Kind = 'number' | 'large' | 'text' | 'bool' | 'decimal' | 'timestamp' | 'bytes' | 'object' | 'list'

/** What all documents of a run have in common, so that they stay clear of differences that are known and explained. */
export interface Climate {
  /** `numbers-decide-together`, `whole-numbers`: a package has integers only, or fractions only. */
  readonly numbers: 'integers' | 'fractions'
  /** `exact-integers`: where another run of the resource has fractions, integers beyond 2^53 are such that a double holds them. */
  readonly large: 'any' | 'doubles'
  /** `variant-detection`: texts that other columns can take and texts that are points in time do not meet in a resource. */
  readonly texts: 'temporal' | 'numeric'
}

const integers = fc
  .oneof(
    fc.integer({ min: -9, max: 9 }).map((value) => value + 0),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 31, -(2 ** 31), 2 ** 32, 1704164645),
  )
  .map((value) => (value === 0 ? 0 : value))

/** Whole numbers of seconds that are points in time: Python dlt fails at others where a column holds timestamps. */
const secondsIntegers = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.integer(),
  fc.constantFrom(1704164645, 253402300799),
)

const fractions = fc.oneof(
  fc.constantFrom(0.1, -0.5, 1e-7, 1.5e-5, 0.0001, 123456789.123, 5e-324, 2.2250738585072014e-308, 0.30000000000000004),
  fc.constantFrom(1704164645.25, 1704164645.123456, 4503599627370495.5, -1e-10, 1 / 3, 100.00000000000001),
  fc.double({ min: -1e10, max: 1e10, noNaN: true }).filter((value) => !Number.isInteger(value)),
  fc.integer({ min: -999_999, max: 999_999 }).map((value) => value / 1000 + 0.0005),
)

const largeIntegers = fc.oneof(
  fc.constantFrom('9223372036854775807', '-9223372036854775808', '9007199254740993', '-9007199254740993'),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
)

/** The nearest integers that a double and 64 bits hold. */
const largeDoubles = largeIntegers.map((digits) => String(BigInt(Number(digits) >= 2 ** 63 ? 2 ** 62 : Number(digits))))

const temporalTexts = fc.oneof(
  fc.constantFrom(
    '2024-01-02T03:04:05Z',
    '2024-01-02T03:04:05.123456Z',
    '2024-01-02T03:04:05.1+02:00',
    '2024-01-02 03:04:05',
    '2024-01-02T03:04:05.123456789Z',
    '2024-01-02T03:04',
    '2024-01-02T03',
    '2024-01-02',
    '2024-02-30',
    '2024-13-01T00:00:00Z',
    '2024-W01-2',
    '2024-W01-2T10:00:00Z',
    '2024-001T10:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    '2024-01-02T24:00:00Z',
    '2024-01-02T23:59:60Z',
    '2024-01-02T03:04:05-0500',
    '2024-01-02T03:04:05+14',
    '2024-01-02t03:04:05z',
    '2024-01-02T03:04:05 Z',
    ' 2024-01-02T03:04:05Z',
    '2024/01/02',
    '2024-01-02T03:04:05+25:00',
    '12:30:00',
    '12:30',
    'T12:30',
    'P1D',
    '2024-1-2',
    'Tue, 02 Jan 2024 03:04:05 GMT',
  ),
  fc
    .date({ noInvalidDate: true, min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z') })
    .map((date) => date.toISOString()),
)

const numericTexts = fc.oneof(
  fc.constantFrom(
    '0',
    '12',
    ' 13 ',
    '+5',
    '-7',
    '1_000',
    '1__0',
    '0x1f',
    '0b1',
    '٣',
    '1.0',
    '1e3',
    '1.5',
    '.5',
    '5.',
    '1,5',
  ),
  fc.constantFrom('9223372036854775807', '1e-7', '-1.10', '１２', '- 1'),
  fc.constantFrom('true', 'FALSE', 'yes', 'n', 'on', ' t ', 'T', 'YWI=', 'YWJj', 'YWI', '0x6162', '{"a":1}', '[1, 2]'),
  fc.integer().map(String),
)

const plainTexts = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'x',
    'null',
    'a"b',
    "it's",
    'back\\slash',
    'line\nbreak',
    'tab\t',
    '\u2028',
    '\u00a0',
    '\u{10ffff}',
    'é',
    '\r\n',
  ),
  fc.constantFrom(
    '日本語',
    'مرحبا',
    '👩‍👩‍👧',
    'NULL',
    '\\N',
    '\\x41',
    '$x',
    'a,b',
    ';',
    '\u0001',
    '\u007f',
    '\u0085',
    '"',
    '\\',
    '\\"',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).filter(isOrdinary),
  fc.string({ maxLength: 30 }).filter(isOrdinary),
)

/** Neither `nul` nor `type-markers`. */
function isOrdinary(text: string): boolean {
  // DuckDB's client for Node drops a byte order mark where a text is read: nothing that loading does.
  return !/[\0\uf026-\uf02d]/.test(text) && !text.startsWith('\ufeff')
}

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, scale]) => decimalText(digits, scale))

/** `decimal-zeros`: no zeros at the end of a fraction. */
function decimalText(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : ''
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const fraction = text.slice(text.length - scale).replace(/0+$/, '')
  const whole = text.slice(0, text.length - scale)
  const shown = scale === 0 ? text : fraction === '' ? whole : `${whole}.${fraction}`
  return /[1-9]/.test(shown) ? sign + shown : shown
}

const timestamps = fc
  .date({ noInvalidDate: true, min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z') })
  .map((date) => date.toISOString().replace('Z', '+00:00'))

const bytes = fc.uint8Array({ minLength: 1, maxLength: 9 }).map((value) => Buffer.from(value).toString('base64'))

/** Values of a kind that is neither object nor list. */
export function scalar(
  kind: Exclude<Kind, 'object' | 'list'>,
  { numbers, large, texts }: Climate,
): fc.Arbitrary<JsonValue> {
  switch (kind) {
    case 'number':
      if (numbers === 'fractions') return fractions
      return texts === 'temporal' ? secondsIntegers.map((value) => (value === 0 ? 0 : value)) : integers
    case 'large':
      return numbers === 'integers' && texts === 'numeric'
        ? (large === 'any' ? largeIntegers : largeDoubles).map(($bigint) => ({ $bigint }))
        : fc.constantFrom('nan', 'inf', '-inf').map(($double) => ({ $double }))
    case 'text':
      return fc.oneof(plainTexts, texts === 'temporal' ? temporalTexts : numericTexts)
    case 'bool':
      return fc.boolean()
    case 'decimal':
      return decimals.map(($decimal) => ({ $decimal }))
    case 'timestamp':
      // Numbers beyond the range of points in time may come where a column is no timestamp.
      if (texts === 'numeric') return fc.boolean()
      return timestamps.map(($timestamp) => ({ $timestamp }))
    case 'bytes':
      return bytes.map(($bytes) => ({ $bytes }))
  }
}
