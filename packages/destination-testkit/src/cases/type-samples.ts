import type { DestinationCapabilities, TypeCapabilities } from '@dlt/destination'
import type { ColumnSchema, DataType } from '@dlt/schema'
import type { Cell } from '../canonical-value.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import { column } from '../sample-schema.ts'

/** Values at the edges of a type. */
export interface TypeSample {
  readonly title: string
  readonly type: DataType
  /** What the column says beside its type. Default: nothing. */
  readonly hints?: (types: TypeCapabilities) => Omit<ColumnSchema, 'name' | 'data_type'>
  readonly values: (types: TypeCapabilities) => readonly Cell[]
  /** What a value comes back as. Default: what it was. */
  readonly comesBackAs?: (value: Cell, capabilities: DestinationCapabilities) => Cell
  readonly unless?: ConformanceCase['unless']
}

/** The column of a sample. */
export const sampleColumn = ({ type, hints }: TypeSample, types: TypeCapabilities): ColumnSchema =>
  column('value', type, hints?.(types))

const sample = (title: string, type: DataType, ...values: readonly Cell[]): TypeSample => ({
  title,
  type,
  values: () => values,
})

const texts = [
  '',
  ' ',
  'plain',
  `'"\`$$;--`,
  "\\ \\n \\\\ \\x41 \\u0041 \\N \\. E'",
  'line\nfeed, return\r, both\r\n, tab\t',
  'é ß 日本 🦆 \u2028 \u200b \ufeff e\u0301',
  '\u0001\u001f\u007f',
  'NULL',
  "'); DROP TABLE items; --",
  '{"json": [1, "2"]}',
  'x'.repeat(100_000),
]

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)

/** The largest and the smallest integer of so many bits. */
const integersOf = (bits: number): TypeSample => {
  const largest = 2n ** BigInt(bits - 1) - 1n
  const integers = sample(`bigint of ${bits} bits`, 'bigint', 0n, largest, -largest - 1n)
  return { ...integers, hints: () => ({ precision: bits }) }
}

const secondsOf = (precision: number, fraction: string): TypeSample => {
  const days = ['0001-01-01', '1969-12-31', '1970-01-01', '2024-02-29', '9999-12-31']
  const values = days.map((day) => `${day}T23:59:58${fraction}+00:00`)
  return {
    ...sample(`timestamp with ${precision} digits of a second`, 'timestamp', ...values),
    hints: () => ({ precision }),
  }
}

type Digits = Required<Pick<ColumnSchema, 'precision' | 'scale'>>

/** Nothing, the least and the most that so many digits hold. */
const digits = ({ precision, scale }: Digits): readonly Cell[] => {
  const whole = '9'.repeat(precision - scale)
  const least = scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`
  const most = scale === 0 ? whole : `${whole === '' ? '0' : whole}.${'9'.repeat(scale)}`
  return ['0', least, `-${least}`, most, `-${most}`]
}

const decimalsOf = (title: string, choose: (types: TypeCapabilities) => Digits): TypeSample => ({
  title: `decimal with ${title}`,
  type: 'decimal',
  hints: choose,
  values: (types) => digits(choose(types)),
})

const mostDigits = ({ decimal }: TypeCapabilities): number => decimal.maxPrecision ?? decimal.precision

/** Samples of all types. What a type holds, the capabilities say. */
export const typeSamples: readonly TypeSample[] = [
  sample('text', 'text', ...texts),
  {
    ...sample('text of a million bytes', 'text', 'x'.repeat(1_050_000), '日本 🦆\n'.repeat(80_000)),
    unless: ({ load }) =>
      load.maxTextBytes >= 1_200_000 ? undefined : `texts have ${load.maxTextBytes} bytes at most`,
  },
  {
    ...sample('text with NUL', 'text', '\0', 'a\0b', '\0\0"\'\\\0'),
    comesBackAs: (value, { types }) => (types.nul === 'drop' ? String(value).replaceAll('\0', '') : value),
    unless: ({ types }) => (types.nul === 'refuse' ? 'texts with NUL are refused' : undefined),
  },
  sample(
    'bigint',
    'bigint',
    ...[0n, -1n, 1n, 9007199254740993n, -9007199254740993n, 9223372036854775807n, -9223372036854775808n],
  ),
  integersOf(8),
  integersOf(16),
  integersOf(32),
  sample(
    'double',
    'double',
    ...[0, -1.5, 0.1, 1e22, 123456789.12345679, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 1 / 3],
  ),
  sample('bool', 'bool', true, false),
  sample(
    'timestamp',
    'timestamp',
    '1970-01-01T00:00:00+00:00',
    '2024-01-02T03:04:05.000001+00:00',
    '2024-02-29T23:59:59.999999+00:00',
    '1969-12-31T23:59:59.999999+00:00',
    '0001-01-01T00:00:00+00:00',
    '9999-12-31T23:59:59.999999+00:00',
  ),
  secondsOf(0, ''),
  secondsOf(3, '.999'),
  secondsOf(6, '.999999'),
  {
    ...sample(
      'timestamp without time zone',
      'timestamp',
      '2024-01-02T03:04:05.000001',
      '1969-12-31T23:59:59.999999',
      '0001-01-01T00:00:00',
      '9999-12-31T23:59:59.999999',
    ),
    hints: () => ({ timezone: false }),
    unless: ({ types }) => (types.naiveTimestamps ? undefined : 'there are no timestamps without a time zone'),
  },
  sample('date', 'date', '1970-01-01', '2024-02-29', '0001-01-01', '9999-12-31'),
  sample('time', 'time', '00:00:00', '23:59:59.999999', '12:34:56.000001'),
  { title: 'decimal', type: 'decimal', values: ({ decimal }) => digits(decimal) },
  decimalsOf('a precision', () => ({ precision: 10, scale: 2 })),
  decimalsOf('all digits after the point', (types) => ({ precision: mostDigits(types), scale: mostDigits(types) })),
  decimalsOf('no digits after the point', (types) => ({ precision: mostDigits(types), scale: 0 })),
  {
    title: 'wei',
    type: 'wei',
    values: ({ wei }) => digits({ precision: Math.min(wei.precision - wei.scale, 78), scale: 0 }),
  },
  sample('binary', 'binary', new Uint8Array(), everyByte, Uint8Array.of(0, 0, 92, 39)),
  sample(
    'json',
    'json',
    ...['{"a":[1,2.5,null,true],"b":{"c":"\\"\\\\ é 🦆 \\n"}}', '[]', '{}', '"text"', '1', 'true'],
    `${'{"a":['.repeat(50)}null${']}'.repeat(50)}`,
    `[${'"é",'.repeat(9999)}0]`,
  ),
]
