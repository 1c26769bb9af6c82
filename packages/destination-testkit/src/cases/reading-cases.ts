import assert from 'node:assert/strict'
import {
  type DatasetReader,
  type DestinationClient,
  DestinationError,
  type ReadParameter,
  type ResultBatch,
} from '@dlt/destination'
import { compileSql, type SqlFragment, sql } from '@dlt/destination/sql'
import {
  type ColumnSchema,
  PlainDate,
  PlainTime,
  PreciseDateTime,
  parseIsoDate,
  parseIsoTime,
  parseIsoTimestamp,
} from '@dlt/schema'
import { type Cell, canonicalText, expectedText } from '../canonical-value.ts'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { writtenFormats } from '../rows-file.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const position = column('position', 'bigint', { nullable: false })

const unlessRead: NonNullable<ConformanceCase['unless']> = ({ reading }) =>
  reading === undefined ? 'datasets cannot be read back' : undefined

const readerOf = (client: DestinationClient): DatasetReader => {
  const reader = client.reader?.()
  assert.ok(reader !== undefined, 'capabilities with "reading" need a client with a reader')
  return reader
}

/** What the cases themselves pass. */
const isParameter = (value: unknown): value is ReadParameter => typeof value !== 'undefined'

const query = (reader: DatasetReader, fragment: SqlFragment): AsyncIterable<ResultBatch> => {
  const { sql: text, parameters } = compileSql(reader.compiler, fragment)
  return reader.read({ sql: text, parameters: parameters.filter(isParameter) })
}

/** The text that a value stands for, whatever form the reader has chosen for it. */
const textOf = (schema: ColumnSchema, value: unknown): string | null => {
  if (value === null) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (schema.data_type === 'timestamp' && typeof value === 'bigint') return new PreciseDateTime(value, true).toString()
  if (schema.data_type === 'time' && typeof value === 'bigint') return new PlainTime(value).toString()
  return String(value)
}

interface ReadRows {
  readonly names: readonly string[]
  readonly types: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

const readRows = async (reader: DatasetReader, fragment: SqlFragment): Promise<ReadRows> => {
  const rows: unknown[][] = []
  let names: readonly string[] | undefined
  let types: readonly string[] = []
  for await (const { rowCount, columns } of query(reader, fragment)) {
    names = columns.map((one) => one.column.name)
    types = columns.map((one) => one.column.data_type)
    for (const { values } of columns) assert.equal(values.length, rowCount, 'a column has as many values as rows')
    for (let row = 0; row < rowCount; row++) rows.push(columns.map(({ values }) => values[row]))
  }
  assert.ok(names !== undefined, 'a result has a batch, also without rows')
  return { names, types, rows }
}

const load = async (
  context: CaseContext,
  columns: readonly ColumnSchema[],
  rows: readonly (readonly Cell[])[],
  table = 'items',
): Promise<DestinationClient> => {
  const client = await context.connect()
  const schema = sampleSchema('sample', { [table]: columns })
  await client.updateSchema(schema, [table])
  const job = await context.file({ tableName: table, columns, rows })
  await client.load({ loadId: '1', schema, jobs: [job], truncateTables: [] })
  return client
}

interface ReadSample {
  readonly title: string
  readonly column: ColumnSchema
  readonly values: readonly Cell[]
  /** The value as a parameter of a query. */
  readonly parameter: (value: Cell) => ReadParameter
  readonly unless?: ConformanceCase['unless']
}

const itself = (value: Cell): ReadParameter => value
const required = <Value>(value: Value | undefined): Value => {
  assert.ok(value !== undefined)
  return value
}

const samples: readonly ReadSample[] = [
  { title: 'text', column: column('value', 'text'), values: ['', "'); --", 'é 🦆', 'a\\b\n'], parameter: itself },
  {
    title: 'bigint',
    column: column('value', 'bigint'),
    values: [0n, -5n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n],
    parameter: itself,
  },
  { title: 'double', column: column('value', 'double'), values: [0, -1.5, 0.1, 1e22, 5e-324], parameter: itself },
  { title: 'bool', column: column('value', 'bool'), values: [true, false], parameter: itself },
  {
    title: 'timestamp',
    column: column('value', 'timestamp'),
    values: [
      '2024-01-02T03:04:05.000001+00:00',
      '1969-12-31T23:59:59.999999+00:00',
      '9999-12-31T23:59:59.999999+00:00',
    ],
    parameter: (value) => new PreciseDateTime(required(parseIsoTimestamp(String(value))), true),
  },
  {
    title: 'timestamp without time zone',
    column: column('value', 'timestamp', { timezone: false }),
    values: ['2024-01-02T03:04:05.000001', '1969-12-31T23:59:59.999999'],
    parameter: (value) => new PreciseDateTime(required(parseIsoTimestamp(`${value}+00:00`)), false),
    unless: ({ types }) => (types.naiveTimestamps ? undefined : 'there are no timestamps without a time zone'),
  },
  {
    title: 'date',
    column: column('value', 'date'),
    values: ['1970-01-01', '2024-02-29', '0001-01-01', '9999-12-31'],
    parameter: (value) => new PlainDate(required(parseIsoDate(String(value)))),
  },
  {
    title: 'time',
    column: column('value', 'time'),
    values: ['00:00:00', '23:59:59.999999'],
    parameter: (value) => new PlainTime(required(parseIsoTime(String(value)))),
  },
  {
    title: 'decimal',
    column: column('value', 'decimal', { precision: 10, scale: 2 }),
    values: ['0', '12345678.91', '-0.05'],
    parameter: (value) => new SampleDecimal(String(value)),
  },
  {
    title: 'binary',
    column: column('value', 'binary'),
    values: [new Uint8Array(), Uint8Array.of(0, 0, 92, 39, 255)],
    parameter: itself,
  },
  { title: 'json', column: column('value', 'json'), values: ['{"a":[1,2.5,null]}', '"text"'], parameter: itself },
]

/** What a decimal of decimal.js shows of itself. */
class SampleDecimal {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toFixed(): string {
    return this.#text
  }

  toString(): string {
    return this.#text
  }
}

const comesBack = async (context: CaseContext, sample: ReadSample): Promise<void> => {
  const rows = [...sample.values, null].map((value, index): readonly Cell[] => [index, value])
  const client = await load(context, [position, sample.column], rows)
  const read = await readRows(
    readerOf(client),
    sql`SELECT ${sql.id('position')}, ${sql.id('value')} FROM ${sql.id(client.datasetName, 'items')} ORDER BY ${sql.id('position')}`,
  )
  assert.deepEqual(read.names, ['position', 'value'])
  assert.deepEqual(read.types, ['bigint', sample.column.data_type])
  assert.deepEqual(
    read.rows.map(([, value]) => canonicalText(sample.column, textOf(sample.column, value))),
    rows.map(([, value]) => expectedText(sample.column, value ?? null)),
  )
}

const isFound = async (context: CaseContext, sample: ReadSample): Promise<void> => {
  const rows = sample.values.map((value, index): readonly Cell[] => [index, value])
  const client = await load(context, [position, sample.column], rows)
  for (const [index, value] of sample.values.entries()) {
    const read = await readRows(
      readerOf(client),
      sql`SELECT ${sql.id('position')} FROM ${sql.id(client.datasetName, 'items')} WHERE ${sql.id('value')} = ${sample.parameter(value)}`,
    )
    assert.deepEqual(
      read.rows.map(([found]) => Number(found)),
      [index],
    )
  }
}

const manyRows = 20_000

const loadMany = (context: CaseContext): Promise<DestinationClient> =>
  load(
    context,
    [position],
    Array.from({ length: manyRows }, (_, index) => [index]),
  )

/** A type that a sample's format cannot bring is no matter of reading. */
const withoutFormat =
  ({ column: { data_type: type }, unless }: ReadSample): NonNullable<ConformanceCase['unless']> =>
  (capabilities, features) => {
    const [format = 'jsonl'] = writtenFormats.filter((one) => capabilities.load.fileFormats.includes(one))
    if (type !== undefined && capabilities.load.unsupportedTypes?.[format]?.includes(type) === true)
      return `"${format}" cannot bring ${type}`
    return unlessRead(capabilities, features) ?? unless?.(capabilities, features)
  }

const refused = (kind: DestinationError['kind']) => (error: unknown) => {
  assert.ok(DestinationError.is(error, kind), String(error))
  return true
}

const odd = ['a b', 'a.b', 'a"b', "a'b", 'a\\b', 'select', 'x"); DROP TABLE items; --', '🦆', '$1', '?', '%s']

/** What reading a dataset back promises. */
export const readingCases: readonly ConformanceCase[] = [
  ...samples.map((sample) => ({
    name: `reading: values of type ${sample.title} come back as they were`,
    unless: withoutFormat(sample),
    run: (context: CaseContext) => comesBack(context, sample),
  })),
  ...samples
    .filter(({ title }) => title !== 'json')
    .map((sample) => ({
      name: `reading: rows are found by a parameter of type ${sample.title}`,
      unless: withoutFormat(sample),
      run: (context: CaseContext) => isFound(context, sample),
    })),
  {
    name: 'reading: names keep odd characters',
    unless: unlessRead,
    run: async (context) => {
      const columns = odd.map((name) => column(name, 'text'))
      const client = await load(context, columns, [odd], 'a "b".c')
      const list = sql.join(odd.map((name) => sql.id(name)))
      const read = await readRows(readerOf(client), sql`SELECT ${list} FROM ${sql.id(client.datasetName, 'a "b".c')}`)
      assert.deepEqual(read.names, odd)
      assert.deepEqual(read.rows, [odd])
    },
  },
  {
    name: 'reading: many rows come in batches',
    unless: unlessRead,
    run: async (context) => {
      const client = await loadMany(context)
      let batches = 0
      let sum = 0
      for await (const { columns } of query(
        readerOf(client),
        sql`SELECT * FROM ${sql.id(client.datasetName, 'items')}`,
      )) {
        batches += 1
        for (const value of columns[0]?.values ?? []) sum += Number(value)
      }
      assert.equal(sum, (manyRows * (manyRows - 1)) / 2)
      assert.ok(batches > 1, `${manyRows} rows came in one batch; a reader hands out some thousand at a time`)
    },
  },
  {
    name: 'reading: who stops early can read on, and the dataset can be loaded into',
    unless: unlessRead,
    run: async (context) => {
      const client = await loadMany(context)
      const everything = sql`SELECT * FROM ${sql.id(client.datasetName, 'items')}`
      for await (const { rowCount } of query(readerOf(client), everything)) {
        assert.ok(rowCount > 0)
        break
      }
      const counted = await readRows(
        readerOf(client),
        sql`SELECT count(*) AS rows FROM ${sql.id(client.datasetName, 'items')}`,
      )
      assert.equal(Number(counted.rows[0]?.[0]), manyRows)
      await client[Symbol.asyncDispose]()
      const next = await context.connect()
      const schema = sampleSchema('sample', { items: [position] })
      const job = await context.file({ tableName: 'items', columns: [position], rows: [[-1]] })
      const { status } = await next.load({ loadId: '2', schema, jobs: [job], truncateTables: [] })
      assert.equal(status, 'loaded')
    },
  },
  {
    name: 'reading: a result without rows has its columns',
    unless: unlessRead,
    run: async (context) => {
      const client = await load(context, [position], [[1]])
      const read = await readRows(
        readerOf(client),
        sql`SELECT * FROM ${sql.id(client.datasetName, 'items')} WHERE ${sql.id('position')} < 0`,
      )
      assert.deepEqual(read, { names: ['position'], types: ['bigint'], rows: [] })
    },
  },
  {
    name: 'reading: nothing can be changed',
    unless: unlessRead,
    run: async (context) => {
      const client = await load(context, [position], [[1]])
      const items = sql.id(client.datasetName, 'items')
      const changes = [
        sql`INSERT INTO ${items} (${sql.id('position')}) VALUES (2)`,
        sql`DELETE FROM ${items}`,
        sql`DROP TABLE ${items}`,
        sql`CREATE TABLE ${sql.id(client.datasetName, 'others')} (a INTEGER)`,
      ]
      for (const change of changes) await assert.rejects(readRows(readerOf(client), change), refused('terminal'))
      assert.deepEqual(await context.rows(client, 'items', [position]), [['1']])
    },
  },
  {
    name: 'reading: what is not there is an undefined entity, and is not created',
    unless: unlessRead,
    run: async (context) => {
      const { destination } = context
      const open = async (): Promise<void> => {
        await using client = await destination.connect({ ...context.context, readOnly: true })
        assert.equal(await client.hasDataset(), false)
        await readRows(readerOf(client), sql`SELECT * FROM ${sql.id(client.datasetName, 'items')}`)
      }
      await assert.rejects(open(), refused('undefined-entity'))
      // The first one may have made something; the second one finds it.
      await assert.rejects(open(), refused('undefined-entity'))
    },
  },
]
