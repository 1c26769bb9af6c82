import assert from 'node:assert/strict'
import { DestinationError } from '@dlt/destination'
import type { CaseContext, ConformanceCase } from '../conformance-case.ts'
import { column, sampleSchema } from '../sample-schema.ts'

/** Rows go in and come out of a table and columns of these names. */
const roundTrip = async (context: CaseContext, table: string, names: readonly string[]): Promise<void> => {
  const client = await context.connect()
  const columns = names.map((name) => column(name, 'text'))
  const schema = sampleSchema('sample', { [table]: columns })
  // The first column comes with CREATE TABLE, the others with ALTER TABLE.
  await client.updateSchema(sampleSchema('sample', { [table]: columns.slice(0, 1) }), [table])
  await client.updateSchema(schema, [table])
  const job = await context.file({ tableName: table, columns, rows: [names] })
  await client.load({ loadId: '1', schema, jobs: [job], truncateTables: [] })
  assert.deepEqual(await context.rows(client, table, columns), [names])
}

const reserved = [
  'select',
  'order',
  'table',
  'group',
  'user',
  'from',
  'primary',
  'timestamp',
  'values',
  'rowid',
  'null',
  'true',
]
const odd = [
  'a b',
  'a.b',
  'a"b',
  "a'b",
  'a\\b',
  'a as b',
  'ä ö ü',
  '日本語',
  '🦆',
  '1st',
  '%s',
  '$1',
  '?',
  '{}',
  '/*',
  '--',
  ';',
]
const hostile = ['x"); DROP TABLE items; --', "'); DROP TABLE items; --", 'x"."y', '{{table}}', '$x', ':name', '@name']

const ofLength = (length: number, first: string): string => first + 'x'.repeat(length - first.length)

/** What names of tables and columns promise. */
export const identifierCases: readonly ConformanceCase[] = [
  { name: 'reserved words are names', run: (context) => roundTrip(context, 'select', reserved) },
  { name: 'names keep odd characters', run: (context) => roundTrip(context, 'a "b".c', odd) },
  {
    name: 'names that look like SQL are names',
    run: (context) => roundTrip(context, 'x"; DROP TABLE items; --', hostile),
  },
  {
    name: 'names may be as long as declared',
    run: (context) => {
      const { maxLength, maxColumnLength = maxLength } = context.capabilities.identifiers
      const length = Math.min(maxColumnLength, 1000)
      return roundTrip(context, ofLength(Math.min(maxLength, 1000), 't'), [
        ofLength(length, 'a'),
        ofLength(length, 'b'),
        // A database that cuts names takes these for the same.
        `${ofLength(length - 1, 'c')}1`,
        `${ofLength(length - 1, 'c')}2`,
      ])
    },
  },
  {
    name: 'names may have as many bytes as declared, and longer ones are refused before anything is made',
    unless: ({ identifiers }) => (identifiers.lengthIn === 'bytes' ? undefined : 'names are not counted in bytes'),
    run: async (context) => {
      const { maxLength: maxBytes } = context.capabilities.identifiers
      const ofBytes = (bytes: number, last: string) => `${'é'.repeat(Math.floor((bytes - 1) / 2))}${last}`
      await roundTrip(context, ofBytes(maxBytes, 't'), [ofBytes(maxBytes, 'a'), ofBytes(maxBytes, 'b')])
      const client = await context.connect()
      const long = 'é'.repeat(maxBytes / 2 + 1)
      for (const schema of [
        sampleSchema('other', { [long]: [column('id', 'text')] }),
        sampleSchema('other', { short: [column(long, 'text')] }),
      ]) {
        await assert.rejects(client.updateSchema(schema, [...schema.tables.keys()]), (error) => {
          assert.ok(DestinationError.is(error, 'terminal') && error.message.includes(long), String(error))
          return true
        })
      }
    },
  },
  {
    name: 'names that differ in case are two names',
    unless: ({ identifiers }) => (identifiers.caseSensitive ? undefined : 'identifiers are not case-sensitive'),
    run: (context) => roundTrip(context, 'Items', ['name', 'Name', 'NAME']),
  },
]
