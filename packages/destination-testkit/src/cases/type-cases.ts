import assert from 'node:assert/strict'
import type { FileFormat } from '@dlt/destination'
import { type Cell, expectedText } from '../canonical-value.ts'
import type { CaseContext, ConformanceCase, ConformanceGroup } from '../conformance-case.ts'
import { column, sampleSchema } from '../sample-schema.ts'
import { sampleColumn, type TypeSample, typeSamples } from './type-samples.ts'

const formats: readonly FileFormat[] = ['jsonl', 'insert_values', 'csv', 'tsv', 'parquet']

const roundTrip = async (context: CaseContext, sample: TypeSample, format: FileFormat): Promise<void> => {
  const { capabilities } = context
  const { comesBackAs = (value: Cell) => value } = sample
  const columns = [column('position', 'bigint', { nullable: false }), sampleColumn(sample, capabilities.types)]
  const schema = sampleSchema('sample', { items: columns })
  const values = [...sample.values(capabilities.types), null]
  const numbered = (cells: readonly Cell[]) => cells.map((value, index): readonly Cell[] => [index + 100, value])
  const client = await context.connect()
  await client.updateSchema(schema, ['items'])
  const job = await context.typedFile({ tableName: 'items', columns, rows: numbered(values) }, format)
  await client.load({ loadId: '1', schema, jobs: [job], truncateTables: [] })
  const back = values.map((value) => (value === null ? null : comesBackAs(value, capabilities)))
  const expected = numbered(back).map((row) => columns.map((item, index) => expectedText(item, row[index] ?? null)))
  assert.deepEqual(await context.rows(client, 'items', columns), expected)
}

const reasonNot =
  (sample: TypeSample, format: FileFormat): NonNullable<ConformanceCase['unless']> =>
  (capabilities, features) => {
    if (!capabilities.load.fileFormats.includes(format)) return `the destination reads no "${format}" files`
    const unsupported = capabilities.load.unsupportedTypes?.[format] ?? []
    if (unsupported.includes(sample.type)) return `"${format}" cannot bring ${sample.type}`
    return sample.unless?.(capabilities, features)
  }

const casesOf = (format: FileFormat): readonly ConformanceCase[] =>
  typeSamples.map((sample) => ({
    name: `values of type ${sample.title} come back as they were, from ${format}`,
    unless: reasonNot(sample, format),
    run: (context: CaseContext) => roundTrip(context, sample, format),
  }))

/** What values promise: each comes back as it went in, from every format. */
export const typeGroups: readonly ConformanceGroup[] = formats.map((format) => ({
  title: `values from ${format} files`,
  cases: casesOf(format),
}))
