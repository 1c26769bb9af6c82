import { createSchema } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

const pieces = [
  '"',
  "'",
  ';',
  '--',
  '/*',
  '.',
  ' as ',
  ' desc',
  '%2E',
  '%',
  '\\',
  '$1',
  '?',
  ' ',
  'DROP TABLE',
  'a',
  'B',
  'é',
  '🦆',
  '(',
  ')',
  '0',
  '\n',
  '*',
  '__',
]

/** Names that begin with a letter of their own, so that no two of them are one. */
const nameArbitrary = (first: string) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => `${first}${parts.join('')}`)

const text = fc.array(fc.constantFrom(...pieces, '\0', '_'), { maxLength: 8 }).map((parts) => parts.join(''))

const sample = fc.record({
  dataset: nameArbitrary('d'),
  table: nameArbitrary('t'),
  key: nameArbitrary('k'),
  other: nameArbitrary('o'),
  list: nameArbitrary('l'),
  prefix: nameArbitrary('p'),
  values: fc.uniqueArray(text, { minLength: 1, maxLength: 6 }),
})

test('names and values that look like SQL are names and values, in every position', { timeout: 300_000 }, async () => {
  using shop = new DuckDbShop()
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  let runs = 0
  const property = fc.asyncProperty(
    sample,
    async ({ dataset: datasetName, table, key, other, list, prefix, values }) => {
      runs += 1
      const pipeline = shop.pipeline({
        workingDir: `${shop.workingDir}${runs}`,
        destination: duckdb({ credentials: connection, normalizeDatasetName: false }),
        datasetName: `${datasetName}${runs}`,
        devMode: false,
      })
      const rows = values.map((value, position) => ({ [key]: value, [other]: position, [list]: [value] }))
      await pipeline.run(rows, { tableName: table, schema: createSchema('hostile', { naming: 'direct' }) })
      const dataset = pipeline.dataset()
      const [root = '', nested = ''] = await dataset.tables()
      const columns = (await dataset.table(root).columns()).map(({ name }) => name)
      const keyColumn = columns.find((name) => name.startsWith('k')) ?? ''
      const otherColumn = columns.find((name) => name.startsWith('o')) ?? ''
      expect(await dataset.rowCounts()).toEqual({ [root]: values.length, [nested]: values.length })
      for (const [position, value] of values.entries()) {
        const found = dataset.table(root).where(keyColumn, '=', value).select(otherColumn, keyColumn).orderBy(keyColumn)
        expect(await found.rows()).toEqual([{ [otherColumn]: position, [keyColumn]: value }])
      }
      expect(await dataset.table(root).where(keyColumn, 'in', values).max(otherColumn)).toBe(values.length - 1)
      const joined = dataset
        .table(root)
        .join(nested, { as: prefix, kind: 'left' })
        .where(`${prefix}__value`, 'in', values)
      expect(await joined.orderBy(`${prefix}__value`, 'desc').count()).toBe(values.length)
      expect(
        await dataset
          .table(nested)
          .ofLoads(...values, (await dataset.latestLoadId()) ?? '')
          .committedOnly()
          .count(),
      ).toBe(values.length)
      for (const name of [`${root}"`, `${root}; DROP TABLE x`])
        await expect(dataset.table(name).rows()).rejects.toThrow('has no table')
      await using db = await dataset.kysely<Record<string, Record<string, unknown>>>()
      const { spellKyselyName } = await import('@dlt/destination/sql')
      const spelled = await db
        .selectFrom(spellKyselyName(root))
        .select([spellKyselyName(keyColumn), spellKyselyName(otherColumn)])
        .orderBy(spellKyselyName(otherColumn), 'desc')
        .where(spellKyselyName(keyColumn), 'in', values)
        .execute()
      expect(spelled.map((row) => row[spellKyselyName(keyColumn)])).toEqual([...values].reverse())
    },
  )
  try {
    await fc.assert(property, { numRuns: 12, endOnFailure: true })
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
})
