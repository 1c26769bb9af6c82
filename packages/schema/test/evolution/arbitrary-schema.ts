import fc from 'fast-check'
import {
  type ColumnSchema,
  createSchema,
  createTable,
  dataTypes,
  type Schema,
  type TableSchema,
  updateTable,
} from '../../src/index.ts'

/** Names that would be reordered or lost as keys of objects, beside usual ones. */
export const awkwardName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '1',
    '0',
    '10',
    '__proto__',
    'constructor',
    '日本語',
    'a b',
    'x:',
    '- y',
    'true',
    'null',
    '~',
    '😀',
    "it's",
    '#',
    '',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)

const flag = fc.constant(true)

/** Columns with and without a data type, with some hints. */
export function anyColumn(name: fc.Arbitrary<string>): fc.Arbitrary<ColumnSchema> {
  return fc
    .record(
      {
        name,
        data_type: fc.constantFrom(...dataTypes),
        nullable: fc.boolean(),
        precision: fc.integer({ min: 1, max: 100 }),
        description: fc.string({ unit: 'grapheme' }),
        primary_key: flag,
        unique: flag,
        cluster: flag,
        'x-custom': fc.jsonValue({ maxDepth: 2, noUnicodeString: false }),
      },
      { requiredKeys: ['name'] },
    )
    .map((column) => JSON.parse(JSON.stringify(column)))
}

/** Root tables of a given name. */
export function anyTable(name: fc.Arbitrary<string>, columnName: fc.Arbitrary<string>): fc.Arbitrary<TableSchema> {
  const options = fc.record({
    columns: fc.uniqueArray(anyColumn(columnName), { selector: (column) => column.name, maxLength: 5 }),
    writeDisposition: fc.constantFrom('append' as const, 'replace' as const, 'merge' as const),
  })
  return fc.tuple(name, options).map(([table, settings]) => createTable(table, settings))
}

/** Schemas in the `direct` convention, whose names may be anything. */
export const anySchema: fc.Arbitrary<Schema> = fc
  .array(anyTable(awkwardName, awkwardName), { maxLength: 4 })
  .map((tables) =>
    tables.reduce((schema, table) => updateTable(schema, table).schema, createSchema('any', { naming: 'direct' })),
  )
