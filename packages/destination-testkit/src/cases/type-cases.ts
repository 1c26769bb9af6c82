import assert from 'node:assert/strict'
import type { ColumnSchema } from '@dlt/schema'
import { type Cell, expectedText } from '../canonical-value.ts'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { type SampleFormat, writtenFormats } from '../rows-file.ts'
import { sampleFormats } from '../run-case.ts'
import { column, sampleSchema } from '../sample-schema.ts'

interface TypeSample {
  readonly title: string
  readonly column: ColumnSchema
  readonly values: readonly Cell[]
  readonly unless?: ConformanceCase['unless']
}

const text: readonly string[] = [
  '',
  ' ',
  'plain',
  `'"\`$$;--`,
  "\\ \\n \\\\ \\x41 \\u0041 E'",
  'line\nfeed, return\r, both\r\n, tab\t',
  'é ß 日本 🦆 \u2028 \u200b \ufeff e\u0301',
  '\u0001\u001f\u007f',
  'NULL',
  "'); DROP TABLE items; --",
  '{"json": [1, "2"]}',
  'x'.repeat(100_000),
]

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)

const samples: readonly TypeSample[] = [
  { title: 'text', column: column('value', 'text'), values: text },
  {
    title: 'bigint',
    column: column('value', 'bigint'),
    values: [0n, -1n, 1n, 9007199254740993n, -9007199254740993n, 9223372036854775807n, -9223372036854775808n],
  },
  {
    title: 'double',
    column: column('value', 'double'),
    values: [0, -1.5, 0.1, 1e22, 123456789.12345679, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 1 / 3],
  },
  { title: 'bool', column: column('value', 'bool'), values: [true, false] },
  {
    title: 'timestamp',
    column: column('value', 'timestamp'),
    values: [
      '1970-01-01T00:00:00+00:00',
      '2024-01-02T03:04:05.000001+00:00',
      '2024-02-29T23:59:59.999999+00:00',
      '1969-12-31T23:59:59.999999+00:00',
      '0001-01-01T00:00:00+00:00',
      '9999-12-31T23:59:59.999999+00:00',
    ],
  },
  {
    title: 'timestamp without time zone',
    column: column('value', 'timestamp', { timezone: false }),
    values: [
      '2024-01-02T03:04:05.000001',
      '1969-12-31T23:59:59.999999',
      '0001-01-01T00:00:00',
      '9999-12-31T23:59:59.999999',
    ],
    unless: ({ types }) => (types.naiveTimestamps ? undefined : 'there are no timestamps without a time zone'),
  },
  { title: 'date', column: column('value', 'date'), values: ['1970-01-01', '2024-02-29', '0001-01-01', '9999-12-31'] },
  { title: 'time', column: column('value', 'time'), values: ['00:00:00', '23:59:59.999999', '12:34:56.000001'] },
  {
    title: 'decimal',
    column: column('value', 'decimal'),
    values: [
      '0',
      '0.000000001',
      '-0.000000001',
      '12345678901234567890123456789.123456789',
      '-99999999999999999999999999999.999999999',
    ],
    unless: ({ types: { decimal } }) =>
      decimal.precision >= 38 && decimal.scale >= 9
        ? undefined
        : 'decimals have fewer digits than 38 with 9 after the point',
  },
  {
    title: 'decimal with a precision',
    column: column('value', 'decimal', { precision: 10, scale: 2 }),
    values: ['0', '12345678.91', '-0.05'],
  },
  { title: 'wei', column: column('value', 'wei'), values: ['0', '1', '-1', '12345678901234567890123456789012345678'] },
  {
    title: 'binary',
    column: column('value', 'binary'),
    values: [new Uint8Array(), everyByte, Uint8Array.of(0, 0, 92, 39)],
  },
  {
    title: 'json',
    column: column('value', 'json'),
    values: ['{"a":[1,2.5,null,true],"b":{"c":"\\"\\\\ é 🦆 \\n"}}', '[]', '{}', '"text"', '1', 'true'],
  },
]

const roundTrip = async (context: CaseContext, sample: TypeSample, format: SampleFormat): Promise<void> => {
  const position = column('position', 'bigint', { nullable: false })
  const columns = [position, sample.column]
  const schema = sampleSchema('sample', { items: columns })
  const rows = [...sample.values, null].map((value, index): readonly Cell[] => [index + 100, value])
  const client = await context.connect()
  await client.updateSchema(schema, ['items'])
  const job = await context.file({ tableName: 'items', columns, rows }, format)
  await client.load({ loadId: '1', schema, jobs: [job], truncateTables: [] })
  const expected = rows.map((row) => columns.map((item, index) => expectedText(item, row[index] ?? null)))
  assert.deepEqual(await context.rows(client, 'items', columns), expected)
}

const reasonNot =
  (sample: TypeSample, format: SampleFormat): NonNullable<ConformanceCase['unless']> =>
  (capabilities, features) => {
    if (!sampleFormats(capabilities).includes(format)) return `the destination reads no "${format}" files`
    const unsupported = capabilities.load.unsupportedTypes?.[format] ?? []
    if (unsupported.some((type) => type === sample.column.data_type))
      return `"${format}" cannot bring ${sample.column.data_type}`
    return sample.unless?.(capabilities, features)
  }

/** What values promise: each comes back as it went in, from every format. */
export const typeCases: readonly ConformanceCase[] = writtenFormats.flatMap((format) =>
  samples.map((sample) => ({
    name: `values of type ${sample.title} come back as they were, from ${format}`,
    unless: reasonNot(sample, format),
    run: (context: CaseContext) => roundTrip(context, sample, format),
  })),
)
