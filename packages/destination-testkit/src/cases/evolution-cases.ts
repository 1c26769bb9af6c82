import assert from 'node:assert/strict'
import { DestinationError } from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import type { ConformanceCase } from '../conformance-case.ts'
import { openDataset } from '../sample-load.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const id = column('id', 'bigint', { nullable: false })
const texts = (from: number, count: number): readonly ColumnSchema[] =>
  Array.from({ length: count }, (_, index) => column(`column_${from + index}`, 'text'))

/** What is promised of tables that change while they have rows. */
export const evolutionCases: readonly ConformanceCase[] = [
  {
    name: 'columns come in several rounds, and rows from before have nulls in them',
    run: async (context) => {
      const first = sampleSchema('sample', { items: [id] })
      const second = sampleSchema('sample', { items: texts(0, 40) }, first)
      const third = sampleSchema('sample', { items: texts(40, 40) }, second)
      for (const [index, schema] of [first, second, third].entries()) {
        const { load } = await openDataset(context, schema)
        const count = schema.tables.get('items')?.columns.size ?? 0
        const row = [index, ...texts(0, count - 1).map(({ name }) => `${index} ${name}`)]
        assert.equal((await load(String(index), { items: [row] })).recreated, undefined)
      }
      const { rows } = await openDataset(context, third)
      assert.deepEqual(await rows('items', 'id', 'column_0', 'column_39', 'column_40', 'column_79'), [
        ['0', null, null, null, null],
        ['1', '1 column_0', '1 column_39', null, null],
        ['2', '2 column_0', '2 column_39', '2 column_40', '2 column_79'],
      ])
    },
  },
  {
    name: 'a table of three hundred columns keeps each value in its column',
    run: async (context) => {
      const columns = texts(0, 300)
      const { load, rows } = await openDataset(context, sampleSchema('sample', { items: columns }))
      const row = columns.map(({ name }) => `value of ${name}`)
      await load('1', { items: [row] })
      assert.deepEqual(await rows('items', ...columns.map(({ name }) => name)), [row])
    },
  },
  {
    name: 'fifty tables are made at once',
    run: async (context) => {
      const names = Array.from({ length: 50 }, (_, index) => `items_${String(index).padStart(2, '0')}`)
      const schema = sampleSchema('sample', Object.fromEntries(names.map((name) => [name, [id]])))
      const { load, rows } = await openDataset(context, schema)
      await load('1', Object.fromEntries(names.map((name, index) => [name, [[index]]])))
      for (const [index, name] of names.entries()) assert.deepEqual(await rows(name, 'id'), [[String(index)]])
    },
  },
  {
    name: 'a NOT NULL column that is added to a table with rows is refused or nullable, and no row is lost',
    run: async (context) => {
      const before = await openDataset(context, sampleSchema('sample', { items: [column('name', 'text')] }))
      await before.load('1', { items: [['a']] })
      const schema = sampleSchema('sample', { items: [column('name', 'text'), id] })
      const client = await context.connect()
      await client.updateSchema(schema, ['items']).catch((error: unknown) => {
        assert.ok(DestinationError.is(error, 'terminal'), String(error))
        assert.ok(error.message.includes('items'), error.message)
      })
      assert.deepEqual(await before.rows('items', 'name'), [['a']])
    },
  },
  {
    name: 'fractions that come into a column of integers are kept or refused, never rounded',
    run: async (context) => {
      const whole = await openDataset(context, sampleSchema('whole', { items: [column('value', 'bigint')] }))
      await whole.load('1', { items: [[1n]] })
      const value = column('value', 'double')
      const schema = sampleSchema('fractions', { items: [value] })
      const widened = await openDataset(context, schema)
        .then((dataset) => dataset.load('2', { items: [[1.5]] }))
        .then(
          () => true,
          (error: unknown) => {
            assert.ok(DestinationError.is(error, 'terminal'), String(error))
            return false
          },
        )
      assert.deepEqual(await context.rows(whole.client, 'items', [value]), widened ? [['1'], ['1.5']] : [['1']])
      if (context.capabilities.ddl.altersColumnTypes === true) assert.ok(widened, 'types of columns can be altered')
    },
  },
]
